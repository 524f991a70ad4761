/**
 * Turns places in the event stream into times. The recorder reads the clock only now and then (its cost is most of an event's); events
 * between two readings of one uninterrupted run are spread evenly by their ordinal. A reading is exact for the event that follows it.
 */

export class ClockMarks {
  private readonly ordinals: number[] = [];
  private readonly times: number[] = [];
  /** For each run: its first ordinal, and the index of its first mark. */
  private readonly runOrdinals: number[] = [];
  private readonly runMarks: number[] = [];
  private latest = 0;

  /** Nothing is interpolated between what lies before and what lies behind this place. */
  startRun(ordinal: number): void {
    this.runOrdinals.push(ordinal);
    this.runMarks.push(this.ordinals.length);
  }

  /** The clock read `time` just before the event `ordinal`. A clock that goes back is held. Returns false for what is no time. */
  mark(ordinal: number, time: number): boolean {
    if (!Number.isFinite(time)) return false;
    this.latest = Math.max(this.latest, time);
    this.ordinals.push(ordinal);
    this.times.push(this.latest);
    return true;
  }

  /** The last reading so far. */
  get last(): number {
    return this.latest;
  }

  timeOf(ordinal: number): number {
    const run = lastAtMost(this.runOrdinals, ordinal, 0, this.runOrdinals.length);
    if (run < 0) return this.times[0] ?? 0;
    const from = this.runMarks[run] as number;
    const to = this.runMarks[run + 1] ?? this.ordinals.length;
    // A run without a reading has the time at which the one before it ended.
    if (from === to) return this.times[from - 1] ?? 0;
    const index = lastAtMost(this.ordinals, ordinal, from, to);
    if (index < from) return this.times[from] as number;
    const time = this.times[index] as number;
    if (index + 1 >= to) return time;
    const ordinalOfMark = this.ordinals[index] as number;
    const span = (this.ordinals[index + 1] as number) - ordinalOfMark;
    return time + (((this.times[index + 1] as number) - time) * (ordinal - ordinalOfMark)) / span;
  }
}

/** Index of the last of the ascending `values[from..to)` that is at most `limit`, or `from - 1`. */
function lastAtMost(values: readonly number[], limit: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
