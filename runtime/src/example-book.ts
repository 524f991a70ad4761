/**
 * Which calls are worth keeping as examples: a few of each function, and a few of each distinct outcome of it. Pure; bounded.
 */
import { mapGet, mapHas, mapSet, mapSize } from './primordials.ts';

/** Calls of a function that are kept whatever comes out. */
export const FIRST_EXAMPLES = 5;
/** Calls kept of each outcome. */
const EXAMPLES_PER_OUTCOME = 3;
/** Distinct outcomes that are told apart for a function; what comes after counts as one. */
const MOST_OUTCOMES = 64;
/** Distinct outcomes of all functions together. */
const MOST_ENTRIES = 100_000;

interface Page {
  calls: number;
  readonly outcomes: Map<string, number>;
}

export class ExampleBook {
  readonly #pages: Map<number, Page> = new Map();
  #entries: number = 0;

  /** True when this call is worth keeping; counts it. */
  note(fn: number, outcome: string): boolean {
    let page = mapGet(this.#pages, fn) as Page | undefined;
    if (page === undefined) {
      page = { calls: 0, outcomes: new Map() };
      mapSet(this.#pages, fn, page);
    }
    page.calls++;
    const known = mapHas(page.outcomes, outcome) || (mapSize(page.outcomes) < MOST_OUTCOMES && this.#entries < MOST_ENTRIES);
    const name = known ? outcome : '';
    const seen = (mapGet(page.outcomes, name) as number | undefined) ?? 0;
    if (seen === 0) this.#entries++;
    mapSet(page.outcomes, name, seen + 1);
    return page.calls <= FIRST_EXAMPLES || seen < EXAMPLES_PER_OUTCOME;
  }
}
