/**
 * What does instrumentation cost programs that others wrote, each at its own job? Built at three levels; off, off again after having
 * recorded, as a flight recorder with the default budget, and everything recorded without a governor.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatInterval, geometricMean } from 'captureflow/measure';
import { buildProgram } from '../measure/build-program.mjs';
import { reportPrograms } from '../report/report-programs.mjs';

const LEVELS = ['values', 'locals', 'lines'];
/** No governor, and memory for all of a batch. */
const EVERYTHING = { budget: 1, maxBytes: 2 ** 29 };

/** The variants that have a budget are those of the picture. */
const BUDGETS = JSON.parse(readFileSync(new URL('../budgets/budgets.json', import.meta.url), 'utf8')).programs;

const VARIANTS = [
  { name: 'plain', prepare: 'nothing', build: 'plain', title: 'plain' },
  { name: 'control', prepare: 'nothing', build: 'plain', title: 'plain again (noise)' },
  ...LEVELS.flatMap((level) => [
    { name: `off@${level}`, prepare: 'nothing', build: level, title: `off, never started (${level})` },
    {
      name: `after@${level}`,
      prepare: 'captureflow',
      options: { start: EVERYTHING, stop: true },
      build: level,
      title: `off after recording (${level})`,
    },
  ]),
  {
    name: 'flight',
    prepare: 'captureflow',
    options: { start: { profile: 'production' }, drop: false },
    build: 'locals',
    title: 'flight recorder (locals)',
  },
  {
    // A budget that pays for nothing: what is left is the governor's floor.
    name: 'counts',
    prepare: 'captureflow',
    options: { start: { profile: 'production', budget: 1e-9 } },
    build: 'locals',
    title: 'calls counted only (locals)',
  },
  ...LEVELS.map((level) => ({
    name: `all@${level}`,
    prepare: 'captureflow',
    options: { start: { level, ...EVERYTHING } },
    build: level,
    title: `everything recorded (${level})`,
  })),
  {
    name: 'objects@values',
    prepare: 'captureflow',
    options: { start: { level: 'values', objects: 'all', ...EVERYTHING } },
    build: 'values',
    title: 'everything, every object in every call (values)',
  },
];

/** A call that costs so little is where a recorder costs most. */
const SMALL_NS = 10;

export const name = 'programs';
export const cases = readdirSync(new URL('cases/', import.meta.url)).map((file) => file.replace(/\.js$/, ''));

export function run(context) {
  const build = (title) => buildProgram({ input: inputOf(title), name: `program-${title}`, levels: LEVELS });
  return reportPrograms(context, { variants: VARIANTS, build, summarize, barsOf });
}

export function inputOf(title) {
  return fileURLToPath(new URL(`cases/${title}.js`, import.meta.url));
}

function summarize(figures) {
  const rows = VARIANTS.slice(1).map(({ name: variant, title }) => {
    const all = figures.map(({ variants }) => variants.find((row) => row.variant === variant));
    const ratios = all.map(({ ratio }) => ratio);
    const added = Math.max(...all.map(({ addedNs }) => addedNs));
    const budgets = BUDGETS.filter((budget) => budget.variant === variant).map(({ figure, atMost }) => `${figure} ${atMost}`);
    return [title, geometricMean(ratios).toFixed(2), Math.max(...ratios).toFixed(2), added.toFixed(1), budgets.join(', ')];
  });
  const plain = figures.map(({ title, variants: [{ nsPerCall }] }) => `${title} ${nsPerCall.toFixed(1)}`).join(', ');
  const small = figures
    .filter(({ variants: [{ nsPerCall }] }) => nsPerCall < SMALL_NS)
    .map(({ title }) => title)
    .join(', ');
  return {
    title: 'Real programs: times plain',
    head: ['', 'geometric mean', 'worst', 'most ns added a call', 'at most'],
    rows,
    notes: [`Plain, ns a call: ${plain}. No function is left out. Under ${SMALL_NS} ns: ${small === '' ? 'none' : small}.`],
  };
}

function barsOf({ title, variants }) {
  return variants
    .filter(({ variant }) => variant === 'control' || BUDGETS.some((budget) => budget.variant === variant))
    .map(({ variant, ratio, interval }) => ({
      group: title,
      label: VARIANTS.find((one) => one.name === variant).title,
      ratio,
      interval,
      text: `${ratio.toFixed(2)} (${formatInterval(interval)})`,
    }));
}
