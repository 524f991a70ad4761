/** A chunk of a root's event columns and the pool that bounds all of them. Must not know what the columns mean. */
import type { ChunkColumns } from '@captureflow/trace/wire';
import { append, arrayFill, arrayOf } from './primordials.ts';

export const CHUNK_OPS = 4096;
export const CHUNK_NUMS = 1024;
export const CHUNK_REFS = 1024;
/** A chunk's own memory; the strings it refers to come on top. */
export const CHUNK_BYTES: number = CHUNK_OPS * 4 + CHUNK_NUMS * 8 + CHUNK_REFS * 8;

export class Chunk implements ChunkColumns {
  readonly ops: Int32Array = new Int32Array(CHUNK_OPS);
  readonly nums: Float64Array = new Float64Array(CHUNK_NUMS);
  readonly refs: unknown[] = emptyRefs(CHUNK_REFS);
  opsLength = 0;
  numsLength = 0;
  refsLength = 0;
  /** Events, TIME, EMPTY and STACK not counted. */
  events = 0;
  /** Sum of the lengths of the strings in `refs`. */
  stringBytes = 0;
}

/** Always the same kind of array, so that the hot path sees one. */
export function emptyRefs(length: number): unknown[] {
  return arrayOf(length);
}

export class ChunkPool {
  maxBytes = 0;
  allocated = 0;
  /** Sealed chunks' strings, in bytes. */
  stringBytes = 0;
  private readonly free: Chunk[] = [];

  get inUse(): number {
    return this.allocated - this.free.length;
  }

  /** Returns undefined when the bound is reached. */
  take(): Chunk | undefined {
    if (this.inUse * CHUNK_BYTES + this.stringBytes + CHUNK_BYTES > this.maxBytes) return undefined;
    const { free } = this;
    if (free.length === 0) {
      this.allocated++;
      return new Chunk();
    }
    const chunk = free[free.length - 1];
    free.length--;
    return chunk;
  }

  /** A sealed chunk's strings count from now on. */
  hold(chunk: Chunk, stringBytes: number): void {
    this.stringBytes += stringBytes - chunk.stringBytes;
    chunk.stringBytes = stringBytes;
  }

  /** Forgets what the chunk holds (H169), for use again at once. */
  clear(chunk: Chunk): void {
    this.hold(chunk, 0);
    arrayFill(chunk.refs, undefined, 0, chunk.refsLength);
    chunk.opsLength = 0;
    chunk.numsLength = 0;
    chunk.refsLength = 0;
    chunk.events = 0;
  }

  release(chunk: Chunk): void {
    this.clear(chunk);
    append(this.free, chunk);
  }

  /** Gives free chunks back to the collector. */
  trim(): void {
    this.allocated -= this.free.length;
    this.free.length = 0;
  }
}
