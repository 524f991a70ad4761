/**
 * `npm run bench`: what instrumented code costs a call, and what making it costs (`build`, build/build.mjs). `-- --quick`: fewer, shorter
 * rounds; `-- --only NAME`: one case (repeatable); `-- --node PATH`: another Node; `-- --json FILE`: all figures as JSON. Each figure:
 * fresh processes, the modes interleaved in an order that changes from round to round, the median over the rounds with its 95 % bootstrap
 * interval. `control` is plain against itself: a difference that lies within its interval is none.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BUILD_CASES, benchBuild } from './build/build.mjs';
import { buildCase } from './build-case.mjs';
import { interval, median } from './statistics.mjs';

const MODES = ['plain', 'control', 'off', 'after', 'calls', 'values', 'locals'];
const TITLES = {
  control: 'plain again (noise)',
  off: 'off, never started',
  after: 'off after recording',
  calls: 'recording calls',
  values: 'recording values',
  locals: 'recording locals',
};
/** MB of the young generation: a batch must fit. */
const SEMI_SPACE = 128;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    node: { type: 'string', default: process.execPath },
    json: { type: 'string' },
  },
});
const rounds = options.quick ? 3 : 7;
const ms = options.quick ? 300 : 800;
const child = fileURLToPath(new URL('child.mjs', import.meta.url));
const all = [...readdirSync(new URL('cases/', import.meta.url)).map((name) => name.replace(/\.js$/, '')), ...BUILD_CASES];
const unknown = options.only.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no case ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'captureflow-bench-'));
const machine = {
  node: execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
};

console.log(
  `Node ${machine.node}, ${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB; ${rounds} rounds of ${MODES.length} processes a case`,
);
const results = [];
const build = {};
try {
  const unasked = all.filter((name) => name === 'build' || !BUILD_CASES.includes(name));
  for (const name of options.only.length > 0 ? options.only : unasked) {
    if (BUILD_CASES.includes(name)) {
      Object.assign(build, await benchBuild(name, { node: options.node, rounds: options.quick ? 1 : 5, ms: options.quick ? 500 : 2000 }));
      continue;
    }
    const result = await measureCase(name);
    results.push(result);
    printCase(result);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ v: 1, machine, rounds, ms, cases: results, build }, null, 2)}\n`);

async function measureCase(name) {
  const files = await buildCase(name);
  const { spans } = runChild(files.instrumented, 'count');
  const samples = Object.fromEntries(MODES.map((mode) => [mode, []]));
  for (let round = 0; round < rounds; round++) {
    for (const mode of order(round))
      samples[mode].push(runChild(mode === 'plain' || mode === 'control' ? files.plain : files.instrumented, mode));
  }
  const modes = MODES.map((mode) => {
    const ratios = samples[mode].map(({ ns }, round) => ns / samples.plain[round].ns);
    const added = samples[mode].map(({ bytes }, round) => (bytes - samples.plain[round].bytes) / spans);
    return {
      mode,
      nsPerCall: median(samples[mode].map(({ ns }) => ns / spans)),
      ratio: median(ratios),
      interval: interval(ratios),
      bytesPerCall: median(samples[mode].map(({ bytes }) => bytes / spans)),
      addedBytesPerCall: median(added),
    };
  });
  return { name, callsPerBatch: spans, modes };
}

/** Another order each round: what runs first finds a cooler machine. */
function order(round) {
  const shift = (round * 3) % MODES.length;
  return [...MODES.slice(shift), ...MODES.slice(0, shift)];
}

function runChild(file, mode) {
  const env = { ...process.env };
  for (const key of Object.keys(env)) if (/^(CAPTUREFLOW|NODE_|OTEL_)/.test(key)) delete env[key];
  if (mode === 'off') env.CAPTUREFLOW = 'off';
  const flags = ['--expose-gc', `--min-semi-space-size=${SEMI_SPACE}`, `--max-semi-space-size=${SEMI_SPACE}`];
  const output = execFileSync(options.node, [...flags, child, file, mode, String(ms)], { encoding: 'utf8', cwd: folder, env });
  return JSON.parse(output);
}

function printCase({ name, callsPerBatch, modes }) {
  const [plain, ...others] = modes;
  console.log(
    `\n${name}: ${plain.nsPerCall.toFixed(1)} ns a call plain, ${plain.bytesPerCall.toFixed(0)} B (${callsPerBatch} calls a batch)`,
  );
  for (const {
    mode,
    nsPerCall,
    ratio,
    interval: [low, high],
    addedBytesPerCall,
  } of others) {
    const text = `${ratio.toFixed(2)} [${low.toFixed(2)} ${high.toFixed(2)}]`;
    const added = nsPerCall - plain.nsPerCall;
    console.log(
      `  ${TITLES[mode].padEnd(20)} ${nsPerCall.toFixed(1).padStart(8)} ns  ${`${added < 0 ? '' : '+'}${added.toFixed(1)}`.padStart(8)}   x ${text.padEnd(20)} ${addedBytesPerCall.toFixed(1).padStart(8)} B added`,
    );
  }
}
