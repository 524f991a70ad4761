/** Reads the three columns of one chunk in lockstep and never past what is used of them. */
import type { ChunkColumns } from './wire.ts';

/** The stream makes no sense from here on; the rest of the chunk is given up. Never leaves `buildTrace`. */
export class DesyncError extends Error {}

export class ChunkCursor {
  private readonly ops: Int32Array;
  private readonly nums: Float64Array;
  private readonly refs: readonly unknown[];
  private readonly opsEnd: number;
  private readonly numsEnd: number;
  private readonly refsEnd: number;
  readonly chunk: ChunkColumns;
  opsAt: number;
  numsAt: number;
  refsAt: number;

  /** From the chunk's beginning, or from a place where a cursor stood. */
  constructor(chunk: ChunkColumns, opsAt: number = 0, numsAt: number = 0, refsAt: number = 0) {
    this.chunk = chunk;
    this.opsAt = opsAt;
    this.numsAt = numsAt;
    this.refsAt = refsAt;
    this.ops = chunk.ops;
    this.nums = chunk.nums;
    this.refs = chunk.refs;
    this.opsEnd = Math.min(chunk.opsLength, chunk.ops.length);
    this.numsEnd = Math.min(chunk.numsLength, chunk.nums.length);
    this.refsEnd = Math.min(chunk.refsLength, chunk.refs.length);
  }

  get done(): boolean {
    return this.opsAt >= this.opsEnd;
  }

  /** The word that `word()` would give; 0 behind the last. */
  get next(): number {
    return this.opsAt < this.opsEnd ? (this.ops[this.opsAt] as number) : 0;
  }

  word(): number {
    if (this.opsAt >= this.opsEnd) throw new DesyncError('ops');
    return this.ops[this.opsAt++] as number;
  }

  number(): number {
    if (this.numsAt >= this.numsEnd) throw new DesyncError('nums');
    return this.nums[this.numsAt++] as number;
  }

  /** A ref that must be a string. */
  text(): string {
    const ref = this.ref();
    if (typeof ref !== 'string') throw new DesyncError('text');
    return ref;
  }

  ref(): unknown {
    if (this.refsAt >= this.refsEnd) throw new DesyncError('refs');
    return this.refs[this.refsAt++];
  }
}
