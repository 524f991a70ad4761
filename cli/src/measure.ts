/**
 * How figures are taken, judged and shown, by `captureflow bench` and by this project's own bench alike. Not for others: it changes without notice.
 */
export { describeMachine, formatMachine, type Machine } from './measure/describe-machine.ts';
export { formatInterval, formatTable, type Table } from './measure/format-table.ts';
export { interleave, type Lane } from './measure/interleave.ts';
export {
  type BudgetQuestion,
  type BudgetVerdict,
  type EffectVerdict,
  type Interval,
  judgeBudget,
  judgeEffect,
  noiseOf,
} from './measure/judge.ts';
export { geometricMean, interval, median, quantile } from './measure/statistics.ts';
