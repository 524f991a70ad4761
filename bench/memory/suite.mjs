/** How much memory do a thousand roots at once take, what stays of it, and does it stay flat over minutes (`soak`, only by name: five minutes)? */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { interleave, median } from 'captureflow/measure';
import { buildProgram, OUTPUT } from '../measure/build-program.mjs';
import { fitLine } from '../measure/fit-line.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const ROOTS = 1000;
const SOAK_MS = 300_000;
/** MB a minute that a collector's own moods explain. */
const FLAT = 0.5;

const VARIANTS = [
  { name: 'plain', build: 'plain', title: 'plain' },
  { name: 'off', build: 'lines', title: 'off' },
  { name: 'default', build: 'lines', start: {}, title: 'as it starts' },
  { name: 'locals', build: 'lines', start: { level: 'locals', budget: 1 }, title: 'everything at locals' },
  { name: 'lines', build: 'lines', start: { level: 'lines', budget: 1 }, title: 'everything at lines' },
];

export const name = 'memory';
export const cases = ['concurrent', 'soak'];
export const onlyByName = ['soak'];

export async function run({ only, node, rounds, quick, print, progress }) {
  const files = await buildProgram({ input: here('concurrent.js'), name: 'memory', levels: ['lines'] });
  const measure = ({ build, start }, soakMs = 0) => runRoots(node, { file: files[build], start, roots: ROOTS, soakMs });
  const figures = [];
  const tables = [];
  if (only.includes('concurrent')) {
    const samples = await interleave(
      VARIANTS,
      rounds,
      (variant) => measure(variant),
      (done, all) => progress(`memory: ${done} of ${all} processes`),
    );
    const rows = VARIANTS.map(({ name: variant, title }) => ({
      variant,
      title,
      peakMb: median(samples[variant].map(({ peak }) => peak)),
      retainedMb: median(samples[variant].map(({ retained }) => retained)),
    }));
    figures.push({ title: 'concurrent', variants: rows });
    tables.push({
      title: `Memory of ${ROOTS} roots at the same time (heap and buffers, MB above what a first crowd left)`,
      head: ['', 'peak', 'retained'],
      rows: rows.map(({ title, peakMb, retainedMb }) => [title, peakMb.toFixed(1), retainedMb.toFixed(2)]),
    });
    print(tables.at(-1));
  }
  if (only.includes('soak')) {
    progress('memory: soak');
    const ms = quick ? SOAK_MS / 15 : SOAK_MS;
    const { samples } = await measure(VARIANTS.at(-1), ms);
    const { slope } = fitLine(samples);
    const values = samples.map(([, mb]) => mb);
    figures.push({
      title: 'soak',
      variants: [
        {
          variant: 'soak',
          minutes: ms / 60_000,
          mbPerMinute: slope,
          lowestMb: Math.min(...values),
          highestMb: Math.max(...values),
          samples,
        },
      ],
    });
    tables.push({
      title: `Soak: crowds of ${ROOTS} roots, everything at lines, for ${(ms / 60_000).toFixed(1)} minutes`,
      head: ['', 'MB'],
      rows: [
        ['lowest after a collection', Math.min(...values).toFixed(1)],
        ['highest', Math.max(...values).toFixed(1)],
        ['slope, MB a minute', slope.toFixed(2)],
      ],
      notes: [slope < FLAT ? 'Flat.' : `Not flat: over ${FLAT} MB a minute.`],
    });
    print(tables.at(-1));
  }
  return { figures, tables, bars: [] };
}

async function runRoots(node, input) {
  const env = { ...process.env };
  for (const key of Object.keys(env)) if (/^(CAPTUREFLOW|NODE_|OTEL_)/.test(key)) delete env[key];
  const args = ['--expose-gc', here('child.mjs'), JSON.stringify(input)];
  const { stdout } = await promisify(execFile)(node, args, { cwd: OUTPUT, env, maxBuffer: 1e8 });
  return JSON.parse(stdout);
}
