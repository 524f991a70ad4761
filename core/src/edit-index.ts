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

type Place = ListPlace | WrapTarget;

export function createEditIndex(plan: Plan): EditIndex {
  const codes: Readonly<Record<Place, Map<number, Code>>> = {
    before: new Map(),
    after: new Map(),
    head: new Map(),
    tail: new Map(),
    split: new Map(),
    return: new Map(),
    pause: new Map(),
    operand: new Map(),
    write: new Map(),
    iterated: new Map(),
  };
  const hoists = new Set<number>();
  const functions = new Map<number, FunctionPlan>();
  const starts: number[] = [];
  for (const fn of plan.functions) {
    functions.set(fn.bodyStart, fn);
    starts.push(fn.bodyStart);
    for (const edit of fn.edits) {
      starts.push(edit.start);
      if (edit.at === 'hoist') hoists.add(edit.start);
      else {
        const there = codes[edit.at === 'wrap' ? edit.of : edit.at];
        const earlier = there.get(edit.start);
        there.set(edit.start, earlier === undefined ? edit.code : [...earlier, ...edit.code]);
      }
    }
  }
  const places = Int32Array.from(starts).sort();
  let near = 0;
  const takeFrom = (place: Place, start: number): Code | undefined => {
    const code = codes[place].get(start);
    if (code !== undefined) codes[place].delete(start);
    return code;
  };
  return {
    take: (at, start) => takeFrom(at, start) ?? NOTHING,
    takeWrap: takeFrom,
    takeHoist: (start) => hoists.size > 0 && hoists.delete(start),
    takeFunction(bodyStart) {
      const fn = functions.get(bodyStart);
      functions.delete(bodyStart);
      return fn;
    },
    has: (of, start) => codes[of].has(start),
    touches: (start) => codes.before.has(start) || codes.after.has(start) || codes.head.has(start) || codes.tail.has(start),
    reaches(start, end) {
      // Emitters ask in the order of the source, so the answer is near the one before.
      for (let steps = 0; near < places.length && (places[near] as number) < start; near++)
        if (++steps > NEAR) {
          near = lowerBound(places, start);
          break;
        }
      for (let steps = 0; near > 0 && (places[near - 1] as number) >= start; near--)
        if (++steps > NEAR) {
          near = lowerBound(places, start);
          break;
        }
      return (places[near] ?? Infinity) < end;
    },
    firstUnused() {
      const [bodyStart] = functions.keys();
      if (bodyStart !== undefined) return { what: 'a function body', offset: bodyStart };
      for (const [what, map] of [...Object.entries(codes), ['hoist', hoists] as const]) {
        const [offset] = map.keys();
        if (offset !== undefined) return { what: `the place of "${what}"`, offset };
      }
      return undefined;
    },
  };
}

const NOTHING: Code = [];
const NEAR = 8;

/** Index of the first of `sorted` that is not below `value`. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
