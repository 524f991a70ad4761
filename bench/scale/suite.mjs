/**
 * Does the cost of a call stay what it is as programs grow? Functions, depth, roots and the size of one trace from small to large: nanoseconds of processor time a
 * call at each size (no long batch has a busy machine to itself), and the exponent of a power law through them (1: linear, the cost of a call does not change).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram, OUTPUT } from '../measure/build-program.mjs';
import { fitLine } from '../measure/fit-line.mjs';
import { runChild } from '../measure/run-child.mjs';

const LEVEL = 'values';

/** Programs by size: `write(size)` is the text, `roots(size)` how many roots a batch is split into. */
const AXES = {
  functions: { unit: 'functions', sizes: [100, 1000, 10_000], large: [100_000], write: writeFunctions },
  depth: { unit: 'calls deep', sizes: [10, 100, 1000], large: [5000], write: writeDepth },
  roots: { unit: 'roots', sizes: [1, 100, 10_000], large: [100_000], write: () => CALLS_OF_A_ROOT, roots: (size) => size },
  events: { unit: 'events in one trace', sizes: [1e3, 1e4, 1e5, 1e6], large: [1e7], write: writeEvents },
};

export const name = 'scale';
export const cases = Object.keys(AXES).map((axis) => `scale-${axis}`);

export async function run({ only, node, rounds, ms, quick, print, progress }) {
  const figures = [];
  const tables = [];
  for (const one of only) {
    const axis = one.slice('scale-'.length);
    const { unit, sizes, large, write, roots } = AXES[axis];
    const rows = [];
    for (const size of quick ? sizes : [...sizes, ...large]) {
      progress(`${axis}: ${size} ${unit}`);
      const file = await build(axis, size, write(size));
      const samples = [];
      for (let round = 0; round < Math.min(rounds, 3); round++) samples.push(await measure(node, file, roots?.(size) ?? 1, ms));
      const calls = Math.max(...samples.map((sample) => sample.calls));
      rows.push({ size, calls, nsPerCall: Math.min(...samples.map(({ cpu }) => cpu)) / calls });
    }
    // Total cost against size: nanoseconds a call times the size, on logarithmic scales.
    const { slope: exponent, r2 } = fitLine(rows.map(({ size, nsPerCall }) => [Math.log(size), Math.log(nsPerCall * size)]));
    const growth = growthAtTheEnd(rows);
    const verdict = judgeGrowth(growth);
    figures.push({ title: one, rows, variants: [{ variant: 'everything', exponent, r2, growth, verdict }] });
    tables.push({
      title: `Scale: ${unit}, everything recorded at ${LEVEL}`,
      head: [unit, 'calls a batch', 'processor ns a call'],
      rows: rows.map(({ size, calls, nsPerCall }) => [String(size), String(calls), nsPerCall.toFixed(1)]),
      notes: [
        `Cost grows with size to the power of ${exponent.toFixed(3)} (r² ${r2.toFixed(4)}), from the second largest to the largest of ${growth.toFixed(3)}: ${verdict}.`,
      ],
    });
    print(tables.at(-1));
  }
  return { figures, tables, bars: [] };
}

/** The exponent between the two largest sizes: what is small is dearer for its root and cheaper for the processor's caches. */
function growthAtTheEnd(rows) {
  const [before, last] = rows.slice(-2);
  return 1 + Math.log(last.nsPerCall / before.nsPerCall) / Math.log(last.size / before.size);
}

/** What a power law's exponent says; a tenth is what a busy machine adds or takes. */
function judgeGrowth(exponent) {
  if (exponent > 1.1) return 'more than linear';
  return exponent < 0.9 ? 'less than linear' : 'linear';
}

function measure(node, file, roots, ms) {
  const options = { start: { budget: 1, maxBytes: 2 ** 31 }, roots };
  return runChild({ node, file, prepare: new URL('../measure/prepare/captureflow.mjs', import.meta.url).href, options, ms, cwd: OUTPUT });
}

async function build(axis, size, text) {
  mkdirSync(OUTPUT, { recursive: true });
  const input = join(OUTPUT, `scale-${axis}-${size}.input.js`);
  writeFileSync(input, text);
  const files = await buildProgram({ input, name: `scale-${axis}-${size}`, levels: [LEVEL] });
  return files[LEVEL];
}

/** Each function is called as often as the others; about 100,000 calls a batch. */
function writeFunctions(size) {
  const list = Array.from({ length: size }, (_, index) => `function f${index}(a) { return a + ${index}; }`);
  const repeats = Math.max(1, Math.round(100_000 / size));
  return `${list.join('\n')}
const all = [${list.map((_, index) => `f${index}`).join(', ')}];
export function batch() { let sum = 0; for (let r = 0; r < ${repeats}; r++) for (let i = 0; i < all.length; i++) sum += all[i](r); return sum; }
`;
}

function writeDepth(size) {
  return `function down(n) { return n === 0 ? 0 : down(n - 1) + 1; }
export function batch() { let sum = 0; for (let r = 0; r < ${Math.max(1, Math.round(50_000 / size))}; r++) sum += down(${size}); return sum; }
`;
}

const CALLS_OF_A_ROOT = `function add(a, b) { return a + b; }
export function batch() { let sum = 0; for (let i = 0; i < 20; i++) sum = add(sum, i); return sum; }
`;

/** Enter and exit of a call: two events. The numbers stay small: sums of millions would be other values (two words, then doubles that the program itself allocates), not more of them. */
function writeEvents(size) {
  return `function add(a, b) { return a + b; }
export function batch() { let sum = 0; for (let i = 0; i < ${size / 2}; i++) sum = add(sum & 1023, i & 1023); return sum; }
`;
}
