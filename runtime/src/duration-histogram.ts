/** Durations by magnitude, in a fixed amount of memory; old ones fade. */

/** Buckets for each doubling: neighbours differ by a tenth. */
const STEPS = 8;
/** From a microsecond to twelve days. */
const LOWEST = -10 * STEPS;
const BUCKETS = 40 * STEPS;
/** When so many are known all count half. */
const FULL = 8192;

export class DurationHistogram {
  count: number = 0;
  readonly #buckets: Float64Array = new Float64Array(BUCKETS);

  add(ms: number): void {
    const bucket = bucketOf(ms);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
    this.count++;
    if (this.count >= FULL) this.#fade();
  }

  /** Share of the known durations that are shorter than `ms`, those of about the same length left out. */
  shareBelow(ms: number): number {
    if (this.count === 0) return 0;
    let below = 0;
    for (let i = bucketOf(ms) - 1; i >= 0; i--) below += this.#buckets[i] as number;
    return below / this.count;
  }

  #fade(): void {
    this.count = 0;
    for (let i = 0; i < BUCKETS; i++) {
      const half = (this.#buckets[i] as number) / 2;
      this.#buckets[i] = half;
      this.count += half;
    }
  }
}

function bucketOf(ms: number): number {
  if (!(ms > 0)) return 0;
  return Math.max(0, Math.min(BUCKETS - 1, Math.floor(Math.log2(ms) * STEPS) - LOWEST));
}
