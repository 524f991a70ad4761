/** Frames that wait to be written, bounded by count and by bytes; the oldest go first. Must not write. */
export class FrameBacklog {
  /** Frames that were given up for room. */
  dropped: number = 0;
  readonly #maxCount: number;
  readonly #maxBytes: number;
  #frames: Uint8Array[] = [];
  #bytes: number = 0;

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#frames.length;
  }

  add(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#bytes += frame.length;
  }

  /** Gives up the oldest frames over the bounds. A writer that fails calls it; one that works never loses a frame. */
  trim(): void {
    while (this.#frames.length > this.#maxCount || (this.#bytes > this.#maxBytes && this.#frames.length > 0)) {
      this.removeFirst();
      this.dropped++;
    }
  }

  first(): Uint8Array | undefined {
    return this.#frames[0];
  }

  removeFirst(): void {
    this.#bytes -= this.#frames.shift()?.length ?? 0;
  }
}
