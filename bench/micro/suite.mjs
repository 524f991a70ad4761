/** What does a call cost, by what it does? Small programs of our own, each about one thing. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../measure/build-program.mjs';
import { reportPrograms } from '../report/report-programs.mjs';

const LEVEL = 'locals';

const everything = (level) => ({ prepare: 'captureflow', options: { start: { level, budget: 1, maxBytes: 2 ** 29 } }, build: LEVEL });

const VARIANTS = [
  { name: 'plain', prepare: 'nothing', build: 'plain', title: 'plain' },
  { name: 'control', prepare: 'nothing', build: 'plain', title: 'plain again (noise)' },
  { name: 'off', prepare: 'nothing', build: LEVEL, title: 'off, never started' },
  { name: 'after', prepare: 'captureflow', options: { start: { budget: 1 }, stop: true }, build: LEVEL, title: 'off after recording' },
  // A budget that pays for nothing: what is left is the governor's floor.
  { name: 'counts', prepare: 'captureflow', options: { start: { budget: 1e-9 } }, build: LEVEL, title: 'calls counted only' },
  { name: 'calls', ...everything('calls'), title: 'recording calls' },
  { name: 'values', ...everything('values'), title: 'recording values' },
  { name: 'locals', ...everything('locals'), title: 'recording locals' },
];

/** What a call is where one is not the other. */
const NOTES = [
  'async: a call awaits three times. generator: a call yields sixteen times. throw: one of six calls throws, through two functions to a catch.',
];

export const name = 'micro';
export const cases = readdirSync(new URL('cases/', import.meta.url)).map((file) => file.replace(/\.js$/, ''));

export function run(context) {
  const build = (title) =>
    buildProgram({ input: fileURLToPath(new URL(`cases/${title}.js`, import.meta.url)), name: `micro-${title}`, levels: [LEVEL] });
  return reportPrograms(context, { variants: VARIANTS, build, summarize, barsOf: () => [] });
}

/** Nanoseconds a call, and what was added to the bytes a call allocates. */
function summarize(figures) {
  const cell = ({ nsPerCall, addedBytes }) => `${nsPerCall.toFixed(1)} (${addedBytes < 0.05 ? 0 : addedBytes.toFixed(1)} B)`;
  return {
    title: 'A call: ns (and bytes allocated beside those of plain)',
    head: ['', ...VARIANTS.map(({ title }) => title)],
    rows: figures.map(({ title, variants }) => [
      title,
      variants[0].nsPerCall.toFixed(1),
      variants[1].nsPerCall.toFixed(1),
      ...variants.slice(2).map(cell),
    ]),
    notes: NOTES,
  };
}
