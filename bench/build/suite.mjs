/**
 * `npm run bench -- --only build`: what instrumenting costs at build time and how much longer code gets, beside the goals. Lanes run
 * interleaved in fresh processes; a figure is the median over the rounds. Needs `npm run build`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { geometricMean, interleave, median } from 'captureflow/measure';
import { bundleLibrary, folderOf, megabytes, OUTPUT, typescriptFile, write, zodSources } from './inputs.mjs';
import { measureSizes } from './size.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Each answers `{ figures, tables }`. */
const PARTS = { 'build-speed': measureSpeed, 'build-tspc': measureTspc, 'build-esbuild': measureEsbuild, 'build-size': measureSize };

export const name = 'build';
export const cases = Object.keys(PARTS);

export async function run({ only, node, quick, print }) {
  const results = [];
  for (const part of only) {
    const result = await PARTS[part](node, quick ? 1 : 5, quick ? 500 : 2000);
    for (const table of result.tables) print(table);
    results.push([part, result]);
  }
  return {
    figures: Object.fromEntries(results.map(([part, { figures }]) => [part, figures])),
    tables: results.flatMap(([, { tables }]) => tables),
    bars: [],
  };
}

async function measureSpeed(node, rounds, ms) {
  const all = ['parse', 'text', 'babel, no plugin', 'babel-plugin', 'istanbul'];
  const files = { 'zod, bundled': await bundleLibrary('zod'), marked: await bundleLibrary('marked'), typescript: typescriptFile() };
  const rows = [];
  const notes = [];
  for (const [title, file] of Object.entries(files)) {
    // Babel would take minutes.
    const lanes = title === 'typescript' ? all.slice(0, 2) : all;
    const samples = await interleave(lanesOf(lanes), rounds, ({ name: lane }) =>
      runNode(node, [here('child.mjs'), lane, file, String(ms)]),
    );
    const size = megabytes(file);
    const speed = (lane, key) => (size * 1000) / median(samples[lane].map((sample) => sample[key]));
    for (const lane of lanes) {
      const row = { file: title, megabytes: size, lane, first: speed(lane, 'first'), best: speed(lane, 'best') };
      rows.push(row);
    }
    const ours = rows.find((row) => row.file === title && row.lane === 'text');
    const istanbul = rows.find((row) => row.file === title && row.lane === 'istanbul');
    const factor =
      istanbul === undefined
        ? ''
        : `, ${(ours.best / istanbul.best).toFixed(1)} times istanbul's (first run ${(ours.first / istanbul.first).toFixed(1)}; goal 15)`;
    notes.push(`${title}: text instrumenter ${ours.best.toFixed(2)} MB/s (goal on Node 24: 3)${factor}`);
  }
  const table = {
    title: 'Building: MB of source a second of processor time (all threads), maps included, level locals',
    head: ['', 'MB', 'first run of a process', 'best'],
    rows: rows.map(({ file, megabytes: size, lane, first, best }) => [
      `${file}: ${lane}`,
      size.toFixed(2),
      first.toFixed(2),
      best.toFixed(2),
    ]),
    notes,
  };
  return { figures: rows, tables: [table] };
}

/** The whole compiler process, as users start it. */
async function measureTspc(node, rounds) {
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
    const samples = await interleave(lanesOf(['plain', 'instrumented']), rounds, ({ name: mode }) => {
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
  }
  rmSync(join(OUTPUT, 'tspc'), { recursive: true, force: true });
  const table = {
    title: 'Building: `tspc`, seconds of processor time of the whole process (goal: 1.25 times)',
    head: ['', 'without', 'with', 'times'],
    rows: rows.map(({ project, plain, instrumented, ratio }) => [project, plain.toFixed(2), instrumented.toFixed(2), ratio.toFixed(2)]),
  };
  return { figures: rows, tables: [table] };
}

async function measureEsbuild(node, rounds) {
  const samples = await interleave(lanesOf(['plain', 'plugin']), rounds, ({ name: mode }) =>
    runNode(node, [here('esbuild-child.mjs'), mode, zodSources()]),
  );
  const [plain, plugin] = ['plain', 'plugin'].map((mode) => median(samples[mode].map(({ seconds }) => seconds)));
  const source = samples.plain[0].bytes / 1e6;
  const added = (plugin - plain) / source;
  const [cpuPlain, cpuPlugin] = ['plain', 'plugin'].map((mode) => median(samples[mode].map(({ cpu }) => cpu)));
  const addedCpu = (cpuPlugin - cpuPlain) / source;
  const table = {
    title: `Building: esbuild bundles zod's sources, ${source.toFixed(2)} MB; seconds (goal: 0.6 more a MB)`,
    head: ['', 'without', 'with', 'more a MB'],
    rows: [
      ['by the clock', plain.toFixed(2), plugin.toFixed(2), added.toFixed(2)],
      ['processor time', cpuPlain.toFixed(2), cpuPlugin.toFixed(2), addedCpu.toFixed(2)],
    ],
  };
  return { figures: { megabytes: source, plain, plugin, addedPerMegabyte: added, addedCpuPerMegabyte: addedCpu }, tables: [table] };
}

async function measureSize() {
  const rows = await measureSizes();
  const columns = [
    ['raw', ({ ratio }) => ratio.raw],
    ['gzip', ({ ratio }) => ratio.gzip],
    ['minified raw', ({ minified }) => minified.raw],
    ['minified gzip', ({ minified }) => minified.gzip],
    ['gzip, metadata alone', ({ metadata }) => metadata.gzip],
    ['gzip, metadata and `try`', ({ onlyTry }) => onlyTry.gzip],
  ];
  const line = (title, valueOf) => [title, ...columns.map(([, read]) => valueOf(read).toFixed(2))];
  const combine = (how) => (read) => how(rows.map(read));
  const table = {
    title:
      'Building: size of the output, level values, metadata in the code, ratio to the input (goals: mean 1.70 raw, 1.20 gzip; worst 2.00 and 1.35)',
    head: ['', ...columns.map(([title]) => title)],
    rows: [
      ...rows.map((row) => line(`${row.name}, ${Math.round(row.bytes / 1000)} kB, ${row.functions} functions`, (read) => read(row))),
      line('geometric mean', combine(geometricMean)),
      line(
        'worst',
        combine((values) => Math.max(...values)),
      ),
    ],
  };
  return { figures: rows, tables: [table] };
}

const lanesOf = (names) => names.map((lane) => ({ name: lane }));

function runNode(node, args) {
  return JSON.parse(execFileSync(node, args, { encoding: 'utf8', maxBuffer: 1e8 }));
}
