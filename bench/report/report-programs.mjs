/** The programs of a suite, one after the other: each is built, measured, and printed as soon as it is known; then what they say together. */
import { measureProgram } from '../measure/measure-program.mjs';
import { programTable } from './program-table.mjs';

/**
 * @param {object} context of the command: `only` (the cases), `node`, `rounds`, `ms`, `progress`, `print`
 * @param {{ variants: readonly object[], build(title: string): Promise<Record<string, string>>, summarize(figures: readonly object[]): object, barsOf(figure: object): readonly object[], refine?(figure: object): object }} suite  `refine` adds figures of the suite's own
 * @returns `{ figures, tables, bars }`, the summary first
 */
export async function reportPrograms({ only, ...context }, { variants, build, summarize, barsOf, refine = (figure) => figure }) {
  const figures = [];
  const tables = [];
  const titles = Object.fromEntries(variants.slice(1).map((variant) => [variant.name, variant.title]));
  for (const title of only) {
    const measured = refine(await measureProgram({ title, files: await build(title), variants, ...context }));
    figures.push(measured);
    tables.push(programTable(measured, titles));
    context.print(tables.at(-1));
  }
  const summary = summarize(figures);
  context.print(summary);
  return { figures, tables: [summary, ...tables], bars: figures.flatMap(barsOf) };
}
