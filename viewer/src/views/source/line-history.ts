/**
 * What one call did line by line, for stepping through it: a step is one statement that was about to run; values stand on the line that set
 * them; loops are found by the jumps back. Pure; must not know how a line looks.
 *
 * A line event announces its statement and carries what changed since the event before, so its values are the work of the line before, unless
 * that line does not even name the variable: then they are the head's of a loop or of a `catch` (the nearest line above that does).
 */
import type { LineEvent, NamedValue, Value } from '@captureflow/trace';

/** Words of lines that set a variable before the statements in them run. */
const HEADS = ['for', 'catch', 'while', 'do'];

export interface LineValue {
  readonly name: string;
  readonly value: Value;
  /** The line that it stands beside. */
  readonly line: number;
  /** The first step that shows it. */
  readonly step: number;
}

/** A loop, by the lines of its body. Iterations are numbered over the whole call; a loop that ran again begins a new run. */
export interface Loop {
  readonly first: number;
  readonly last: number;
  /** Step at which each iteration begins, ascending. */
  readonly starts: Int32Array;
  /** Number of the run that each iteration belongs to, from 0. */
  readonly run: Int32Array;
}

export interface LineHistory {
  /** Line of each step. */
  readonly lines: Int32Array;
  /** Steps on each line, ascending. */
  readonly steps: ReadonlyMap<number, readonly number[]>;
  readonly values: readonly LineValue[];
  /** Outer loops first. */
  readonly loops: readonly Loop[];
}

export interface IterationAt {
  readonly loop: Loop;
  /** Of this run, from 0. */
  readonly iteration: number;
  readonly iterations: number;
  /** Index into `starts`. */
  readonly index: number;
}

/** `sourceLine(n)`: text of line n, undefined when the source is not there. `atEnd`: the locals at the exit. */
export function lineHistory(
  events: readonly LineEvent[],
  sourceLine: (line: number) => string | undefined,
  firstLine: number,
  atEnd: readonly NamedValue[] = [],
): LineHistory {
  const lines = Int32Array.from(events, ({ line }) => line);
  const steps = new Map<number, number[]>();
  const values: LineValue[] = [];
  const names = new NameFinder(sourceLine);
  const known = new Map<string, Value>();
  events.forEach(({ line, changed }, step) => {
    const hits = steps.get(line);
    if (hits === undefined) steps.set(line, [step]);
    else hits.push(step);
    const before = step > 0 ? lines[step - 1]! : line;
    for (const { name, value } of changed) {
      // A statement says what it may have changed; what it left as it was is the work of no line.
      if (isSame(known.get(name), value)) continue;
      known.set(name, value);
      values.push(
        step > 0 && names.has(before, name) ? { name, value, line: before, step: step - 1 } : headValue(name, value, line, before, step),
      );
    }
  });
  const last = lines.length - 1;
  for (const { name, value } of atEnd) {
    if (last < 0 || isSame(known.get(name), value)) continue;
    values.push({ name, value, line: lines[last]!, step: last });
  }
  return { lines, steps, values, loops: loopsOf(lines, steps) };

  function headValue(name: string, value: Value, line: number, before: number, step: number): LineValue {
    const isHead = (at: number): boolean => names.has(at, name) && HEADS.some((word) => names.has(at, word));
    let named = isHead(line) ? line : undefined;
    for (let above = line - 1; above >= firstLine && named === undefined; above--) if (isHead(above)) named = above;
    for (let above = line - 1; above >= firstLine && named === undefined; above--) if (names.has(above, name)) named = above;
    if (named !== undefined) return { name, value, line: named, step };
    return { name, value, line: before, step: Math.max(step - 1, 0) };
  }
}

/** The newest value of each name on each line, as it was after the step. */
export function valuesAt({ values }: LineHistory, step: number): Map<number, Map<string, LineValue>> {
  const shown = new Map<number, Map<string, LineValue>>();
  for (const each of values) {
    if (each.step > step) continue;
    let line = shown.get(each.line);
    if (line === undefined) shown.set(each.line, (line = new Map()));
    line.set(each.name, each);
  }
  return shown;
}

/** The iterations that a step is in, of the outermost loop first. */
export function iterationsAt({ loops, lines }: LineHistory, step: number): IterationAt[] {
  const line = lines[step];
  const found: IterationAt[] = [];
  if (line === undefined) return found;
  for (const loop of loops) {
    if (line < loop.first || line > loop.last) continue;
    const index = lastAtOrBefore(loop.starts, step);
    if (index < 0) continue;
    const run = loop.run[index]!;
    let first = index;
    while (first > 0 && loop.run[first - 1] === run) first--;
    let end = index + 1;
    while (end < loop.run.length && loop.run[end] === run) end++;
    found.push({ loop, index, iteration: index - first, iterations: end - first });
  }
  return found;
}

/** The same place one iteration on (`by` 1) or back (-1): the same line in that iteration where it came there, else its begin. */
export function stepToIteration(history: LineHistory, { loop, index }: IterationAt, step: number, by: 1 | -1): number {
  const target = index + by;
  if (target < 0 || target >= loop.starts.length) return step;
  const from = loop.starts[target]!;
  const to = target + 1 < loop.starts.length ? loop.starts[target + 1]! : history.lines.length;
  const wanted = history.lines[step]!;
  for (let at = from; at < to; at++) if (history.lines[at] === wanted) return at;
  return from;
}

/** The next (1) or previous (-1) step on a line; undefined: none. */
export function nextHit({ steps }: LineHistory, line: number, step: number, by: 1 | -1): number | undefined {
  const hits = steps.get(line) ?? [];
  return by > 0 ? hits.find((hit) => hit > step) : hits.findLast((hit) => hit < step);
}

function loopsOf(lines: Int32Array, steps: ReadonlyMap<number, readonly number[]>): Loop[] {
  const lastLine = new Map<number, number>();
  for (let step = 1; step < lines.length; step++) {
    const [line, before] = [lines[step]!, lines[step - 1]!];
    if (line <= before) lastLine.set(line, Math.max(lastLine.get(line) ?? line, before));
  }
  const loops: Loop[] = [];
  for (const [first, last] of lastLine) {
    const starts = Int32Array.from(steps.get(first) ?? []);
    const run = new Int32Array(starts.length);
    for (let index = 1; index < starts.length; index++) {
      let left = false;
      for (let step = starts[index - 1]! + 1; step < starts[index]! && !left; step++) left = lines[step]! < first || lines[step]! > last;
      run[index] = run[index - 1]! + (left ? 1 : 0);
    }
    loops.push({ first, last, starts, run });
  }
  return loops.sort((a, b) => a.first - b.first || b.last - a.last);
}

function lastAtOrBefore(sorted: Int32Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function isSame(a: Value | undefined, b: Value): boolean {
  return a !== undefined && (a === b || JSON.stringify(a, bigintAsText) === JSON.stringify(b, bigintAsText));
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** Whether a line names a variable; a loop asks the same again and again. */
class NameFinder {
  private readonly sourceLine: (line: number) => string | undefined;
  private readonly found = new Map<number, Set<string>>();

  constructor(sourceLine: (line: number) => string | undefined) {
    this.sourceLine = sourceLine;
  }

  has(line: number, name: string): boolean {
    let names = this.found.get(line);
    if (names === undefined) {
      names = new Set(this.sourceLine(line)?.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
      this.found.set(line, names);
    }
    return names.has(name);
  }
}
