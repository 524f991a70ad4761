/**
 * How much of each span's time its calls and its suspensions take; the rest is its own. Sweeps over columns, without an object a span.
 */
import type { SuspensionColumns, TraceColumns } from './trace-columns.ts';

/** The latest time that a trace knows: open spans count up to it. */
export function lastTime({ count, start, end }: TraceColumns): number {
  let last = 0;
  for (let i = 0; i < count; i++) {
    if (start[i]! > last) last = start[i]!;
    if (end[i]! > last) last = end[i]!;
  }
  return last;
}

/**
 * Per span, the time in which its calls ran or it was suspended, each moment once, and how much of it was waiting only. A call covers its
 * caller only while it runs: a promise that is awaited later leaves the work in between to the caller. What covers comes in order of its
 * start (calls, resumptions and suspensions are three sorted streams), so one sweep with one "covered until" a span does.
 */
export function coverTimes(
  { count, start, end, parent }: TraceColumns,
  suspensions: SuspensionColumns | undefined,
  last: number,
): { covered: Float64Array; waited: Float64Array } {
  const covered = new Float64Array(count);
  const until = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const endOf = (span: number): number => (Number.isNaN(end[span]!) ? last : end[span]!);
  const cover = (span: number, from: number, to: number, sum: Float64Array, done: Float64Array): void => {
    const left = Math.max(from, start[span]!, done[span]!);
    const right = Math.min(to, endOf(span));
    if (!(right > left)) return;
    done[span] = right;
    sum[span]! += right - left;
  };
  if (suspensions === undefined || suspensions.span.length === 0) {
    for (let i = 0; i < count; i++) {
      const caller = parent[i]!;
      if (caller >= 0) cover(caller, start[i]!, endOf(i), covered, until);
    }
    return { covered, waited: new Float64Array(count) };
  }
  // The same without the suspensions; the difference is waiting.
  const called = new Float64Array(count);
  const calledUntil = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const coverCaller = (span: number, from: number, to: number): void => {
    const caller = parent[span]!;
    if (caller < 0) return;
    cover(caller, from, to, covered, until);
    cover(caller, from, to, called, calledUntil);
  };
  const { span: spanOf, from, to } = suspensions;
  const byFrom = orderOf(from);
  const byTo = orderOf(to);
  const { firstFrom, nextFrom } = runsBetween(spanOf, from, byFrom, count);
  let pauses = 0;
  let resumes = 0;
  for (let i = 0; i <= count; i++) {
    const now = i < count ? start[i]! : Number.POSITIVE_INFINITY;
    for (;;) {
      const pause = pauses < byFrom.length ? byFrom[pauses]! : -1;
      const resume = resumes < byTo.length ? byTo[resumes]! : -1;
      const pauseAt = pause >= 0 ? from[pause]! : Number.POSITIVE_INFINITY;
      const resumeAt = resume >= 0 && !Number.isNaN(to[resume]!) ? to[resume]! : Number.POSITIVE_INFINITY;
      // Also for a start that is no number, or this would never end.
      if (!(Math.min(pauseAt, resumeAt) < now)) break;
      if (resumeAt <= pauseAt) {
        resumes++;
        const span = spanOf[resume]!;
        if (span < count) coverCaller(span, resumeAt, Math.min(nextFrom[resume]!, endOf(span)));
      } else {
        pauses++;
        const span = spanOf[pause]!;
        if (span < count) cover(span, pauseAt, Number.isNaN(to[pause]!) ? last : to[pause]!, covered, until);
      }
    }
    if (i < count) coverCaller(i, now, Math.min(firstFrom[i]!, endOf(i)));
  }
  return { covered, waited: covered.map((time, span) => time - called[span]!) };
}

/** When a span that started, or was resumed after a suspension, was suspended next; infinite: never. */
function runsBetween(
  spanOf: SuspensionColumns['span'],
  from: Float64Array,
  byFrom: Uint32Array,
  count: number,
): { firstFrom: Float64Array; nextFrom: Float64Array } {
  const firstFrom = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const nextFrom = new Float64Array(from.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(count).fill(-1);
  for (const row of byFrom) {
    const span = spanOf[row]!;
    if (span >= count) continue;
    if (before[span]! < 0) firstFrom[span] = from[row]!;
    else nextFrom[before[span]!] = from[row]!;
    before[span] = row;
  }
  return { firstFrom, nextFrom };
}

/** Rows in order of their time, NaN last. */
function orderOf(times: Float64Array): Uint32Array {
  const order = new Uint32Array(times.length);
  let sorted = true;
  for (let row = 0; row < times.length; row++) {
    order[row] = row;
    if (row > 0 && !(times[row]! >= times[row - 1]!)) sorted = false;
  }
  const timeOf = (row: number): number => (Number.isNaN(times[row]!) ? Number.MAX_VALUE : times[row]!);
  return sorted ? order : order.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
}
