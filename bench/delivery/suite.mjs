/** What does it cost the main thread to encode and hand over a root that is kept, and how long can nothing else run meanwhile? */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { interleave, median } from 'captureflow/measure';
import { buildProgram, OUTPUT } from '../measure/build-program.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
/** Calls of a root by case; a call is 2.3 events. */
const CALLS = { 'delivery-1e5': 43_000, 'delivery-1e6': 430_000 };
const VARIANTS = [
  { name: 'plain', build: 'plain', record: false, title: 'plain: the work alone' },
  { name: 'kept', build: 'locals', record: true, title: 'everything recorded and handed over' },
];

export const name = 'delivery';
export const cases = Object.keys(CALLS);

export async function run({ only, node, rounds, print, progress }) {
  const files = await buildProgram({ input: here('calls.js'), name: 'delivery', levels: ['locals'] });
  const figures = [];
  for (const title of only) {
    const samples = await interleave(
      VARIANTS,
      Math.min(rounds, 3),
      ({ build, record }) => deliver(node, { file: files[build], record, calls: CALLS[title] }),
      (done, all) => progress(`${title}: ${done} of ${all} processes`),
    );
    const of = (variant, key) => median(samples[variant].map((sample) => sample[key]));
    const variants = VARIANTS.map(({ name: variant }) => ({
      variant,
      nsPerEvent: of(variant, 'nsPerEvent'),
      longestMs: of(variant, 'longestMs'),
    }));
    figures.push({ title, events: of('kept', 'events'), clock: samples.kept[0].clock, variants });
  }
  const table = {
    title: 'Handing over: processor time of the main thread after the end of a root',
    head: ['', 'events', 'ns an event', 'longest stretch, ms', 'the same, plain'],
    rows: figures.map(({ title, events, variants: [plain, kept] }) => [
      title,
      events.toFixed(0),
      kept.nsPerEvent.toFixed(0),
      kept.longestMs.toFixed(1),
      plain.longestMs.toFixed(1),
    ]),
    notes: [
      `At most 200 ns an event, and no stretch over 5 ms.${figures[0]?.clock === 'process' ? ' Before Node 24 the time of all threads is counted.' : ''}`,
    ],
  };
  print(table);
  return { figures, tables: [table], bars: [] };
}

async function deliver(node, input) {
  const env = { ...process.env };
  for (const key of Object.keys(env)) if (/^(CAPTUREFLOW|NODE_|OTEL_)/.test(key)) delete env[key];
  const { stdout } = await promisify(execFile)(node, [here('child.mjs'), JSON.stringify(input)], { cwd: OUTPUT, env, maxBuffer: 1e8 });
  return JSON.parse(stdout);
}
