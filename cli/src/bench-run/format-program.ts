/** What was measured as a table that fits a terminal and a pull request. */
import { formatInterval, type Table } from '../measure/format-table.ts';
import type { JudgedBudget, ProgramFigures } from './measure-variants.ts';

const VERDICTS: Readonly<Record<JudgedBudget['verdict'], string>> = {
  kept: 'budget kept',
  'kept within noise': 'over budget, but within the noise',
  'too noisy to tell': 'too noisy to tell',
  broken: '**budget broken**',
};

export function formatProgram({ name, command, rounds, variants, budgets, warnings }: ProgramFigures): Table {
  const on = variants.find(({ variant }) => variant === 'on');
  const recorded =
    on === undefined
      ? []
      : [
          `${on.calls.toLocaleString('en-US')} calls of instrumented functions, ${on.spans.toLocaleString('en-US')} of them recorded as spans.`,
        ];
  return {
    title: `What recording costs ${name}`,
    head: ['', 'processor ms', 'times plain', '95 %', 'at most', 'wall ms', 'times plain', 'peak MB', ''],
    rows: variants.map((row) => {
      const budget = budgets.find(({ variant }) => variant === row.variant);
      const reference = row.variant === 'plain';
      const noted = reference || row.variant === 'control' ? '' : row.effect;
      return [
        row.title,
        row.cpuMs.toFixed(0),
        reference ? '' : row.cpuRatio.toFixed(2),
        reference ? '' : formatInterval(row.cpuInterval),
        budget === undefined ? '' : budget.atMost.toFixed(2),
        row.wallMs.toFixed(0),
        reference ? '' : row.wallRatio.toFixed(2),
        row.peakMb.toFixed(0),
        budget === undefined ? noted : VERDICTS[budget.verdict],
      ];
    }),
    notes: [
      `\`${command}\`, ${rounds} interleaved rounds of fresh processes; medians, 95 % bootstrap intervals. ${recorded.join('')}`.trim(),
      ...warnings.map((warning) => `Note: ${warning}`),
    ],
  };
}
