/**
 * Which requests are written where writing all of them would take more than the budget: as many as a part of it pays for. What no function's rung can save is saved here. A request
 * that failed, was asked for, is among the slowest or is the first of its name for a second may go into debt. Pure: time and cost are given.
 */
import { createKeep } from './keep-policy.ts';
import type { KeepReason } from './keep-policy.ts';
import { mapHas, mapSet, max, min } from './primordials.ts';
import type { RootSummary } from './recorder-config.ts';

/** The rest is the functions'. What is not spent here they get, too. */
const ROOTS_PART = 0.5;
/** Ms for which it is saved up at most: a page that asks for sixty things at once sees them all. A second let a server that idled between portions of load write nearly everything. */
const SAVED_MS = 250;
/** What has to be written may owe more than what is worth it: in all this many times what is saved up. */
const MOST_OWED = 8;
/** The worth of what is owed for those that tell something. */
const OWED_FOR_TELLING = 4;
/** How often a name is written, and for how long after the last refusal the others are called a sample, ms. */
const NAME_MS = 1000;
/** More names than these are no names of routes. */
const MOST_NAMES = 64;
const SLOW_PERCENTILE = 99;

export class RootAllowance {
  readonly #telling: (summary: RootSummary) => KeepReason | undefined = createKeep({ slowPercentile: SLOW_PERCENTILE }, () => 1);
  /** Written names of this second. */
  #names: Map<string, true> = new Map();
  #nameCount: number = 0;
  #namesSince: number;
  #balance: number = Number.POSITIVE_INFINITY;
  #time: number;
  #cost: number;
  #refusedAt: number = Number.NEGATIVE_INFINITY;

  /** `cost`: ms that ends of roots have taken up to now, whatever the origin. */
  constructor(time: number, cost: number) {
    this.#time = time;
    this.#namesSince = time;
    this.#cost = cost;
  }

  /**
   * Why the root is written: `all` while there is plenty; undefined: it is not. To be asked of every root, because it learns what is usual. `budget`: the share of time that recording
   * may take now.
   */
  reasonFor(summary: RootSummary, time: number, cost: number, budget: number): KeepReason | undefined {
    const perMs = budget * ROOTS_PART;
    const most = perMs * SAVED_MS;
    this.#balance = max(-MOST_OWED * most, min(most, this.#balance + (time - this.#time) * perMs - (cost - this.#cost)));
    this.#time = time;
    this.#cost = cost;
    const telling = this.#telling(summary) ?? (summary.failed ? 'threw' : undefined);
    const isNewName = this.#isNewName(summary.root.name, time);
    // The end of the process must not be waited for, and what has begun is finished.
    if (!summary.ended || telling === 'asked' || telling === 'earlier') return telling ?? 'all';
    const isFirstPart = summary.part === 0;
    if (isFirstPart && this.#balance > 0) return time - this.#refusedAt < NAME_MS ? (telling ?? 'sample') : 'all';
    if (this.#balance > -OWED_FOR_TELLING * most) {
      if (telling !== undefined) return telling;
      if (isFirstPart && isNewName) return 'sample';
    }
    this.#refusedAt = time;
    return undefined;
  }

  #isNewName(name: string, time: number): boolean {
    if (time - this.#namesSince >= NAME_MS) {
      this.#names = new Map();
      this.#nameCount = 0;
      this.#namesSince = time;
    }
    if (this.#nameCount >= MOST_NAMES || mapHas(this.#names, name)) return false;
    mapSet(this.#names, name, true);
    this.#nameCount++;
    return true;
  }
}
