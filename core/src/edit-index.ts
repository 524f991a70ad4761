/**
 * The edits of a plan by place, each handed out once; what is left over at the end shows that emitter and plan disagree.
 */
import type { Code, FunctionPlan, Plan, WrapTarget } from './plan.ts';

type ListPlace = 'before' | 'after' | 'head' | 'tail' | 'split';

export interface EditIndex {
  /** All code for that place, in the plan's order; empty when there is none. */
  take(at: ListPlace, start: number): Code;
  takeWrap(of: WrapTarget, start: number): Code | undefined;
  takeHoist(start: number): boolean;
  takeFunction(bodyStart: number): FunctionPlan | undefined;
  has(of: WrapTarget, start: number): boolean;
  /** A statement starting there, or the list that is this statement alone, has insertions. */
  touches(start: number): boolean;
  /** A place of the plan lies in `[start, end)`. */
  reaches(start: number, end: number): boolean;
  firstUnused(): { readonly what: string; readonly offset: number } | undefined;
}

export function createEditIndex(plan: Plan): EditIndex {
  const codes = new Map<string, Code>();
  const functions = new Map<number, FunctionPlan>();
  for (const fn of plan.functions) {
    functions.set(fn.bodyStart, fn);
    for (const edit of fn.edits) {
      const key = `${edit.at === 'wrap' ? edit.of : edit.at}:${edit.start}`;
      const code = edit.at === 'hoist' ? [''] : edit.code;
      codes.set(key, [...(codes.get(key) ?? []), ...code]);
    }
  }
  const places = placesOf(plan);
  const takeKey = (key: string): Code | undefined => {
    const code = codes.get(key);
    codes.delete(key);
    return code;
  };
  return {
    take: (at, start) => takeKey(`${at}:${start}`) ?? [],
    takeWrap: (of, start) => takeKey(`${of}:${start}`),
    takeHoist: (start) => takeKey(`hoist:${start}`) !== undefined,
    takeFunction(bodyStart) {
      const fn = functions.get(bodyStart);
      functions.delete(bodyStart);
      return fn;
    },
    has: (of, start) => codes.has(`${of}:${start}`),
    touches: (start) => (['before', 'after', 'head', 'tail'] as const).some((at) => codes.has(`${at}:${start}`)),
    reaches: (start, end) => (places[lowerBound(places, start)] ?? Infinity) < end,
    firstUnused() {
      const [bodyStart] = functions.keys();
      if (bodyStart !== undefined) return { what: 'a function body', offset: bodyStart };
      const [key] = codes.keys();
      if (key === undefined) return undefined;
      const [what, offset] = key.split(':') as [string, string];
      return { what: `the place of "${what}"`, offset: Number(offset) };
    },
  };
}

function placesOf(plan: Plan): Int32Array {
  return Int32Array.from(plan.functions.flatMap((fn) => [fn.bodyStart, ...fn.edits.map((edit) => edit.start)])).sort();
}

/** Index of the first of `sorted` that is not below `value`. */
export function lowerBound(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
