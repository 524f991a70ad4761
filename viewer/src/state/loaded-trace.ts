/** A trace that is open: its columns in memory, its details read block by block when somebody asks. */
import type { Trace, TraceSummary } from '@captureflow/trace';
import { readDetails, traceOfView } from '@captureflow/trace/view-file';
import type { SpanDetails, SuspensionColumns, TraceColumns, ViewFile, ViewHeader } from '@captureflow/trace/view-file';
import { ChildIndex } from './child-index.ts';

/** Where the parts come from that are not in memory. */
export interface TraceOrigin {
  /** Block `index` as JSON in UTF-8, decompressed. */
  block(index: number): Promise<Uint8Array>;
  /** Text of a module; undefined: nobody has it. */
  source(module: string): Promise<string | undefined>;
  /** Path to the trace in a format; undefined: nobody can write it. */
  exportPath?(format: string): string;
}

/** Blocks kept of those that somebody looked into: some 100 KB of JSON each. */
const KEPT_BLOCKS = 24;
/** Blocks that are on their way while one is gone through. */
const AHEAD = 3;

export class LoadedTrace {
  readonly summary: TraceSummary;
  readonly header: ViewHeader;
  readonly columns: TraceColumns;
  readonly suspensions: SuspensionColumns;
  readonly origin: TraceOrigin;
  /** Numbers of a damaged file that were replaced. */
  readonly repaired: number;
  /** From the first start to the last end, ms; never empty. */
  readonly extent: { readonly from: number; readonly to: number };
  private index: ChildIndex | undefined;
  private readonly blocks = new Map<number, Promise<readonly SpanDetails[]>>();
  private readonly sources = new Map<string, Promise<string | undefined>>();

  constructor(summary: TraceSummary, file: ViewFile, origin: TraceOrigin) {
    this.summary = summary;
    this.header = file.header;
    this.columns = file.columns;
    this.suspensions = file.suspensions;
    this.repaired = file.repaired;
    this.origin = origin;
    this.extent = extentOf(file);
  }

  get children(): ChildIndex {
    return (this.index ??= new ChildIndex(this.columns));
  }

  get blockCount(): number {
    return Math.ceil(this.columns.count / this.header.blockSize);
  }

  /** End of a span in ms; that of the trace when it is open. */
  endOf(index: number): number {
    const end = this.columns.end[index] as number;
    return Number.isNaN(end) ? this.extent.to : end;
  }

  /** Rejects when the block cannot be had. */
  async details(index: number): Promise<SpanDetails> {
    const details = (await this.block(Math.floor(index / this.header.blockSize)))[index % this.header.blockSize];
    if (details === undefined) throw new RangeError(`The trace's file has no details of span ${index + 1}.`);
    return details;
  }

  /** Details of all spans of a block, in their order. The blocks used last are kept. */
  block(number: number): Promise<readonly SpanDetails[]> {
    const known = this.blocks.get(number);
    const block = known ?? this.read(number);
    this.blocks.delete(number);
    this.blocks.set(number, block);
    // What failed is asked for again the next time.
    if (known === undefined) block.catch(() => this.blocks.delete(number));
    if (this.blocks.size > KEPT_BLOCKS) this.blocks.delete(this.blocks.keys().next().value as number);
    return block;
  }

  /** All blocks, one after the other; an error stands for one that cannot be had. Of a large trace none is kept: they would only push each other out. */
  async *allBlocks(): AsyncGenerator<readonly SpanDetails[] | Error, void> {
    const coming: Promise<readonly SpanDetails[] | Error>[] = [];
    const isLarge = this.blockCount > KEPT_BLOCKS;
    for (let number = 0; number < this.blockCount + AHEAD; number++) {
      if (number < this.blockCount) coming.push((isLarge ? this.read(number) : this.block(number)).catch(asError));
      if (number >= AHEAD) yield await (coming.shift() as Promise<readonly SpanDetails[] | Error>);
    }
  }

  /** All of it as objects, for who writes it elsewhere. Rejects when a block cannot be had. */
  async whole(): Promise<Trace> {
    const details: SpanDetails[] = [];
    for await (const block of this.allBlocks()) {
      if (block instanceof Error) throw block;
      for (const each of block) details.push(each);
    }
    return traceOfView(this, details);
  }

  private async read(number: number): Promise<readonly SpanDetails[]> {
    return readDetails(await this.origin.block(number), this.header.functions);
  }

  /** Undefined when nobody has it. */
  source(module: string): Promise<string | undefined> {
    let source = this.sources.get(module);
    if (source === undefined) {
      source = this.origin.source(module).catch(() => undefined);
      this.sources.set(module, source);
    }
    return source;
  }
}

function extentOf({ header, columns }: ViewFile): { from: number; to: number } {
  let from = 0;
  let to = header.duration ?? 0;
  for (let i = 0; i < columns.count; i++) {
    const start = columns.start[i] as number;
    const end = columns.end[i] as number;
    if (start < from) from = start;
    if (start > to) to = start;
    if (end > to) to = end;
  }
  return { from, to: to > from ? to : from + 0.001 };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
