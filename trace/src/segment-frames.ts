/**
 * The trace file: `fileHeader()`, then any number of framed segments, only ever appended. A crash can leave half a record at the end;
 * everything before it stays readable. Pure bytes in and out: who owns a file does the input and output.
 *
 * A record: its length and its CRC-32 (4 bytes each, little-endian, both over what follows), one byte `RecordKind`, the payload.
 */
import { crc32 } from './crc32.ts';
import { decodeSegment } from './decode-segment.ts';
import type { Segment } from './segment.ts';
import { TraceFormatError } from './trace-format-error.ts';

/** Readers skip records of a kind they do not know. */
const RecordKind = { SEGMENT: 1 } as const;

/** `CFT1`, then bytes that a transfer in text mode would change. */
const MAGIC: readonly number[] = [0x43, 0x46, 0x54, 0x31, 0x0d, 0x0a, 0x1a, 0x0a];
const RECORD_HEAD = 8;

/** The first bytes of every trace file. */
export function fileHeader(): Uint8Array {
  return new Uint8Array(MAGIC);
}

/** An encoded segment as a record to append to a trace file. */
export function frameSegment(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(RECORD_HEAD + 1 + bytes.length);
  framed[RECORD_HEAD] = RecordKind.SEGMENT;
  framed.set(bytes, RECORD_HEAD + 1);
  const view = new DataView(framed.buffer);
  view.setUint32(0, bytes.length + 1, true);
  view.setUint32(4, crc32(framed, RECORD_HEAD), true);
  return framed;
}

export interface SegmentFile {
  readonly segments: readonly Segment[];
  /** Every byte belongs to a whole record that could be read. */
  readonly intact: boolean;
  /** Bytes up to the end of the last whole record; what follows is not looked at. */
  readonly readBytes: number;
  /** Why reading ended early; absent when `intact`. */
  readonly problem?: TraceFormatError;
}

/**
 * Reads a trace file up to its last whole record. Throws `TraceFormatError` with code NOT_A_TRACE_FILE when it does not begin as one;
 * any damage behind that is reported in the result. A file that ends inside the magic bytes is a file cut short.
 */
export function readSegments(file: Uint8Array): SegmentFile {
  for (let i = 0; i < MAGIC.length && i < file.length; i++) {
    if (file[i] !== MAGIC[i]) throw new TraceFormatError('NOT_A_TRACE_FILE', i, 'this is not a CaptureFlow trace file');
  }
  const segments: Segment[] = [];
  if (file.length < MAGIC.length) return { segments, intact: false, readBytes: 0, problem: truncated(file.length) };
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let at = MAGIC.length;
  while (at < file.length) {
    try {
      at = readRecord(file, view, at, (from, to) => segments.push(decodeRecord(file, from, to)));
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      return { segments, intact: false, readBytes: at, problem: error };
    }
  }
  return { segments, intact: true, readBytes: at };
}

/** The encoded segments of a trace file up to its last whole record, as views on `file`. Does not look into them. */
export function readFrames(file: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  if (MAGIC.some((byte, i) => file[i] !== byte)) return frames;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  try {
    for (let at = MAGIC.length; at < file.length; ) at = readRecord(file, view, at, (from, to) => frames.push(file.subarray(from, to)));
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
  }
  return frames;
}

/** Hands the payload of a segment's record to `take`. Returns where the next record begins. */
function readRecord(file: Uint8Array, view: DataView, start: number, take: (from: number, to: number) => void): number {
  const from = start + RECORD_HEAD;
  if (from > file.length) throw truncated(start);
  const length = view.getUint32(start, true);
  if (length > file.length - from) throw truncated(start);
  if (length === 0) throw new TraceFormatError('BAD_VALUE', start, 'an empty record');
  const to = from + length;
  if (crc32(file, from, to) !== view.getUint32(start + 4, true)) {
    throw new TraceFormatError('BAD_CHECKSUM', start, 'the checksum of a record does not fit');
  }
  if (file[from] === RecordKind.SEGMENT) take(from + 1, to);
  return to;
}

function decodeRecord(file: Uint8Array, from: number, to: number): Segment {
  try {
    return decodeSegment(file.subarray(from, to));
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    throw new TraceFormatError(error.code, from + error.offset, error.reason);
  }
}

function truncated(offset: number): TraceFormatError {
  return new TraceFormatError('TRUNCATED', offset, 'the file ends inside a record');
}
