/**
 * What one call did line by line, for stepping through it: a step is one statement that was about to run; values stand on the line that set
 * them; loops are found by the jumps back. Pure; must not know how a line looks.
 *
 * A line event announces its statement and carries what changed since the event before, so its values are the work of the line before, or of
 * the head of a loop or `catch` around it. Which of them, the text of the lines tells: nothing else knows it here.
 */
import type { LineEvent, NamedValue, Value } from '@captureflow/trace';

/** Lines above a statement in which the head of its loop is looked for. */
const FARTHEST_HEAD = 2000;
/** Longer ones stand in no source that people wrote. */
const LONGEST_NAME = 200;

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
  const texts = new LineTexts(sourceLine);
  const steps = new Map<number, number[]>();
  const values: LineValue[] = [];
  const known = new Map<string, Value>();
  events.forEach(({ line, changed }, step) => {
    const before = step > 0 ? lines[step - 1]! : line;
    const hits = steps.get(line);
    if (hits === undefined) steps.set(line, [step]);
    // `if (a) b;` is two statements and one visit.
    else if (step === 0 || before !== line || texts.repeats(line)) hits.push(step);
    for (const { name, value } of changed) {
      // A statement says what it may have changed; what it left as it was is the work of no line.
      if (isSame(known.get(name), value)) continue;
      known.set(name, value);
      values.push({ name, value, ...placeOf(name, line, before, step) });
    }
  });
  const last = lines.length - 1;
  for (const { name, value } of atEnd) {
    if (last < 0 || isSame(known.get(name), value)) continue;
    values.push({ name, value, line: lines[last]!, step: last });
  }
  return { lines, steps, values, loops: loopsOf(lines, steps, texts) };

  function placeOf(name: string, line: number, before: number, step: number): { readonly line: number; readonly step: number } {
    const done = { line: before, step: Math.max(step - 1, 0) };
    if (step > 0 && texts.assigns(before, name)) return done;
    if (texts.binds(line, name)) return { line, step };
    let named: number | undefined;
    for (let above = line - 1; above >= Math.max(firstLine, line - FARTHEST_HEAD); above--) {
      if (texts.binds(above, name)) return { line: above, step };
      if (texts.has(above, name)) named ??= above;
    }
    return (step > 0 && texts.has(before, name)) || named === undefined ? done : { line: named, step };
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

function loopsOf(lines: Int32Array, steps: ReadonlyMap<number, readonly number[]>, texts: LineTexts): Loop[] {
  const lastLine = new Map<number, number>();
  for (let step = 1; step < lines.length; step++) {
    const [line, before] = [lines[step]!, lines[step - 1]!];
    if (line < before || (line === before && texts.repeats(line))) lastLine.set(line, Math.max(lastLine.get(line) ?? line, before));
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

/** What a line's text says of variables, roughly; a loop asks the same again and again. */
class LineTexts {
  private readonly sourceLine: (line: number) => string | undefined;
  private readonly words = new Map<number, Set<string>>();
  private readonly answers = new Map<string, boolean>();

  constructor(sourceLine: (line: number) => string | undefined) {
    this.sourceLine = sourceLine;
  }

  has(line: number, name: string): boolean {
    let words = this.words.get(line);
    if (words === undefined) {
      words = new Set(this.sourceLine(line)?.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
      this.words.set(line, words);
    }
    return words.has(name);
  }

  /** Whether the same line again is another round of a loop; else it is the line's next statement. */
  repeats(line: number): boolean {
    if (['for', 'while', 'do'].some((word) => this.has(line, word))) return true;
    return !['if', 'else', 'case'].some((word) => this.has(line, word)) && !/;.*\S/.test(this.sourceLine(line) ?? '');
  }

  /** `name = …`, `name += …`, `name++` and the like. */
  assigns(line: number, name: string): boolean {
    return this.asks(line, name, '=', (word) => `${word}\\s*(?:=(?![=>])|[-+*/%&|^?<>]{1,3}=(?!=)|\\+\\+|--)|(?:\\+\\+|--)${word}`);
  }

  /** The head of a loop or of a `catch` that sets the name. */
  binds(line: number, name: string): boolean {
    return this.asks(line, name, 'for', (word) => `\\b(?:for\\s*(?:await\\s*)?|catch\\s*)\\((?:(?!\\s(?:of|in)\\s).)*?${word}`);
  }

  private asks(line: number, name: string, question: string, pattern: (word: string) => string): boolean {
    if (name.length > LONGEST_NAME || !this.has(line, name)) return false;
    const key = `${question} ${line} ${name}`;
    let answer = this.answers.get(key);
    if (answer === undefined) {
      const word = `(?<![\\p{ID_Continue}$.])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`;
      answer = new RegExp(pattern(word), 'u').test(this.sourceLine(line) ?? '');
      this.answers.set(key, answer);
    }
    return answer;
  }
}
