/** Hands out lanes to intervals that come in order of their start: each gets the lowest one that is free. */

export class LanePool {
  /** How many lanes were needed. */
  count: number = 0;
  /** Taken lanes as a heap by their end, and free ones as a heap by their number: a scan would be quadratic where thousands run at once. */
  private readonly taken: { readonly end: number; readonly lane: number }[] = [];
  private readonly free: number[] = [];

  /** The lane of an interval. Starts must not go down. */
  take(start: number, end: number): number {
    for (let first = this.taken[0]; first !== undefined && first.end <= start; first = this.taken[0]) {
      pop(this.taken, byEnd);
      push(this.free, first.lane, byNumber);
    }
    const lane = this.free.length > 0 ? pop(this.free, byNumber) : this.count++;
    push(this.taken, { end, lane }, byEnd);
    return lane;
  }
}

function byEnd(a: { readonly end: number }, b: { readonly end: number }): number {
  return a.end - b.end;
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function push<T>(heap: T[], item: T, compare: (a: T, b: T) => number): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (compare(heap[above] as T, item) <= 0) break;
    heap[at] = heap[above] as T;
    at = above;
  }
  heap[at] = item;
}

function pop<T>(heap: T[], compare: (a: T, b: T) => number): T {
  const first = heap[0] as T;
  const last = heap.pop() as T;
  if (heap.length === 0) return first;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && compare(heap[child + 1] as T, heap[child] as T) < 0) child++;
    if (compare(last, heap[child] as T) <= 0) break;
    heap[at] = heap[child] as T;
    at = child;
  }
  heap[at] = last;
  return first;
}
