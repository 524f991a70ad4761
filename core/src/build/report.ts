/**
 * `CAPTUREFLOW_REPORT=summary|skips` prints, when the build process ends, how many functions were instrumented and which were
 * not, with the reason. Nothing is skipped in silence; without the variable nothing is printed.
 */
import type { Plan } from '../plan.ts';

/** By project root and module: `tspc -b` builds several projects in one process, a watching one builds files again. */
const plans = new Map<string, Plan>();
let isPrinting = false;

/** Notes what became of a file. Incremental builds make a transformer for every file, so the counts belong to the process. */
export function reportPlan(root: string, plan: Plan): void {
  const mode = process.env['CAPTUREFLOW_REPORT'];
  if (mode !== 'summary' && mode !== 'skips') return;
  plans.set(`${root}\n${plan.moduleId}`, plan);
  startReport();
}

/** For hosts whose last plans arrive while the process ends: what they hear of `exit` before this call is counted. */
export function startReport(): void {
  const mode = process.env['CAPTUREFLOW_REPORT'];
  if (isPrinting || (mode !== 'summary' && mode !== 'skips')) return;
  isPrinting = true;
  process.once('exit', () => process.stderr.write(describePlans([...plans.values()], mode === 'skips')));
}

function describePlans(all: readonly Plan[], withSkips: boolean): string {
  const instrumented = all.reduce((sum, plan) => sum + plan.functions.length, 0);
  const skipped = all.flatMap((plan) =>
    plan.skippedFunctions.map((fn) => `${plan.moduleId}:${fn.line}:${fn.column} ${fn.name} ${fn.reason}`),
  );
  const files = all.flatMap((plan) => (plan.skipped === undefined ? [] : [`${plan.moduleId} (file) ${plan.skipped}`]));
  const lines = [`${instrumented} of ${instrumented + skipped.length} functions instrumented`];
  if (withSkips) lines.push(...[...files, ...skipped].map((line) => `  skipped ${line}`));
  return lines.map((line) => `[captureflow] ${line}\n`).join('');
}
