/** The programs of a suite, one after the other: each is built, measured, and printed as soon as it is known; then what they say together. */
import { measureProgram } from '../measure/measure-program.mjs';
import { programTable } from './program-table.mjs';

/**
 * @param {object} context of the command: `only` (the cases), `node`, `rounds`, `ms`, `progress`, `print`
 * @param {{ variants: readonly object[], build(title: string): Promise<Record<string, string>>, summarize(figures: readonly object[]): object,
 *   barsOf(figure: object): readonly object[], refine?(figure: object): object }} suite `refine` adds figures of the suite's own
 * @returns `{ figures, tables, bars, failures }`, the summary first; a program that failed is in the last and nowhere else
 */
export async function reportPrograms({ only, ...context }, { variants, build, summarize, barsOf, refine = (figure) => figure }) {
  const figures = [];
  const tables = [];
  const failures = [];
  const titles = Object.fromEntries(variants.slice(1).map((variant) => [variant.name, variant.title]));
  for (const title of only) {
    try {
      figures.push(refine(await measureProgram({ title, files: await build(title), variants, ...context })));
    } catch (error) {
      failures.push(`${title}: ${error.stack}`);
      continue;
    }
    tables.push(programTable(figures.at(-1), titles));
    context.print(tables.at(-1));
  }
  if (figures.length === 0) return { figures, tables, bars: [], failures };
  const summary = summarize(figures);
  if (failures.length > 0)
    summary.notes = [...(summary.notes ?? []), `Not in these figures, for they failed: ${failures.length} of ${only.length}.`];
  context.print(summary);
  return { figures, tables: [summary, ...tables], bars: figures.flatMap(barsOf), failures };
}
