/**
 * Writes the page's data file: a head (magic, sizes, JSON header, columns) and blocks of details, made one by one when asked for. It does
 * not compress: who writes the file does (Node's zlib, a browser's CompressionStream). Layout of the head, little-endian:
 * magic (8), u32 byte order mark, u32 length of the head, u32 length of the JSON, u32 0, JSON and spaces up to a multiple of 8, then the
 * columns, each filled up to a multiple of 8: block lengths, start, end, parent, function, flags, suspensions' from, to, span, kind.
 */
import { traceColumns } from './columns-of-trace.ts';
import type { ColumnTrace } from './columns-of-trace.ts';
import { packNamed, packNumber, packValue } from './detail-json.ts';
import type { PackedItem } from './detail-json.ts';
import type { ElidedCalls, Outcome, Span, Trace } from './model.ts';
import { VIEW_VERSION } from './trace-columns.ts';

/** `CFV1`, then bytes that a transfer in text mode would change. */
export const VIEW_MAGIC: readonly number[] = [0x43, 0x46, 0x56, 0x31, 0x0d, 0x0a, 0x1a, 0x0a];
export const BYTE_ORDER = 0x01020304;
export const HEAD_PREFIX = 24;
/** Some 100 KB of JSON a block with usual details: one click reads one. */
const BLOCK_SIZE = 512;

export interface ViewParts {
  /** Starts a file; without blocks (API: `head`) its block lengths are 0. */
  readonly head: Uint8Array;
  readonly blockCount: number;
  /** Block `index` as UTF-8 JSON, not compressed. */
  block(index: number): Uint8Array;
}

export interface ViewFileOptions {
  /** Spans a block, a power of two. Default 512. */
  readonly blockSize?: number;
}

export function writeViewFile(trace: Trace, options: ViewFileOptions = {}): ViewParts {
  const { spans } = trace;
  const blockSize = options.blockSize ?? BLOCK_SIZE;
  const blockCount = Math.ceil(spans.length / blockSize);
  const table = traceColumns(trace);
  return {
    head: writeHead(trace, table, blockSize, blockCount),
    blockCount,
    block: (index) => {
      const rows = spans.slice(index * blockSize, (index + 1) * blockSize).map((span) => JSON.stringify(packDetails(span, table)));
      return new TextEncoder().encode(`[${rows.join(',')}]`);
    },
  };
}

function writeHead(trace: Trace, table: ColumnTrace, blockSize: number, blockCount: number): Uint8Array {
  const { columns, suspensions } = table;
  const header = {
    version: VIEW_VERSION,
    traceId: trace.traceId,
    root: { ...trace.root, annotations: trace.root.annotations.map((value) => packValue(value)) },
    startTime: trace.startTime,
    duration: trace.duration,
    process: trace.process,
    elided: packElided(trace.elided, table),
    functions: table.functions,
    gaps: trace.gaps,
    dropped: trace.dropped,
    kept: trace.kept,
    rootsDropped: trace.rootsDropped,
    blockSize,
    spans: columns.count,
    suspensions: suspensions.count,
    blocks: blockCount,
  };
  return joinHead(new TextEncoder().encode(JSON.stringify(header)), [
    new Uint32Array(blockCount),
    columns.start,
    columns.end,
    columns.parent,
    columns.functionIndex,
    columns.flags,
    suspensions.from,
    suspensions.to,
    suspensions.span,
    suspensions.kind,
  ]);
}

function joinHead(
  json: Uint8Array,
  columns: readonly { readonly buffer: ArrayBufferLike; readonly byteOffset: number; readonly byteLength: number }[],
): Uint8Array {
  const size = columns.reduce((sum, { byteLength }) => sum + align(byteLength), HEAD_PREFIX + align(json.length));
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(VIEW_MAGIC);
  new Uint32Array(bytes.buffer, 8, 1)[0] = BYTE_ORDER;
  view.setUint32(12, size, true);
  view.setUint32(16, json.length, true);
  bytes.set(json, HEAD_PREFIX);
  let at = HEAD_PREFIX + align(json.length);
  bytes.fill(0x20, HEAD_PREFIX + json.length, at);
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += align(column.byteLength);
  }
  return bytes;
}

/** The whole file: the head, in which the lengths of the blocks are now known, and the compressed blocks. */
export function joinViewFile(head: Uint8Array, blocks: readonly Uint8Array[]): Uint8Array {
  const size = blocks.reduce((sum, block) => sum + block.length, head.length);
  const file = new Uint8Array(size);
  file.set(head);
  const view = new DataView(file.buffer);
  const lengthsAt = HEAD_PREFIX + align(view.getUint32(16, true));
  let at = head.length;
  blocks.forEach((block, index) => {
    view.setUint32(lengthsAt + index * 4, block.length, true);
    file.set(block, at);
    at += block.length;
  });
  return file;
}

/** Up to the next multiple of 8: typed arrays are then views of the file. */
export function align(size: number): number {
  return Math.ceil(size / 8) * 8;
}

/** In the order in which `readDetails` takes them. */
function packDetails(span: Span, table: ColumnTrace): readonly PackedItem[] {
  return [
    span.spanId,
    packNumber(span.timeError),
    packNamed(span.args),
    packOutcome(span.outcome),
    span.locals === undefined ? null : packNamed(span.locals),
    span.lines.map(({ line, time, changed }) => [line, packNumber(time), packNamed(changed)]),
    span.suspensions.map(({ kind, from, to }) => [kind, packNumber(from), to === undefined ? null : packNumber(to)]),
    span.annotations.map((value) => packValue(value)),
    packElided(span.elided, table),
  ];
}

function packOutcome(outcome: Outcome): readonly PackedItem[] {
  switch (outcome.kind) {
    case 'returned':
      return [outcome.kind, outcome.line ?? null, ...(outcome.value === undefined ? [] : [packValue(outcome.value)])];
    case 'threw':
      return [outcome.kind, outcome.errorId, ...(outcome.error === undefined ? [] : [packValue(outcome.error)])];
    default:
      return [outcome.kind];
  }
}

function packElided(elided: readonly ElidedCalls[], table: ColumnTrace): readonly PackedItem[] {
  return elided.flatMap((calls) => [table.functionIndexOf(calls.function), calls.count]);
}
