/**
 * What do others cost, on the same programs in the same run? Istanbul's counters, a span of OpenTelemetry a function, appmap-node, and the debugger
 * stepping through (what `sys.settrace` is to Python), beside everything that CaptureFlow records and what it records within its budget.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@babel/core';
import istanbul from 'babel-plugin-istanbul';
import { formatInterval, geometricMean } from 'captureflow/measure';
import { buildProgram, OUTPUT } from '../measure/build-program.mjs';
import { cases as programs, inputOf } from '../programs/suite.mjs';
import { reportPrograms } from '../report/report-programs.mjs';
import { spanPerFunction } from './span-per-function.mjs';

const here = (file) => new URL(file, import.meta.url).href;
const APPMAP = dirname(dirname(createRequire(import.meta.url).resolve('appmap-node')));
const APPMAP_ROOT = join(OUTPUT, 'appmap');

const VARIANTS = [
  { name: 'plain', prepare: 'nothing', build: 'plain', title: 'plain' },
  { name: 'control', prepare: 'nothing', build: 'plain', title: 'plain again (noise)' },
  { name: 'budget', prepare: 'captureflow', options: { drop: false }, build: 'values', title: 'CaptureFlow, as it starts' },
  {
    name: 'everything',
    prepare: 'captureflow',
    options: { start: { budget: 1, maxBytes: 2 ** 29 } },
    build: 'values',
    title: 'CaptureFlow, everything',
  },
  { name: 'istanbul', prepare: 'nothing', build: 'istanbul', title: 'Istanbul (counters only)' },
  { name: 'opentelemetry', prepare: here('opentelemetry.mjs'), build: 'opentelemetry', title: 'OpenTelemetry, a span a function' },
  {
    name: 'appmap',
    prepare: 'nothing',
    build: 'appmap',
    title: 'appmap-node',
    cwd: APPMAP_ROOT,
    flags: ['--require', join(APPMAP, 'dist/register.js'), '--loader', pathToFileURL(join(APPMAP, 'dist/loader.js')).href, '--no-warnings'],
  },
  { name: 'stepping', prepare: here('stepping.mjs'), build: 'plain', rounds: 1, title: 'the debugger, stepping' },
];

export const name = 'peers';
/** All programs of the suite `programs`: `--only peers` runs them all, `--only peer-yaml` one. */
export const cases = programs.map((program) => `peer-${program}`);

export function run({ only, ...context }) {
  const titles = only.map((one) => one.slice('peer-'.length));
  return reportPrograms({ only: titles, ...context }, { variants: VARIANTS, build, refine: addShares, summarize, barsOf });
}

/** What everything recorded adds a call, as a share of what a span of OpenTelemetry and what appmap-node add. */
function addShares(figure) {
  const added = (name) => figure.variants.find(({ variant }) => variant === name).addedNs;
  const shares = { ofOpentelemetry: added('everything') / added('opentelemetry'), ofAppmap: added('everything') / added('appmap') };
  return { ...figure, variants: figure.variants.map((row) => (row.variant === 'everything' ? { ...row, ...shares } : row)) };
}

async function build(program) {
  const files = await buildProgram({ input: inputOf(program), name: `peer-${program}`, levels: ['values'] });
  const code = readFileSync(files.plain, 'utf8');
  for (const [variant, plugin] of [
    ['istanbul', [istanbul, { cwd: OUTPUT, include: ['**/*'], exclude: [], excludeNodeModules: false, extension: ['.mjs'] }]],
    ['opentelemetry', [spanPerFunction]],
  ]) {
    files[variant] = join(OUTPUT, `peer-${program}.${variant}.mjs`);
    const options = { filename: files.plain, plugins: [plugin], configFile: false, babelrc: false, compact: false, sourceType: 'module' };
    writeFileSync(files[variant], transformSync(code, options).code);
  }
  // It leaves `node_modules` out, and records what lies below its own configuration.
  mkdirSync(APPMAP_ROOT, { recursive: true });
  writeFileSync(join(APPMAP_ROOT, 'package.json'), '{ "name": "bench", "type": "module" }\n');
  writeFileSync(join(APPMAP_ROOT, 'appmap.yml'), 'name: bench\nappmap_dir: tmp/appmap\nlanguage: javascript\npackages:\n- path: .\n');
  files.appmap = join(APPMAP_ROOT, `${program}.mjs`);
  cpSync(files.plain, files.appmap);
  return files;
}

function summarize(figures) {
  const rows = VARIANTS.slice(1).map(({ name: variant, title }) => {
    const all = figures.map(({ variants }) => variants.find((row) => row.variant === variant));
    const ratios = all.map(({ ratio }) => ratio);
    const added = all.map(({ addedNs }) => Math.max(addedNs, 0.1));
    return [title, geometricMean(ratios).toFixed(2), Math.max(...ratios).toFixed(2), geometricMean(added).toFixed(1)];
  });
  const ours = figures.map(({ variants }) => variants.find(({ variant }) => variant === 'everything'));
  const share = (key) =>
    `1/${(1 / geometricMean(ours.map((row) => row[key]))).toFixed(0)} (worst program 1/${(1 / Math.max(...ours.map((row) => row[key]))).toFixed(0)})`;
  return {
    title: 'Peers on the same programs: times plain',
    head: ['', 'geometric mean', 'worst', 'ns added a call (mean)'],
    rows,
    notes: [
      `Everything recorded adds ${share('ofOpentelemetry')} of what OpenTelemetry adds a call, and ${share('ofAppmap')} of what appmap-node adds; at most 1/100 and 1/20.`,
      "CaptureFlow's first form, Python's `sys.settrace`: 24,600 ns a call, 628 times plain (fib(15); cited, not run here).",
    ],
  };
}

function barsOf({ title, variants }) {
  return variants.slice(1).map(({ variant, ratio, interval }) => ({
    group: `${title}, beside peers`,
    label: VARIANTS.find((one) => one.name === variant).title,
    ratio,
    interval,
    text: `${ratio.toFixed(2)} (${formatInterval(interval)})`,
  }));
}
