/**
 * A text that a compiler before us made (types and JSX gone, Fast Refresh's calls in it), and what of it the user wrote where. Pure:
 * whoever reads the source map hands in its places.
 */
import { lowerBound } from './edit-index.ts';
import type { FileFacts, FunctionFacts } from './facts.ts';
import { createLineIndex, type LineIndex } from './line-index.ts';

/** Lines and columns are those of the user's file. */
export interface Origin extends LineIndex {
  /** The function is no user's: a helper of the compiler's. */
  isGenerated(fn: FunctionFacts): boolean;
  /** Undefined: names and comments are those of the text itself. */
  readonly written?: Written | undefined;
}

/** What the user wrote, read by itself: compilers drop comments and give names of their own. */
export interface Written {
  readonly source: string;
  readonly facts: FileFacts;
  /** Index in `facts` of the function that became `fn`; undefined: the compiler made it. */
  indexOf(fn: FunctionFacts): number | undefined;
  /** Where what begins at `made` begins in `source`; undefined where the map does not say. */
  offsetOf(made: number): number | undefined;
}

/** Two offsets at which the same begins: in the text that was made, and in the text that was written. */
export type OriginPlace = readonly [made: number, written: number];

export interface MadeText {
  readonly facts: FileFacts;
  /** Ascending by their first, each once. */
  readonly places: readonly OriginPlace[];
  readonly written: { readonly source: string; readonly facts: FileFacts };
}

export function createOrigin({ facts, places, written }: MadeText): Origin {
  const offsets = Int32Array.from(places, ([made]) => made);
  const exact = new Map(places);
  const functions = matchFunctions(facts, written.facts, offsets, exact);
  const lines = createLineIndex(written.source);
  // Arrows begin, and expressions end, without a place of their own in most maps.
  const known = new Map(exact);
  for (const [fn, index] of functions) {
    const user = written.facts.functions[index] as FunctionFacts;
    known
      .set(fn.start, user.start)
      .set(fn.bodyStart, user.bodyStart)
      .set(fn.bodyEnd - 1, user.bodyEnd - 1);
  }
  return {
    at(offset) {
      const next = lowerBound(offsets, offset);
      return lines.at(known.get(offset) ?? (places[next] ?? places[next - 1])?.[1] ?? 0);
    },
    isGenerated: (fn) => !functions.has(fn),
    written: { ...written, indexOf: (fn) => functions.get(fn), offsetOf: (made) => exact.get(made) },
  };
}

/**
 * Functions are the same whose start, body or end a map leads to one another. What is left over (`(n) => (a || b)` where a map says
 * neither) is the user's when something in it is: then the innermost function around that which no other became.
 */
function matchFunctions(
  made: FileFacts,
  written: FileFacts,
  offsets: Int32Array,
  exact: ReadonlyMap<number, number>,
): ReadonlyMap<FunctionFacts, number> {
  const starts = new Map(written.functions.map((fn, index) => [fn.start, index]));
  const bodies = new Map(written.functions.map((fn, index) => [fn.bodyStart, index]));
  const ends = new Map(written.functions.map((fn, index) => [fn.bodyEnd - 1, index]));
  const found = new Map<FunctionFacts, number>();
  const taken = new Set<number>();

  const matchAll = (find: (fn: FunctionFacts) => number | undefined): void => {
    // The innermost first.
    for (const fn of made.functions.toReversed()) {
      const index = found.has(fn) ? undefined : find(fn);
      if (index === undefined || taken.has(index)) continue;
      found.set(fn, index);
      taken.add(index);
    }
  };
  const within = (from: number, end: number): readonly number[] =>
    Array.from(offsets.subarray(lowerBound(offsets, from), lowerBound(offsets, end)), (offset) => exact.get(offset) as number);

  matchAll((fn) => {
    // An expression body that became a block: its place is behind the brace, or before a comment of the compiler's.
    const body = exact.get(fn.bodyStart) ?? within(fn.start, fn.bodyStart + 2).at(-1) ?? -1;
    return starts.get(exact.get(fn.start) ?? -1) ?? bodies.get(body) ?? ends.get(exact.get(fn.bodyEnd - 1) ?? -1);
  });
  matchAll((fn) => {
    const [inside] = within(fn.bodyStart, fn.bodyEnd);
    if (inside === undefined) return undefined;
    const index = written.functions.findLastIndex(
      (candidate, k) => !taken.has(k) && candidate.form === fn.form && candidate.start <= inside && inside < candidate.bodyEnd,
    );
    return index < 0 ? undefined : index;
  });
  return found;
}
