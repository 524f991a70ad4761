/** What does a call cost, by what it does? Small programs of our own, each about one thing. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../measure/build-program.mjs';
import { measureProgram } from '../measure/measure-program.mjs';
import { programTable } from '../report/program-table.mjs';

const LEVEL = 'locals';

const TITLES = {
  control: 'plain again (noise)',
  off: 'off, never started',
  after: 'off after recording',
  calls: 'recording calls',
  values: 'recording values',
  locals: 'recording locals',
};

const everything = (level) => ({ prepare: 'captureflow', options: { start: { level, budget: 1, maxBytes: 2 ** 29 } }, build: LEVEL });

const VARIANTS = [
  { name: 'plain', prepare: 'nothing', build: 'plain' },
  { name: 'control', prepare: 'nothing', build: 'plain' },
  { name: 'off', prepare: 'nothing', build: LEVEL },
  { name: 'after', prepare: 'captureflow', options: { start: { budget: 1 }, stop: true }, build: LEVEL },
  { name: 'calls', ...everything('calls') },
  { name: 'values', ...everything('values') },
  { name: 'locals', ...everything('locals') },
];

export const name = 'micro';
export const cases = readdirSync(new URL('cases/', import.meta.url)).map((file) => file.replace(/\.js$/, ''));

export async function run({ only, ...context }) {
  const figures = [];
  const tables = [];
  for (const title of only) {
    const input = fileURLToPath(new URL(`cases/${title}.js`, import.meta.url));
    const files = await buildProgram({ input, name: `micro-${title}`, levels: [LEVEL] });
    const measured = await measureProgram({ title, files, variants: VARIANTS, ...context });
    figures.push(measured);
    tables.push(programTable(measured, TITLES));
    context.print(tables.at(-1));
  }
  return { figures, tables, bars: [] };
}
