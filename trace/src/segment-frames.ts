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
/** Bytes before the payload of each record. */
export const RECORD_HEAD = 8;
/** Where the first record begins. */
export const FIRST_RECORD: number = MAGIC.length;

/** The first bytes of every trace file. */
export function fileHeader(): Uint8Array {
  return new Uint8Array(MAGIC);
}

/** An encoded segment as a record to append to a trace file. */
export function frameSegment(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(recordSizeOf(bytes));
  putRecord(framed, 0, bytes);
  return framed;
}

/** What an encoded segment takes as a record. */
export function recordSizeOf(bytes: Uint8Array): number {
  return RECORD_HEAD + 1 + bytes.length;
}

/** Writes an encoded segment as a record into `target`, which has room for it. Returns where it ends. */
export function putRecord(target: Uint8Array, at: number, bytes: Uint8Array): number {
  const payload = at + RECORD_HEAD;
  const end = at + recordSizeOf(bytes);
  target[payload] = RecordKind.SEGMENT;
  target.set(bytes, payload + 1);
  putUint32(target, at, end - payload);
  putUint32(target, at + 4, crc32(target, payload, end));
  return end;
}

function putUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
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
  const wrong = MAGIC.findIndex((byte, i) => i < file.length && file[i] !== byte);
  if (wrong >= 0) throw new TraceFormatError('NOT_A_TRACE_FILE', wrong, 'this is not a CaptureFlow trace file');
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
  if (start + RECORD_HEAD > file.length) throw truncated(start);
  const to = start + recordSize(file.subarray(start, start + RECORD_HEAD), start, file.length - start);
  if (crc32(file, start + RECORD_HEAD, to) !== view.getUint32(start + 4, true)) throw badChecksum(start);
  if (file[start + RECORD_HEAD] === RecordKind.SEGMENT) take(start + RECORD_HEAD + 1, to);
  return to;
}

/**
 * How many bytes the record takes that begins with `head` (`RECORD_HEAD` bytes, at `offset`) of which `left` bytes are there. For readers that hold one
 * record at a time. @throws {TraceFormatError}
 */
export function recordSize(head: Uint8Array, offset: number, left: number): number {
  const length = new DataView(head.buffer, head.byteOffset, head.length).getUint32(0, true);
  if (length > left - RECORD_HEAD) throw truncated(offset);
  if (length === 0) throw new TraceFormatError('BAD_VALUE', offset, 'an empty record');
  return RECORD_HEAD + length;
}

/** The encoded segment in a whole record, a view on it; undefined for a record of another kind. @throws {TraceFormatError} */
export function segmentInRecord(record: Uint8Array, offset: number): Uint8Array | undefined {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  if (crc32(record, RECORD_HEAD) !== view.getUint32(4, true)) throw badChecksum(offset);
  return record[RECORD_HEAD] === RecordKind.SEGMENT ? record.subarray(RECORD_HEAD + 1) : undefined;
}

/** Whether a file with these first bytes is a trace file; one that ends inside the magic bytes is a trace file cut short. */
export function beginsAsTraceFile(bytes: Uint8Array): boolean {
  return bytes.length > 0 && MAGIC.every((byte, i) => i >= bytes.length || bytes[i] === byte);
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

function badChecksum(offset: number): TraceFormatError {
  return new TraceFormatError('BAD_CHECKSUM', offset, 'the checksum of a record does not fit');
}
