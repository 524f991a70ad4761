/**
 * `npm run bench -- --only build`: what instrumenting costs at build time and how much longer code gets, beside the goals. Lanes run
 * interleaved in fresh processes; a figure is the median over the rounds. Needs `npm run build`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../statistics.mjs';
import { bundleLibrary, folderOf, megabytes, OUTPUT, typescriptFile, write, zodSources } from './inputs.mjs';
import { measureSizes } from './size.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `--only build` runs, and what can be asked for alone: `--only build-size`. */
const PARTS = {
  'build-speed': measureSpeed,
  'build-tspc': measureTspc,
  'build-esbuild': measureEsbuild,
  'build-size': async () => {
    const rows = await measureSizes();
    printSizes(rows);
    return rows;
  },
};
export const BUILD_CASES = ['build', ...Object.keys(PARTS)];

/** Prints tables and returns the figures by part. `rounds` of processes, each lane for `ms`; `node`: the binary that runs them. */
export async function benchBuild(name, { node, rounds, ms }) {
  const figures = {};
  for (const [part, measure] of Object.entries(PARTS))
    if (name === 'build' || name === part) figures[part] = await measure(node, rounds, ms);
  return figures;
}

async function measureSpeed(node, rounds, ms) {
  const all = ['parse', 'text', 'babel, no plugin', 'babel-plugin', 'istanbul'];
  const files = { 'zod, bundled': await bundleLibrary('zod'), marked: await bundleLibrary('marked'), typescript: typescriptFile() };
  const rows = [];
  console.log('\nbuild: MB of source a second of processor time, maps included, level locals; first run of a process, then the best');
  for (const [title, file] of Object.entries(files)) {
    // Babel would take minutes.
    const lanes = title === 'typescript' ? all.slice(0, 2) : all;
    const samples = runRounds(lanes, rounds, (lane) => runNode(node, [here('child.mjs'), lane, file, String(ms)]));
    const size = megabytes(file);
    const speed = (lane, key) => (size * 1000) / median(samples[lane].map((sample) => sample[key]));
    console.log(`  ${title}, ${size.toFixed(2)} MB`);
    for (const lane of lanes) {
      const row = { file: title, megabytes: size, lane, first: speed(lane, 'first'), best: speed(lane, 'best') };
      rows.push(row);
      console.log(`    ${lane.padEnd(18)} ${row.first.toFixed(2).padStart(7)} ${row.best.toFixed(2).padStart(7)}`);
    }
    const ours = rows.find((row) => row.file === title && row.lane === 'text');
    const istanbul = rows.find((row) => row.file === title && row.lane === 'istanbul');
    const factor =
      istanbul === undefined
        ? ''
        : `, ${(ours.best / istanbul.best).toFixed(1)} times istanbul's (first run ${(ours.first / istanbul.first).toFixed(1)}; goal 15)`;
    console.log(`    text instrumenter: ${ours.best.toFixed(2)} MB/s (goal on Node 24: 3)${factor}`);
  }
  return rows;
}

