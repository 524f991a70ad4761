/**
 * A trace file (`.cft`) by the places of its records: one record is in memory at a time, so that a file may be larger than that. Goes on from
 * where it stopped, for files that grow. Decodes nothing.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { beginsAsTraceFile, FIRST_RECORD, RECORD_HEAD, recordSize, segmentInRecord, TraceFormatError } from '@captureflow/trace';

export interface SegmentPlace {
  /** Of the record in its file. */
  readonly offset: number;
  readonly length: number;
}

export interface SegmentScan {
  /** Where to go on from when the file has grown: the end of the last whole record. */
  readonly readBytes: number;
  readonly fileBytes: number;
  /** Why reading stopped before the file's end. `TRUNCATED` may only mean that somebody is writing. */
  readonly problem?: TraceFormatError;
}

/** No recorder makes larger ones; a damaged length must not claim all memory. */
const LARGEST_RECORD = 512 * 1024 * 1024;
/** Read ahead: records of small traces are a few hundred bytes. */
const WINDOW = 1024 * 1024;

/**
 * Hands bytes (valid until it returns) and place of every segment from byte `from` on to `take`. Where that throws a `TraceFormatError`, or the checksum of a record does not fit though a sound one follows, the segment is
 * damaged: this is handed on, with its place in the file, and reading goes on behind it; anything else that it throws ends the scan. @throws errors of the file system
 */
export function scanSegments(
  path: string,
  from: number,
  take: (segment: Uint8Array, place: SegmentPlace) => void,
  damaged: (problem: TraceFormatError) => void = () => {},
  onProgress: (readBytes: number, fileBytes: number) => void = () => {},
): SegmentScan {
  const file = new FileWindow(path);
  const { size } = file;
  let at = Math.max(from, FIRST_RECORD);
  try {
    if (from < FIRST_RECORD) {
      const first = file.bytes(0, Math.min(size, FIRST_RECORD));
      if (size > 0 && !beginsAsTraceFile(first)) return stopped(0, size, 'NOT_A_TRACE_FILE', 0, 'this is not a CaptureFlow trace file');
      // What a program leaves that was killed at once.
      if (size < FIRST_RECORD) return stopped(0, size, 'TRUNCATED', size, 'the file ends inside its first bytes');
    }
    while (at < size) {
      if (at + RECORD_HEAD > size) return stopped(at, size, 'TRUNCATED', at, 'the file ends inside a record');
      const length = recordSize(file.bytes(at, RECORD_HEAD), at, size - at);
      if (length > LARGEST_RECORD) return stopped(at, size, 'BAD_VALUE', at, 'a record claims more than 512 MiB');
      try {
        const segment = segmentInRecord(file.bytes(at, length), at);
        if (segment !== undefined) handOn(segment, { offset: at, length }, take, damaged);
      } catch (error) {
        if (!(error instanceof TraceFormatError) || error.code !== 'BAD_CHECKSUM' || !isRecord(file, at + length)) throw error;
        // Its length leads to a sound record, so bytes inside this one were changed, and what follows is as it was.
        damaged(error);
      }
      at += length;
      onProgress(at, size);
    }
    return { readBytes: at, fileBytes: size };
  } catch (error) {
    if (error instanceof TraceFormatError) return { readBytes: at, fileBytes: size, problem: error };
    throw error;
  } finally {
    file.close();
  }
}

/** The encoded segments at `places`, in their order. @throws {TraceFormatError} when the file is no longer what it was */
export function readSegmentsAt(path: string, places: readonly SegmentPlace[]): Uint8Array[] {
  const file = new FileWindow(path);
  try {
    return places.map(({ offset, length }) => {
      const segment = offset + length <= file.size ? segmentInRecord(new Uint8Array(file.bytes(offset, length)), offset) : undefined;
      if (segment === undefined) throw new TraceFormatError('TRUNCATED', offset, 'the record is no longer there');
      return segment;
    });
  } finally {
    file.close();
  }
}

/** Whether a whole record with the right checksum stands there. */
function isRecord(file: FileWindow, at: number): boolean {
  if (at + RECORD_HEAD > file.size) return false;
  try {
    const length = recordSize(file.bytes(at, RECORD_HEAD), at, file.size - at);
    if (length > LARGEST_RECORD) return false;
    segmentInRecord(file.bytes(at, length), at);
    return true;
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return false;
  }
}

function handOn(
  segment: Uint8Array,
  place: SegmentPlace,
  take: (segment: Uint8Array, place: SegmentPlace) => void,
  damaged: (problem: TraceFormatError) => void,
): void {
  try {
    take(segment, place);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    damaged(new TraceFormatError(error.code, place.offset + RECORD_HEAD + 1 + error.offset, error.reason));
  }
}

function stopped(readBytes: number, fileBytes: number, code: TraceFormatError['code'], offset: number, reason: string): SegmentScan {
  return { readBytes, fileBytes, problem: new TraceFormatError(code, offset, reason) };
}

/** Bytes of a file by offset, in one buffer that is used again. */
class FileWindow {
  readonly size: number;
  private readonly handle: number;
  private buffer: Buffer = Buffer.allocUnsafe(WINDOW);
  private from = 0;
  private filled = 0;

  constructor(path: string) {
    this.handle = openSync(path, 'r');
    this.size = fstatSync(this.handle).size;
  }

  /** Valid until the next call. Fewer than asked for where the file has shrunk meanwhile. */
  bytes(offset: number, length: number): Uint8Array {
    if (offset < this.from || offset + length > this.from + this.filled) {
      if (length > this.buffer.length) this.buffer = Buffer.allocUnsafe(length);
      this.from = offset;
      this.filled = 0;
      for (let read = -1; read !== 0 && this.filled < length; this.filled += read)
        read = readSync(this.handle, this.buffer, this.filled, this.buffer.length - this.filled, offset + this.filled);
      if (this.filled < length) throw new TraceFormatError('TRUNCATED', offset + this.filled, 'the file became shorter while it was read');
    }
    return this.buffer.subarray(offset - this.from, offset - this.from + length);
  }

  close(): void {
    closeSync(this.handle);
  }
}
