/** Segments that wait to be sent, bounded by bytes; the oldest give way. Pure. */
import type { EncodedSegment } from '../exporter.ts';

export class SendQueue {
  /** Segments that gave way. */
  dropped: number = 0;
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

  add(segments: readonly EncodedSegment[]): void {
    for (const segment of segments) {
      this.#segments.push(segment);
      this.#bytes += segment.bytes.length;
    }
    let gone = 0;
    while (this.#bytes > this.#maxBytes) this.#bytes -= (this.#segments[gone++] as EncodedSegment).bytes.length;
    if (gone === 0) return;
    this.dropped += gone;
    this.#segments = this.#segments.slice(gone);
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
