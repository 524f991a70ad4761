/**
 * The edits of a plan by place, each handed out once; what is left over at the end shows that emitter and plan disagree.
 */
import type { Code, FunctionPlan, Plan, WrapTarget } from '@captureflow/core';

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
