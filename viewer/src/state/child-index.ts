/** Children of every span as two arrays: a million spans cost 8 MB and no object. */
import type { TraceColumns } from '@captureflow/trace/view-file';

export class ChildIndex {
  private readonly firsts: Int32Array;
  private readonly nexts: Int32Array;

  constructor({ count, parent }: TraceColumns) {
    this.firsts = new Int32Array(count + 1).fill(-1);
    this.nexts = new Int32Array(count);
    for (let i = count - 1; i >= 0; i--) {
      const above = (parent[i] as number) + 1;
      this.nexts[i] = this.firsts[above] as number;
      this.firsts[above] = i;
    }
  }

  /** Index of the first child of span `index` (-1: of the root); -1: it has none. */
  first(index: number): number {
    return this.firsts[index + 1] ?? -1;
  }

  /** Index of the next sibling; -1: it is the last. */
  next(index: number): number {
    return this.nexts[index] ?? -1;
  }
}
