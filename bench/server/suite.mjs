/**
 * What does a server pay a request? The example API (examples/orders-api) under load, plain and instrumented: processor time a request, requests a
 * second, and how long they take. Each measurement is a process of its own that gets the same requests.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatInterval, interleave, interval, judgeEffect, median } from 'captureflow/measure';
import { OUTPUT } from '../measure/build-program.mjs';
import { loadServer } from './load-server.mjs';

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

export async function run({ node, rounds, quick, print, progress }) {
  const mains = buildApi(node);
  const requests = quick ? 200 : 1200;
  const samples = await interleave(
    VARIANTS,
    rounds,
    ({ build, record }) => loadServer({ node, main: mains[build], record, requests }),
    (done, all) => progress(`server: ${done} of ${all} processes`),
  );
  const ratiosOf = (variant) => samples[variant].map(({ cpuMs }, round) => cpuMs / samples.plain[round].cpuMs);
  const noise = interval(ratiosOf('control'));
  const figures = VARIANTS.map(({ name: variant, title, goal }) => {
    const of = (key) => median(samples[variant].map((sample) => sample[key]));
    const ratio = median(ratiosOf(variant));
    const bounds = interval(ratiosOf(variant));
    return {
      variant,
      title,
      goal,
      cpuMsPerRequest: of('cpuMs'),
      ratio,
      interval: bounds,
      requestsPerSecond: of('requestsPerSecond'),
      p50: of('p50'),
      p99: of('p99'),
      peakMb: of('peakMb'),
      verdict: judgeEffect(ratio, bounds, noise),
    };
  });
  const table = {
    title: `The example API under load: ${requests} requests on 8 connections`,
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
