/**
 * `CAPTUREFLOW_REPORT=summary|skips` prints, when the build process ends, how many functions were instrumented and which were
 * not, with the reason. Nothing is skipped in silence; without the variable nothing is printed.
 */
import type { Plan } from '@captureflow/core';

export interface Report {
  add(plan: Plan): void;
}

export function createReport(): Report {
  const mode = process.env['CAPTUREFLOW_REPORT'];
  if (mode !== 'summary' && mode !== 'skips') return { add: () => {} };
  const plans = new Map<string, Plan>();
  process.once('exit', () => {
    const all = [...plans.values()];
    const instrumented = all.reduce((sum, plan) => sum + plan.functions.length, 0);
    const skipped = all.flatMap((plan) => plan.skippedFunctions.map((fn) => `${plan.moduleId}:${fn.line}:${fn.column} ${fn.name} ${fn.reason}`));
    const files = all.flatMap((plan) => (plan.skipped === undefined ? [] : [`${plan.moduleId} (file) ${plan.skipped}`]));
    const lines = [`[captureflow] ${instrumented} of ${instrumented + skipped.length} functions instrumented`];
    if (mode === 'skips') lines.push(...[...files, ...skipped].map((line) => `[captureflow]   skipped ${line}`));
    process.stderr.write(`${lines.join('\n')}\n`);
  });
  return { add: (plan) => void plans.set(plan.moduleId, plan) };
}
