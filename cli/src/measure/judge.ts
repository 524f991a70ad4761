/**
 * What may be said of a figure. A control (plain against plain) shows the noise of a run; nothing that lies within it is claimed, and what lies
 * within a noise wider than the question is "too noisy to tell".
 */

export type EffectVerdict = 'slower' | 'faster' | 'within noise' | 'too noisy to tell';
export type BudgetVerdict = 'kept' | 'kept within noise' | 'too noisy to tell' | 'broken';
export type Interval = readonly [low: number, high: number];

/** A control that is wider than this answers no question about a ratio. */
const TELLING = 0.1;

/** How far `control`'s ratio of plain to plain may lie from 1. */
export function noiseOf([low, high]: Interval): number {
  return Math.max(high - 1, 1 - low, 0);
}

/** A claim needs an effect larger than the noise and an interval that leaves 1 out. */
export function judgeEffect(ratio: number, [low, high]: Interval, control: Interval): EffectVerdict {
  const effect = Math.abs(ratio - 1);
  const noise = noiseOf(control);
  if (low > 1 && effect > noise) return 'slower';
  if (high < 1 && effect > noise) return 'faster';
  return control[1] - control[0] > Math.max(effect, TELLING) ? 'too noisy to tell' : 'within noise';
}

export interface BudgetQuestion {
  readonly value: number;
  /** Lower bound of `value`'s own interval. Default: `value`. */
  readonly low?: number;
  /** What plain differs from plain by, in the unit of `value`. */
  readonly noise: number;
  readonly atMost: number;
  /** The value that costs nothing. Default: 1, as ratios have it. */
  readonly nothing?: number;
}

/**
 * A budget is broken when it is exceeded by more than the noise, so that a busy machine breaks none. Noise that is wider than both the effect and what the
 * budget allows would keep any budget: that is said instead.
 */
export function judgeBudget({ value, low = value, noise, atMost, nothing = 1 }: BudgetQuestion): BudgetVerdict {
  if (Math.min(low, value - noise) > atMost) return 'broken';
  if (noise > Math.abs(value - nothing) && noise > atMost - nothing) return 'too noisy to tell';
  return value <= atMost ? 'kept' : 'kept within noise';
}
