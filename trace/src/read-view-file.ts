/**
 * Reads the page's data file. Columns are views of the given bytes where these are aligned. Believes no number: a parent that is not
 * before its child becomes the root, an unknown function the first, a start that is no time 0, and each is counted; what cannot be read at all throws.
 */
import { countOf, listOf, oneOf, textOf, unpackNamed, unpackNumber, unpackValue } from './detail-json.ts';
import { createUnknownFunction } from './function-table.ts';
import type { ElidedCalls, FunctionInfo, LineEvent, Outcome, Suspension } from './model.ts';
import { SUSPENSION_KINDS, VIEW_VERSION } from './trace-columns.ts';
import type { SpanDetails, SuspensionColumns, TraceColumns, ViewFile, ViewHeader } from './trace-columns.ts';
import { TraceFormatError } from './trace-format-error.ts';
import { align, BYTE_ORDER, HEAD_PREFIX, VIEW_MAGIC } from './write-view-file.ts';

/** Bytes of a head, or of a whole file. Throws `TraceFormatError` with the offset at which it makes no sense. */
export function readViewHead(bytes: Uint8Array): ViewFile {
  const jsonLength = checkPrefix(bytes);
  const { spans, suspensions, blocks, ...rest } = readHeaderJson(bytes, jsonLength);
  const reader = new ColumnReader(bytes, HEAD_PREFIX + align(jsonLength));
  const lengths = reader.words(countIn(blocks));
  const count = countIn(spans);
  const columns: TraceColumns = {
    count,
    start: reader.doubles(count),
    end: reader.doubles(count),
    parent: reader.words(count),
    functionIndex: new Uint32Array(count),
    flags: new Uint16Array(0),
  };
  const functionIndex = reader.words(count);
  const flags = reader.halves(count);
  const suspensionCount = countIn(suspensions);
  const suspended: SuspensionColumns = {
    count: suspensionCount,
    from: reader.doubles(suspensionCount),
    to: reader.doubles(suspensionCount),
    span: asUnsigned(reader.words(suspensionCount)),
    kind: reader.octets(suspensionCount),
  };
  let offset = reader.at;
  const places = [...asUnsigned(lengths)].map((length) => {
    const place = { offset, length };
    offset += length;
    return place;
  });
  const header = toHeader(rest, places, count);
  const whole: TraceColumns = { ...columns, functionIndex: asUnsigned(functionIndex), flags };
  const repaired = repair(whole, suspended, header.functions.length);
  const complete = places.length > 0 && offset <= bytes.length && places.every(({ length }) => length > 0);
  return { header, columns: whole, suspensions: suspended, repaired, ...(complete ? { bytes } : {}) };
}

/** The details of a block's spans, in their order. `block`: UTF-8 JSON, decompressed; `functions`: of the header. Throws `TraceFormatError`. */
export function readDetails(block: Uint8Array, functions: readonly FunctionInfo[]): SpanDetails[] {
  let rows: unknown;
  try {
    rows = JSON.parse(new TextDecoder().decode(block));
  } catch {
    throw new TraceFormatError('BAD_VALUE', 0, 'a block of details is not JSON');
  }
  return listOf(rows).map((row) => readRow(listOf(row), functions));
}

function readRow(row: readonly unknown[], functions: readonly FunctionInfo[]): SpanDetails {
  const [spanId, timeError, args, outcome, locals, lines, suspensions, annotations, elided] = row;
  return {
    spanId: textOf(spanId),
    timeError: unpackNumber(timeError),
    args: unpackNamed(args),
    outcome: readOutcome(listOf(outcome)),
    ...(Array.isArray(locals) ? { locals: unpackNamed(locals) } : {}),
    lines: listOf(lines).map(readLine),
    suspensions: listOf(suspensions).map(readSuspension),
    annotations: listOf(annotations).map((value) => unpackValue(value)),
    elided: readElided(elided, functions),
  };
}

function readOutcome(packed: readonly unknown[]): Outcome {
  const [kind, number, value] = packed;
  const has = packed.length > 2;
  switch (kind) {
    case 'returned':
      return {
        kind,
        ...(has ? { value: unpackValue(value) } : {}),
        ...(typeof number === 'number' ? { line: number } : {}),
      };
    case 'threw':
      return { kind, errorId: countOf(number), ...(has ? { error: unpackValue(value) } : {}) };
    default:
      return { kind: kind === 'closed' ? 'closed' : 'open' };
  }
}

function readLine(packed: unknown): LineEvent {
  const [line, time, changed] = listOf(packed);
  return { line: countOf(line), time: unpackNumber(time), changed: unpackNamed(changed) };
}

function readSuspension(packed: unknown): Suspension {
  const [kind, from, to] = listOf(packed);
  return {
    kind: oneOf(SUSPENSION_KINDS, kind),
    from: unpackNumber(from),
    ...(to === null || to === undefined ? {} : { to: unpackNumber(to) }),
  };
}

