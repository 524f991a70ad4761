/** Bytes back to a segment; the layout stands in `encode-segment.ts`. */
import { ByteReader } from './byte-reader.ts';
import { checkSegmentHeader } from './check-segment-header.ts';
import { RefKind } from './encode-segment.ts';
import type { Segment, SegmentHeader } from './segment.ts';
import { TraceFormatError } from './trace-format-error.ts';
import { WIRE_VERSION } from './wire.ts';
import type { ChunkColumns } from './wire.ts';

/** The header alone. @throws {TraceFormatError} */
export function decodeHeader(bytes: Uint8Array): SegmentHeader {
  return readHeader(new ByteReader(bytes));
}

/**
 * Decodes what `encodeSegment` wrote. The columns are copies and exactly as long as they are used; symbols are new symbols with the same
 * description. Throws `TraceFormatError` and nothing else; what the events say is not checked here (`buildTrace` survives anything).
 */
export function decodeSegment(bytes: Uint8Array): Segment {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  const chunks: ChunkColumns[] = [];
  const table: unknown[] = [];
  for (let left = reader.count(3); left > 0; left--) {
    const opsLength = reader.count(1);
    const numsLength = reader.count(8);
    const refsLength = reader.count(1);
    const ops = reader.words(opsLength);
    const nums = reader.doubles(numsLength);
    const refs = readRefs(reader, refsLength, table);
    chunks.push({ ops, nums, refs, opsLength, numsLength, refsLength });
  }
  if (reader.at !== reader.end) throw new TraceFormatError('BAD_VALUE', reader.at, 'bytes follow the last chunk');
  return { header, chunks };
}

function readHeader(reader: ByteReader): SegmentHeader {
  const head = reader.varint();
  const start = reader.at;
  const text = reader.utf8(head >>> 2);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new TraceFormatError('BAD_HEADER', start, 'the header is not JSON');
  }
  const version = (header as { v?: unknown } | null)?.v;
  if (version !== WIRE_VERSION) {
    const code = typeof version === 'number' && version > WIRE_VERSION ? 'UNSUPPORTED_VERSION' : 'BAD_HEADER';
    throw new TraceFormatError(code, start, `the segment has version ${String(version)}, this reader knows ${WIRE_VERSION}`);
  }
  const problem = checkSegmentHeader(header);
  if (problem !== undefined) throw new TraceFormatError('BAD_HEADER', start, `the header needs ${problem}`);
  return header as SegmentHeader;
}

function readRefs(reader: ByteReader, count: number, table: unknown[]): unknown[] {
  const refs: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const start = reader.at;
    const index = reader.varint();
    if (index > table.length) throw new TraceFormatError('BAD_VALUE', start, `ref ${index} of ${table.length}`);
    if (index === table.length) table.push(readRef(reader));
    refs.push(table[index]);
  }
  return refs;
}

function readRef(reader: ByteReader): unknown {
  const start = reader.at;
  const head = reader.varint();
  const size = head >>> 2;
  const kind = head & 3;
  if (kind === RefKind.UTF16) return reader.utf16(size);
  const text = reader.utf8(size);
  if (kind === RefKind.SYMBOL) return Symbol(text);
  return kind === RefKind.BIGINT ? readBigint(text, start) : text;
}

function readBigint(text: string, start: number): bigint {
  const digits = text.startsWith('-') ? text.slice(1) : text;
  if (!/^[0-9a-f]+$/.test(digits)) throw new TraceFormatError('BAD_VALUE', start, 'a bigint is not hexadecimal');
  try {
    const magnitude = BigInt(`0x${digits}`);
    return digits === text ? magnitude : -magnitude;
  } catch {
    throw new TraceFormatError('BAD_VALUE', start, 'a bigint is too large');
  }
}
