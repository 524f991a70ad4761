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
/** At first everything is written: what a program does in its first seconds is what somebody looks at, and code that is not compiled yet makes the first ends dear (10 ms). */
const FIRST_REQUESTS = 500;
/** And so many a second whatever they cost: nobody who tries a program by hand may look for his request. */
const LEAST_A_SECOND = 16;
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
  /** Names of this second. */
  #names: Map<string, true> = new Map();
  #nameCount: number = 0;
  #second: number;
  /** Roots written in this second, and of all. */
  #written: number = 0;
  #total: number = 0;
  #balance: number = Number.POSITIVE_INFINITY;
  #time: number;
  #cost: number;
  #refusedAt: number = Number.NEGATIVE_INFINITY;

  /** `cost`: ms that ends of roots have taken up to now, whatever the origin. */
  constructor(time: number, cost: number) {
    this.#time = time;
    this.#second = time;
    this.#cost = cost;
  }

  /**
   * Why the root is written: `all` while there is plenty; undefined: it is not. To be asked of every root, because it learns what is usual. `budget`: the share of time that recording
   * may take now.
   */
  reasonFor(summary: RootSummary, time: number, cost: number, budget: number): KeepReason | undefined {
    const perMs = budget * ROOTS_PART;
    const most = perMs * SAVED_MS;
    // What the first ones cost is nobody's debt.
    const least = this.#total < FIRST_REQUESTS ? 0 : -MOST_OWED * most;
    this.#balance = max(least, min(most, this.#balance + (time - this.#time) * perMs - (cost - this.#cost)));
    this.#time = time;
    this.#cost = cost;
    if (time - this.#second >= NAME_MS) this.#nextSecond(time);
    const reason = this.#decide(summary, time, most);
    if (reason === undefined) {
      this.#refusedAt = time;
    } else {
      this.#written++;
      this.#total++;
    }
    return reason;
  }

  #decide(summary: RootSummary, time: number, most: number): KeepReason | undefined {
    const telling = this.#telling(summary) ?? (summary.failed ? 'threw' : undefined);
    const isNewName = this.#isNewName(summary.root.name);
    // The end of the process must not be waited for, and what has begun is finished.
    if (!summary.ended || telling === 'asked' || telling === 'earlier') return telling ?? 'all';
    const isFirstPart = summary.part === 0;
    const pays = this.#balance > 0 || this.#total < FIRST_REQUESTS || this.#written < LEAST_A_SECOND;
    if (isFirstPart && pays) return time - this.#refusedAt < NAME_MS ? (telling ?? 'sample') : 'all';
    if (this.#balance <= -OWED_FOR_TELLING * most) return undefined;
    return telling ?? (isFirstPart && isNewName ? 'sample' : undefined);
  }

  #nextSecond(time: number): void {
    this.#second = time;
    this.#written = 0;
    this.#names = new Map();
    this.#nameCount = 0;
  }

  #isNewName(name: string): boolean {
    if (this.#nameCount >= MOST_NAMES || mapHas(this.#names, name)) return false;
    mapSet(this.#names, name, true);
    this.#nameCount++;
    return true;
  }
}