function readElided(packed: unknown, functions: readonly FunctionInfo[]): ElidedCalls[] {
  const items = listOf(packed);
  const elided: ElidedCalls[] = [];
  for (let i = 0; i + 1 < items.length; i += 2) {
    const number = countOf(items[i]);
    elided.push({ function: functions[number] ?? createUnknownFunction(number).info, count: countOf(items[i + 1]) });
  }
  return elided;
}

/** Returns the length of the JSON. */
function checkPrefix(bytes: Uint8Array): number {
  for (let i = 0; i < VIEW_MAGIC.length && i < bytes.length; i++) {
    if (bytes[i] !== VIEW_MAGIC[i]) throw new TraceFormatError('NOT_A_TRACE_FILE', i, 'this is not a CaptureFlow view file');
  }
  if (bytes.length < HEAD_PREFIX) throw new TraceFormatError('TRUNCATED', bytes.length, 'the file ends inside its first bytes');
  if (new Uint32Array(Uint8Array.from(bytes.subarray(8, 12)).buffer)[0] !== BYTE_ORDER) {
    throw new TraceFormatError('UNSUPPORTED_VERSION', 8, 'the numbers have the byte order of another kind of machine');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint32(12, true);
  if (size > bytes.length) throw new TraceFormatError('TRUNCATED', bytes.length, `the head ends before its ${size} bytes`);
  const jsonLength = view.getUint32(16, true);
  if (HEAD_PREFIX + jsonLength > size) throw new TraceFormatError('BAD_VALUE', 16, 'the header is longer than the head');
  return jsonLength;
}

function readHeaderJson(bytes: Uint8Array, length: number): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_PREFIX, HEAD_PREFIX + length)));
    if (typeof header === 'object' && header !== null) return checkVersion(header as Record<string, unknown>);
  } catch (error) {
    if (error instanceof TraceFormatError) throw error;
  }
  throw new TraceFormatError('BAD_HEADER', HEAD_PREFIX, 'the header is not a JSON object');
}

function checkVersion(header: Record<string, unknown>): Record<string, unknown> {
  if (header['version'] === VIEW_VERSION) return header;
  throw new TraceFormatError('UNSUPPORTED_VERSION', HEAD_PREFIX, `version ${String(header['version'])} of the view file is not known here`);
}

function toHeader(json: Record<string, unknown>, blocks: ViewHeader['blocks'], spans: number): ViewHeader {
  const { root, functions, elided, blockSize } = json;
  const list = listOf(functions) as readonly FunctionInfo[];
  if (typeof root !== 'object' || root === null || (spans > 0 && list.length === 0)) {
    throw new TraceFormatError('BAD_HEADER', HEAD_PREFIX, 'the header lacks its root or its functions');
  }
  const annotations = listOf((root as { annotations?: unknown }).annotations).map((value) => unpackValue(value));
  return {
    ...(json as unknown as ViewHeader),
    root: { ...(root as ViewHeader['root']), annotations },
    functions: list,
    gaps: listOf(json['gaps']) as ViewHeader['gaps'],
    dropped: (json['dropped'] ?? {}) as ViewHeader['dropped'],
    elided: readElided(elided, list),
    blockSize: typeof blockSize === 'number' && blockSize > 0 ? blockSize : 1,
    blocks,
  };
}

function repair(columns: TraceColumns, suspensions: SuspensionColumns, functions: number): number {
  const { count, parent, functionIndex, start, end } = columns;
  let repaired = 0;
  for (let i = 0; i < count; i++) {
    const above = parent[i] as number;
    if (above >= i || above < -1) {
      parent[i] = -1;
      repaired++;
    }
    if (!Number.isFinite(start[i])) {
      start[i] = 0;
      repaired++;
    }
    if (Math.abs(end[i] as number) === Number.POSITIVE_INFINITY) {
      end[i] = Number.NaN;
      repaired++;
    }
    if ((functionIndex[i] as number) >= functions) {
      functionIndex[i] = 0;
      repaired++;
    }
  }
  for (let i = 0; i < suspensions.count; i++) {
    if ((suspensions.span[i] as number) < count) continue;
    suspensions.span[i] = 0;
    repaired++;
  }
  return repaired;
}

function countIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function asUnsigned(words: Int32Array): Uint32Array {
  return new Uint32Array(words.buffer, words.byteOffset, words.length);
}

class ColumnReader {
  at: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    // Views need multiples of 8 in the buffer; what came out of a bundle or a decoder may begin anywhere.
    this.bytes = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
    this.at = at;
  }

  doubles(count: number): Float64Array {
    return new Float64Array(this.bytes.buffer, this.take(count, 8), count);
  }

  words(count: number): Int32Array {
    return new Int32Array(this.bytes.buffer, this.take(count, 4), count);
  }

  halves(count: number): Uint16Array {
    return new Uint16Array(this.bytes.buffer, this.take(count, 2), count);
  }

  octets(count: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.take(count, 1), count);
  }

  private take(count: number, size: number): number {
    const from = this.at;
    if (count * size > this.bytes.length - from) {
      throw new TraceFormatError('TRUNCATED', from, `the bytes end before a column of ${count} numbers`);
    }
    this.at += align(count * size);
    return this.bytes.byteOffset + from;
  }
}
