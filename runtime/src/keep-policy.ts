/**
 * Which finished roots are worth shipping: the flight recorder's decision, made before anything is encoded. Pure but for the
 * durations it remembers. Must not look at events: dropping a root has to cost nothing.
 */
import { DurationHistogram } from './duration-histogram.ts';
import { mapGet, mapSet } from './primordials.ts';
import type { RootSummary } from './recorder-config.ts';

/** A root is kept when one of these holds; what is not named does not count, but for `asked`. */
export interface KeepPolicy {
  /** A function threw, caught or not, or the root failed. */
  readonly threw?: boolean;
  /** The root took at least so many ms. */
  readonly slowMs?: number;
  /** The root took longer than this percentage of the last thousands of its kind; says nothing before 100 of them are known. */
  readonly slowPercentile?: number;
  /** A function ran that had run fewer than 8 times, or not for a minute. */
  readonly rare?: boolean;
  /** This share of all roots, by chance. */
  readonly sample?: number;
  /** `keep()` was called in it, or its request had the header `x-captureflow: keep`. Default: true. */
  readonly asked?: boolean;
}

/** Why a root was kept. `all`: no policy. `callback`: the program's own function said so. `earlier`: a part of it had been kept. */
export type KeepReason = 'all' | 'asked' | 'callback' | 'earlier' | 'rare' | 'sample' | 'slow' | 'threw';

export type Keep = KeepPolicy | ((summary: RootSummary) => 'keep' | 'drop');

/** Roots of a kind that must be known before one of them can be called slow. */
const FEWEST_KNOWN = 100;

/** Makes the decision for one recording: the first reason that holds, or undefined. `random`: from 0 to below 1. */
export function createKeep(keep: Keep | undefined, random: () => number): (summary: RootSummary) => KeepReason | undefined {
  if (keep === undefined) return () => 'all';
  if (typeof keep === 'function') return (summary) => (keep(summary) === 'drop' ? undefined : 'callback');
  const durations = new Map<string, DurationHistogram>();
  return (summary) => {
    const slow = keep.slowPercentile === undefined ? false : isSlowest(durations, summary, keep.slowPercentile);
    if (summary.earlierKept) return 'earlier';
    if (summary.asked && keep.asked !== false) return 'asked';
    if (keep.threw === true && (summary.failed || summary.throws > 0)) return 'threw';
    // Later parts are not what the root took; chance is asked once.
    const first = summary.part === 0;
    if (first && (slow || (keep.slowMs !== undefined && summary.duration >= keep.slowMs))) return 'slow';
    if (keep.rare === true && summary.rare) return 'rare';
    if (first && keep.sample !== undefined && random() < keep.sample) return 'sample';
    return undefined;
  };
}

/** Compares, then remembers. */
function isSlowest(durations: Map<string, DurationHistogram>, summary: RootSummary, percentile: number): boolean {
  if (!summary.ended || summary.part > 0) return false;
  const { kind } = summary.root;
  let known = mapGet(durations, kind) as DurationHistogram | undefined;
  if (known === undefined) {
    known = new DurationHistogram();
    mapSet(durations, kind, known);
  }
  const slow = known.count >= FEWEST_KNOWN && known.shareBelow(summary.duration) * 100 >= percentile;
  known.add(summary.duration);
  return slow;
}
