/**
 * Turns places in the event stream into times. The recorder reads the clock only now and then (its cost is most of an event's); events
 * between two readings of one uninterrupted run are spread evenly by their ordinal. A reading is exact for the event that follows it.
 */

/** What is known about the time of one event. */
export interface Moment {
  readonly time: number;
  /** The event happened between these two; all three are the same when it was read. */
  readonly earliest: number;
  readonly latest: number;
}

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

  /** Never earlier for a later ordinal: a caller's span encloses those it called. */
  timeOf(ordinal: number): number {
    return this.interpolate(ordinal, this.lastMark(ordinal));
  }

  /** `timeOf`, and how far off it may be. What follows the last reading is taken to have happened at it. */
  momentOf(ordinal: number): Moment {
    const mark = this.lastMark(ordinal);
    const time = this.interpolate(ordinal, mark);
    if (this.ordinals[mark] === ordinal) return { time, earliest: time, latest: time };
    return { time, earliest: this.times[mark] ?? time, latest: this.times[mark + 1] ?? time };
  }

  private lastMark(ordinal: number): number {
    return lastAtMost(this.ordinals, ordinal, 0, this.ordinals.length);
  }

  private interpolate(ordinal: number, mark: number): number {
    const run = lastAtMost(this.runOrdinals, ordinal, 0, this.runOrdinals.length);
    if (run < 0) return this.times[0] ?? 0;
    const from = this.runMarks[run] as number;
    const to = this.runMarks[run + 1] ?? this.ordinals.length;
    // A run without a reading has the time at which the one before it ended.
    if (from === to) return this.times[from - 1] ?? 0;
    if (mark < from) return this.times[from] as number;
    const time = this.times[mark] as number;
    if (mark + 1 >= to) return time;
    const ordinalOfMark = this.ordinals[mark] as number;
    const next = this.times[mark + 1] as number;
    const events = (this.ordinals[mark + 1] as number) - ordinalOfMark;
    // Rounding must not carry an event beyond the reading that follows it.
    return Math.min(next, time + ((next - time) * (ordinal - ordinalOfMark)) / events);
  }
}

/** Ms by which the time between two events may be off. */
export function errorBetween(from: Moment, to: Moment): number {
  const longest = to.latest - from.earliest;
  const shortest = Math.max(0, to.earliest - from.latest);
  const between = to.time - from.time;
  return Math.max(0, longest - between, between - shortest);
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
