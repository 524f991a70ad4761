/** Segments that wait to be sent, bounded by bytes; the oldest give way. Pure. */
import type { EncodedSegment } from '../exporter.ts';

export class SendQueue {
  readonly #maxBytes: number;
  #segments: EncodedSegment[] = [];
  #bytes: number = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#segments.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Returns what has no room: those that are larger than the bound by themselves, and when all are more than the bound the oldest, so many that an eighth
   * of it is free, since writing them to a disk one by one would be slow.
   */
  add(segments: readonly EncodedSegment[]): EncodedSegment[] {
    const over: EncodedSegment[] = [];
    for (const segment of segments) {
      if (segment.bytes.length > this.#maxBytes) {
        over.push(segment);
        continue;
      }
      this.#segments.push(segment);
      this.#bytes += segment.bytes.length;
    }
    if (this.#bytes <= this.#maxBytes) return over;
    const most = this.#maxBytes - (this.#maxBytes >> 3);
    let gone = 0;
    while (this.#bytes > most) this.#bytes -= (this.#segments[gone++] as EncodedSegment).bytes.length;
    return [...this.#segments.splice(0, gone), ...over];
  }

  /** The oldest, one at least and together at most `maxBytes`. */
  take(maxBytes: number): EncodedSegment[] {
    let bytes = 0;
    let count = 0;
    for (const segment of this.#segments) {
      if (count > 0 && bytes + segment.bytes.length > maxBytes) break;
      bytes += segment.bytes.length;
      count++;
    }
    const taken = this.#segments.slice(0, count);
    this.#segments = this.#segments.slice(count);
    this.#bytes -= bytes;
    return taken;
  }

  takeAll(): EncodedSegment[] {
    return this.take(Number.MAX_SAFE_INTEGER);
  }
}
