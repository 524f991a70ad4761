/** Encoded segments that wait to be written, bounded by count and by bytes; the oldest go first. Must not write. */
export class SegmentBacklog {
  /** Segments that were given up for room. */
  dropped: number = 0;
  readonly #maxCount: number;
  readonly #maxBytes: number;
  readonly #waiting: Uint8Array[] = [];
  #bytes: number = 0;

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#waiting.length;
  }

  add(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
  }

  /** The oldest first. */
  at(index: number): Uint8Array {
    return this.#waiting[index] as Uint8Array;
  }

  /** Lets the `count` oldest go. */
  remove(count: number): void {
    for (const bytes of this.#waiting.splice(0, count)) this.#bytes -= bytes.length;
  }

  /** Gives up the oldest over the bounds. A writer that fails calls it; one that works never loses a segment. */
  trim(): void {
    let over = 0;
    for (let bytes = this.#bytes; this.count - over > this.#maxCount || (bytes > this.#maxBytes && over < this.count); over++)
      bytes -= this.at(over).length;
    this.remove(over);
    this.dropped += over;
  }
}