/** The whole compiler process, as users start it. */
function measureTspc(node, rounds) {
  const shared = { noEmit: false, composite: false, declaration: false, incremental: false, sourceMap: true, tsBuildInfoFile: null };
  const projects = {
    'orders-api': { extends: join(root, 'examples/orders-api/tsconfig.json'), src: join(root, 'examples/orders-api/src'), options: shared },
    'zod sources': {
      src: zodSources(),
      options: {
        ...shared,
        strict: true,
        target: 'ES2022',
        module: 'NodeNext',
        skipLibCheck: true,
        types: [],
        allowImportingTsExtensions: false,
      },
    },
  };
  const tspc = join(folderOf('ts-patch'), 'bin/tspc.js');
  const rows = [];
  console.log('\nbuild: tspc, seconds of processor time of the whole process');
  for (const [title, { extends: base, src, options }] of Object.entries(projects)) {
    const configs = {};
    for (const mode of ['plain', 'instrumented']) {
      configs[mode] = join(OUTPUT, `tspc/${title.replace(' ', '-')}-${mode}/tsconfig.json`);
      const plugins = mode === 'plain' ? [] : [{ transform: '@captureflow/transformer', root: src }];
      const compilerOptions = { ...options, rootDir: src, outDir: join(configs[mode], '../out'), plugins };
      write(
        configs[mode],
        JSON.stringify({
          ...(base === undefined ? {} : { extends: base }),
          compilerOptions,
          include: [src],
          exclude: ['**/tests/**', '**/*.test.ts'],
        }),
      );
    }
    const samples = runRounds(['plain', 'instrumented'], rounds, (mode) => {
      const cpuFile = join(OUTPUT, 'cpu.txt');
      const env = { ...process.env, BENCH_CPU_FILE: cpuFile };
      try {
        execFileSync(node, ['-r', here('report-cpu.cjs'), tspc, '-p', configs[mode]], { env, stdio: 'pipe' });
      } catch (error) {
        // Code 2: emitted, with type errors of the project itself, the same in both modes.
        if (error.status !== 2) throw new Error(`tspc failed on ${title}: ${error.stdout}${error.stderr}`);
      }
      return Number(readFileSync(cpuFile, 'utf8')) / 1000;
    });
    const [plain, instrumented] = ['plain', 'instrumented'].map((mode) => median(samples[mode]));
    const ratio = median(samples.instrumented.map((value, round) => value / samples.plain[round]));
    rows.push({ project: title, plain, instrumented, ratio });
    console.log(`  ${title.padEnd(14)} ${plain.toFixed(2)} without, ${instrumented.toFixed(2)} with: x ${ratio.toFixed(2)} (goal 1.25)`);
  }
  rmSync(join(OUTPUT, 'tspc'), { recursive: true, force: true });
  return rows;
}

function measureEsbuild(node, rounds) {
  const samples = runRounds(['plain', 'plugin'], rounds, (mode) => runNode(node, [here('esbuild-child.mjs'), mode, zodSources()]));
  const [plain, plugin] = ['plain', 'plugin'].map((mode) => median(samples[mode].map(({ seconds }) => seconds)));
  const source = samples.plain[0].bytes / 1e6;
  const added = (plugin - plain) / source;
  const [cpuPlain, cpuPlugin] = ['plain', 'plugin'].map((mode) => median(samples[mode].map(({ cpu }) => cpu)));
  const addedCpu = (cpuPlugin - cpuPlain) / source;
  console.log(
    `\nbuild: esbuild on zod's sources, ${source.toFixed(2)} MB: ${plain.toFixed(2)} s without, ${plugin.toFixed(2)} s with; ${added.toFixed(2)} s more a MB by the clock, ${addedCpu.toFixed(2)} s of processor time (goal 0.6)`,
  );
  return { megabytes: source, plain, plugin, addedPerMegabyte: added, addedCpuPerMegabyte: addedCpu };
}

function printSizes(rows) {
  console.log('\nbuild: size of the output, level values, metadata in the code: ratio to the input, raw and gzip; minified by esbuild');
  const line = (name, { ratio, minified }) =>
    console.log(
      `  ${name.padEnd(24)} ${[ratio.raw, ratio.gzip, minified.raw, minified.gzip].map((value) => value.toFixed(2).padStart(6)).join('')}`,
    );
  for (const row of rows) line(`${row.name}, ${Math.round(row.bytes / 1000)} kB, ${row.functions} f`, row);
  const combine = (how) => ({
    ratio: { raw: how(rows.map((row) => row.ratio.raw)), gzip: how(rows.map((row) => row.ratio.gzip)) },
    minified: { raw: how(rows.map((row) => row.minified.raw)), gzip: how(rows.map((row) => row.minified.gzip)) },
  });
  line(
    'geometric mean',
    combine((values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)),
  );
  line(
    'worst',
    combine((values) => Math.max(...values)),
  );
  console.log('  goals: mean 1.70 raw, 1.20 gzip; worst 2.00 and 1.35');
}

/** `{ [mode]: [result of round 0, …] }`; another order each round: what runs first finds a cooler machine. */
function runRounds(modes, rounds, run) {
  const samples = Object.fromEntries(modes.map((mode) => [mode, []]));
  for (let round = 0; round < rounds; round++)
    for (let k = 0; k < modes.length; k++) {
      const mode = modes[(k + round) % modes.length];
      samples[mode].push(run(mode));
    }
  return samples;
}

function runNode(node, args) {
  return JSON.parse(execFileSync(node, args, { encoding: 'utf8', maxBuffer: 1e8 }));
}
