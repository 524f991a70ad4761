/**
 * Figures of a bench against budgets. A budget is broken when it is exceeded by more than the noise that the same run measured (plain against plain), so that a
 * busy machine breaks none.
 */
import { geometricMean, judgeBudget } from 'captureflow/measure';

/** Figures that are times plain: plain against plain shows their noise, and 1 costs nothing. */
const TIMES = ['mean', 'worst', 'ratio'];

/**
 * @param {object} report what `bench --json` wrote
 * @param {Readonly<Record<string, readonly { variant: string, case?: string, figure: string, atMost: number, goal?: number }[]>>} budgets by suite; `mean` and
 *   `worst` are ratios over the programs of a suite, `added` the most nanoseconds a call; any other is a figure of that name, the largest of all cases
 * @returns {readonly { suite: string, variant: string, figure: string, value: number, noise: number, atMost: number, goal: number | undefined,
 *   verdict: 'kept' | 'kept within noise' | 'too noisy to tell' | 'broken' | 'not measured' }[]}
 */
export function checkBudgets(report, budgets) {
  return Object.entries(budgets)
    .filter(([, list]) => Array.isArray(list))
    .flatMap(([suite, list]) => list.map((budget) => judge(suite, budget, report.suites[suite])));
}

function judge(suite, budget, figures) {
  const { variant, figure, atMost, goal } = budget;
  const base = { suite, variant: budget.case === undefined ? variant : `${budget.case}: ${variant}`, figure, atMost, goal };
  const wanted = programsOf(suite, figures ?? []).filter(({ title }) => budget.case === undefined || title === budget.case);
  const of = (name) => wanted.map(({ variants }) => variants.find((row) => row.variant === name)).filter((row) => row !== undefined);
  const measured = of(variant);
  if (measured.length === 0) return { ...base, value: Number.NaN, noise: Number.NaN, verdict: 'not measured' };
  const value = combine(figure, measured);
  const noise = noiseOf(figure, of('control'));
  return { ...base, value, noise, verdict: judgeBudget({ value, noise, atMost, nothing: TIMES.includes(figure) ? 1 : 0 }) };
}

/** A suite of programs lists them; one of a single program lists its variants. */
function programsOf(suite, figures) {
  return figures.every((one) => 'variants' in one) ? figures : [{ title: suite, variants: figures }];
}

function combine(figure, rows) {
  if (figure === 'added') return Math.max(...rows.map(({ addedNs }) => addedNs));
  if (figure === 'mean') return geometricMean(rows.map(({ ratio }) => ratio));
  const key = figure === 'worst' ? 'ratio' : figure;
  return Math.max(...rows.map((row) => row[key]));
}

/** What plain differs from plain by, in the unit of the figure: of one program the wider side of its interval, of all of them their mean. */
function noiseOf(figure, controls) {
  const widths = controls.map(({ interval: [low, high], nsPerCall }) => Math.max(high - 1, 1 - low) * (figure === 'added' ? nsPerCall : 1));
  if (widths.length === 0 || !(TIMES.includes(figure) || figure === 'added')) return 0;
  return figure === 'mean' ? widths.reduce((sum, width) => sum + width, 0) / widths.length : Math.max(...widths);
}
