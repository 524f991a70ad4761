/**
 * The edits of a plan by place, as text, each handed out once; what is left over at the end shows that emitter and plan disagree.
 * A binding is its name here: text is inserted before any compiler renames declarations with their uses (H83).
 */
import type { Code, FunctionPlan, Plan } from '@captureflow/core';

export type ListPlace = 'before' | 'after' | 'head' | 'tail' | 'split';
export type WrapPlace = 'return' | 'pause' | 'operand' | 'write' | 'iterated';

/** Text around a user's expression; all of it in `open` where there is none. */
export interface Wrap {
  readonly open: string;
  readonly close: string;
}

export interface PlaceIndex {
  /** All text for that place, in the plan's order; empty when there is none. */
  take(at: ListPlace, start: number): string;
  takeWrap(of: WrapPlace, start: number): Wrap | undefined;
  takeHoist(start: number): boolean;
  takeFunction(bodyStart: number): FunctionPlan | undefined;
  /** A statement starting there, or the list that is this statement alone, has insertions left. */
  touches(start: number): boolean;
  /** A place of the plan lies in `[start, end)`. */
  reaches(start: number, end: number): boolean;
  firstUnused(): { readonly what: string; readonly offset: number } | undefined;
}

export function createPlaceIndex(plan: Plan): PlaceIndex {
  const texts = { before: new Map(), after: new Map(), head: new Map(), tail: new Map(), split: new Map() } satisfies Record<
    ListPlace,
    Map<number, string>
  >;
  const wraps = { return: new Map(), pause: new Map(), operand: new Map(), write: new Map(), iterated: new Map() } satisfies Record<
    WrapPlace,
    Map<number, Wrap>
  >;
  const hoists = new Map<number, true>();
  const functions = new Map<number, FunctionPlan>();
  const starts: number[] = [];
  for (const fn of plan.functions) {
    functions.set(fn.bodyStart, fn);
    starts.push(fn.bodyStart);
    for (const edit of fn.edits) {
      starts.push(edit.start);
      if (edit.at === 'hoist') hoists.set(edit.start, true);
      else if (edit.at === 'wrap') wraps[edit.of].set(edit.start, splitAtHole(edit.code));
      else texts[edit.at].set(edit.start, (texts[edit.at].get(edit.start) ?? '') + toText(edit.code));
    }
  }
  const places = Int32Array.from(starts).sort();
  const all: Readonly<Record<string, Map<number, unknown>>> = { ...texts, ...wraps, hoist: hoists, 'a function body': functions };

  return {
    take: (at, start) => takeFrom<string>(texts[at], start) ?? '',
    takeWrap: (of, start) => takeFrom<Wrap>(wraps[of], start),
    takeHoist: (start) => hoists.delete(start),
    takeFunction: (bodyStart) => takeFrom(functions, bodyStart),
    touches: (start) => texts.before.has(start) || texts.after.has(start) || texts.head.has(start) || texts.tail.has(start),
    reaches: (start, end) => (places[lowerBound(places, start)] ?? Infinity) < end,
    firstUnused() {
      for (const [what, map] of Object.entries(all)) {
        const [offset] = map.keys();
        if (offset !== undefined) return { what: map === functions ? what : `the place of "${what}"`, offset };
      }
      return undefined;
    },
  };
}

/** Code without an expression hole. */
export function toText(code: Code): string {
  let text = '';
  for (const piece of code) text += typeof piece === 'string' ? piece : 'name' in piece ? piece.name : '';
  return text;
}

function splitAtHole(code: Code): Wrap {
  const hole = code.findIndex((piece) => typeof piece !== 'string' && 'hole' in piece);
  return hole < 0 ? { open: toText(code), close: '' } : { open: toText(code.slice(0, hole)), close: toText(code.slice(hole + 1)) };
}

function takeFrom<T>(map: Map<number, T>, start: number): T | undefined {
  const found = map.get(start);
  if (found !== undefined) map.delete(start);
  return found;
}

/** Index of the first of `sorted` that is not below `value`. */
function lowerBound(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
