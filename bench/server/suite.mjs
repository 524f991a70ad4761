/**
 * What does a server pay a request? The example API (examples/orders-api) under load, plain and instrumented: processor time a request, requests a
 * second, and how long they take.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatInterval, interleave, interval, judgeEffect, median, quantile } from 'captureflow/measure';
import { OUTPUT } from '../measure/build-program.mjs';
import { startServer } from './start-server.mjs';

const API = fileURLToPath(new URL('../../examples/orders-api', import.meta.url));
const TSPC = join(dirname(createRequire(import.meta.url).resolve('ts-patch/package.json')), 'bin/tspc.js');

const VARIANTS = [
  { name: 'plain', build: 'plain', title: 'plain' },
  { name: 'control', build: 'plain', title: 'plain again (noise)' },
  { name: 'off', build: 'instrumented', record: 'off', title: 'off', goal: 1.03 },
  { name: 'default', build: 'instrumented', record: 'default', title: 'as it starts: default budget, files written', goal: 1.1 },
  { name: 'recorded', build: 'instrumented', record: 'everything', title: 'everything recorded', goal: 1.4 },
  { name: 'shipped', build: 'instrumented', record: 'shipped', title: 'everything recorded and written' },
];

export const name = 'server';
export const cases = ['orders-api'];

/**
 * Requests before anything is measured, in one portion, and portions in a round. A server is long-lived: with 150 requests before, half of what was measured was
 * code, plain and ours, that engines had not compiled yet.
 */
const SIZES = { quick: { warm: 800, portion: 80, portions: 6 }, whole: { warm: 1600, portion: 160, portions: 8 } };

export async function run({ node, rounds, quick, print, progress }) {
  const mains = buildApi(node);
  const sizes = quick ? SIZES.quick : SIZES.whole;
  const samples = Object.fromEntries(VARIANTS.map((variant) => [variant.name, []]));
  for (let round = 0; round < rounds; round++) {
    const measured = await measureRound(mains, node, sizes, (done) => progress(`server: round ${round + 1} of ${rounds}, ${done}`));
    for (const [variant, sample] of Object.entries(measured)) samples[variant].push(sample);
  }
  const ratiosOf = (variant) => samples[variant].map(({ ratio }) => ratio);
  const noise = interval(ratiosOf('control'));
  const figures = VARIANTS.map(({ name: variant, title, goal }) => {
    const of = (key) => median(samples[variant].map((sample) => sample[key]));
    const latencies = samples[variant].flatMap((sample) => sample.latencies);
    const bounds = interval(ratiosOf(variant));
    return {
      variant,
      title,
      goal,
      cpuMsPerRequest: of('cpuMs'),
      ratio: of('ratio'),
      interval: bounds,
      requestsPerSecond: of('requestsPerSecond'),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      peakMb: of('peakMb'),
      verdict: judgeEffect(of('ratio'), bounds, noise),
    };
  });
  const table = {
    title: `The example API under load: ${rounds} rounds of fresh servers, ${sizes.portions} portions of ${sizes.portion} requests each in turn, on 8 connections`,
    head: ['', 'processor ms a request', 'times plain', '95 %', 'at most', 'requests a second', 'p50 ms', 'p99 ms', 'peak MB', ''],
    rows: figures.map((row) => [
      row.title,
      row.cpuMsPerRequest.toFixed(3),
      row.ratio.toFixed(2),
      formatInterval(row.interval),
      row.goal === undefined ? '' : row.goal.toFixed(2),
      row.requestsPerSecond.toFixed(0),
      row.p50.toFixed(1),
      row.p99.toFixed(1),
      row.peakMb.toFixed(0),
      row.variant === 'plain' || row.variant === 'control' ? '' : row.verdict,
    ]),
  };
  print(table);
  const bars = figures.slice(1).map(({ title, ratio, interval: bounds }) => ({
    group: 'The example API: processor time a request',
    label: title,
    ratio,
    interval: bounds,
    text: ratio.toFixed(2),
  }));
  return { figures, tables: [table], bars };
}

/**
 * All variants' servers side by side; each gets a portion of the load in turn, so that what else the machine does meets them all. The ratio of a round is the
 * median over its portions.
 */
async function measureRound(mains, node, { warm, portion: size, portions }, progress) {
  const servers = {};
  try {
    for (const { name: variant, build, record } of VARIANTS) servers[variant] = await startServer({ node, main: mains[build], record });
    for (const [variant, server] of Object.entries(servers)) {
      progress(`warming ${variant}`);
      await server.load(warm);
    }
    const samples = await interleave(
      VARIANTS,
      portions,
      ({ name: variant }) => servers[variant].load(size),
      (done, all) => progress(`${done} of ${all} portions`),
    );
    const measured = {};
    for (const [variant, portion] of Object.entries(samples)) {
      const latencies = portion.flatMap((sample) => sample.latencies);
      measured[variant] = {
        cpuMs: median(portion.map(({ cpuMs }) => cpuMs)),
        ratio: median(portion.map(({ cpuMs }, at) => cpuMs / samples.plain[at].cpuMs)),
        requestsPerSecond: latencies.length / portion.reduce((sum, { seconds }) => sum + seconds, 0),
        latencies,
        peakMb: await servers[variant].peakMb(),
      };
    }
    return measured;
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}

/** Paths of the two main modules. */
function buildApi(node) {
  const mains = {};
  for (const build of ['plain', 'instrumented']) {
    const folder = join(OUTPUT, `server-${build}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const plugins = build === 'plain' ? [] : [{ transform: '@captureflow/transformer', root: API }];
    const config = {
      extends: join(API, 'tsconfig.json'),
      compilerOptions: { rootDir: join(API, 'src'), outDir: join(folder, 'dist'), tsBuildInfoFile: join(folder, 'tsbuildinfo'), plugins },
      include: [join(API, 'src')],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    execFileSync(node, [TSPC, '-p', folder], { stdio: 'inherit' });
    mains[build] = join(folder, 'dist/main.js');
  }
  return mains;
}
