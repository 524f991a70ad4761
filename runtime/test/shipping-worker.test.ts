/** Conversion and sending in a worker: where it works, where it is refused, and that nobody notices it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { run, Workbench } from './program.ts';
import type { RunOptions } from './program.ts';
import { closeReceivers, receiver, spanNames } from './receiver.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());
afterEach(() => closeReceivers());

/** Records one root, waits until it is settled and prints the exporter's counts. */
const ship = (endpoint: string, options: string = ''): string => `
start({ exporters: [otlpExporter({ endpoint: '${endpoint}', spillDir: 'unsent', ${options} })] });
runRoot('shipped', () => 1);
const settled = setInterval(() => {
  const { counts } = stats().exporters[0];
  if (counts.waiting > 0 || counts.requests === 0) return;
  clearInterval(settled);
  console.log(JSON.stringify(counts));
  process.disconnect?.();
}, 20);
`;
const IMPORT = "import { otlpExporter, runRoot, start, stats } from '@captureflow/runtime';";
const REQUIRE = "const { otlpExporter, runRoot, start, stats } = require('@captureflow/runtime');";

interface Where extends RunOptions {
  readonly files: (endpoint: string) => Readonly<Record<string, string>>;
  /** 0: no worker may run there. */
  readonly byWorker?: number;
}

const main = (endpoint: string): Record<string, string> => ({ 'main.mjs': IMPORT + ship(endpoint) });

const nodeMajor = Number(process.versions.node.split('.')[0]);
const permission = nodeMajor >= 22 ? '--permission' : '--experimental-permission';

const places: Record<string, Where> = {
  'an ES module': { files: main },
  'a CommonJS program': { files: (endpoint) => ({ 'main.cjs': REQUIRE + ship(endpoint) }), file: 'main.cjs' },
  'a worker thread of the program': {
    files: (endpoint) => ({
      'main.mjs': "import { Worker } from 'node:worker_threads'; new Worker(new URL('thread.mjs', import.meta.url));",
      'thread.mjs': IMPORT + ship(endpoint),
    }),
  },
  'a worker of a cluster': {
    files: (endpoint) => ({
      'main.mjs': `import cluster from 'node:cluster';
if (cluster.isPrimary) cluster.fork();
else await import('./thread.mjs');`,
      'thread.mjs': IMPORT + ship(endpoint),
    }),
  },
  'a program with hooks of its own': {
    files: (endpoint) => ({ ...main(endpoint), 'hook.cjs': "if (!require('node:worker_threads').isMainThread) console.log('hooked');" }),
    nodeArgs: ['--require', './hook.cjs'],
    env: { NODE_OPTIONS: '--require ./hook.cjs' },
  },
  'a program that may start no worker': {
    files: main,
    nodeArgs: [permission, '--allow-fs-read=*', '--allow-fs-write=*', ...(nodeMajor >= 25 ? ['--allow-net'] : []), '--no-warnings'],
    byWorker: 0,
  },
  'a host without worker threads': {
    files: (endpoint) => ({
      ...main(endpoint),
      'hook.cjs': "require('node:worker_threads').Worker = class { constructor() { throw new Error('no'); } };",
    }),
    nodeArgs: ['--require', './hook.cjs'],
    byWorker: 0,
  },
};

test.each(Object.entries(places))('traces of %s arrive', async (_name, { files, byWorker = 1, ...options }) => {
  const { url, received } = await receiver();
  const ending = await run(bench.program(files(`${url}/v1/traces`)), options);
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(ending.stdout)).toMatchObject({ delivered: 1, byWorker, waiting: 0, crashes: 0 });
  expect(received.flatMap(spanNames)).toEqual(['shipped']);
});

describe.each(['cjs', 'esm'] as const)('bundled by esbuild into one %s file', (format) => {
  test.each([false, true])('traces arrive by the worker (minified: %s)', async (minify) => {
    const { url, received } = await receiver();
    const at = bench.program({ 'entry.mjs': IMPORT + ship(`${url}/v1/traces`) });
    const file = format === 'esm' ? 'bundle.mjs' : 'bundle.cjs';
    const outfile = join(at, 'alone', file);
    await build({ entryPoints: [join(at, 'entry.mjs')], outfile, bundle: true, format, minify, platform: 'node', logLevel: 'silent' });
    const ending = await run(join(at, 'alone'), { file });
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ending.stdout)).toMatchObject({ delivered: 1, byWorker: 1 });
    expect(received).toHaveLength(1);
  });
});

/** In a test of a runner: what happened stands in a file, since runners print what they like. */
const inTest = (endpoint: string): string => `
test('ships', async () => {
  start({ exporters: [otlpExporter({ endpoint: '${endpoint}', spillDir: null })] });
  runRoot('shipped', () => 1);
  const counts = () => stats().exporters[0].counts;
  while (counts().waiting > 0 || counts().requests === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  require('node:fs').writeFileSync('counts.json', JSON.stringify(counts()));
}, 30000);
`;

const runners: Record<string, RunOptions & { readonly test: string; readonly head: string }> = {
  Jest: { file: 'node_modules/jest/bin/jest.js', args: ['--ci'], test: 'a.test.js', head: REQUIRE },
  Vitest: {
    file: 'node_modules/vitest/vitest.mjs',
    args: ['run', '--globals', '--pool', 'threads'],
    test: 'a.test.mjs',
    head: `import { createRequire } from 'node:module'; ${IMPORT} const require = createRequire(import.meta.url);`,
  },
};

test.each(Object.entries(runners))(
  'under %s traces arrive by the worker, and the runner ends by itself',
  async (_name, { test: name, head, file, args }) => {
    const { url, received } = await receiver();
    const at = bench.program({ [name]: head + inTest(`${url}/v1/traces`), 'package.json': '{}' });
    const ending = await run(at, { file: join(import.meta.dirname, '../..', file ?? ''), args: args ?? [], env: { CI: 'true' } });
    expect(ending.stdout + ending.stderr).toContain('1 passed');
    expect(ending.code).toBe(0);
    expect(JSON.parse(readFileSync(join(at, 'counts.json'), 'utf8'))).toMatchObject({ delivered: 1, byWorker: 1 });
    expect(received).toHaveLength(1);
  },
);

test.each([true, false])('what is sent is in no trace and carries no traceparent (a worker: %s)', async (worker) => {
  const { url, received } = await receiver();
  const at = bench.program({
    'main.mjs': `import { flush, otlpExporter, runRoot, start, stats } from '@captureflow/runtime';
start({ propagate: true, exporters: [otlpExporter({ endpoint: '${url}', spillDir: null, compression: 'none' })] });
const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
runRoot('r0', () => 1);
while (stats().exporters[0].counts.delivered === 0) await wait();
for (let i = 1; i < 4; i++) await runRoot('r' + i, async () => { await wait(); await flush(); });
await flush();
console.log(stats().roots.kept.all, stats().exporters[0].counts.byWorker > 0);`,
    'hook.cjs': worker ? '' : "require('node:worker_threads').Worker = class { constructor() { throw new Error('no'); } };",
  });
  expect(await run(at, { nodeArgs: ['--require', './hook.cjs'] })).toMatchObject({ code: 0, stderr: '', stdout: `4 ${worker}\n` });
  expect(received.flatMap(spanNames)).toEqual(['r0', 'r1', 'r2', 'r3']);
  for (const { headers } of received) expect(headers).not.toHaveProperty('traceparent');
});

test('several exporters share one worker, which ends with the last of them', async () => {
  const { url, received } = await receiver();
  const at = bench.program({
    'main.mjs': `import { captureFlowServerExporter, otlpExporter, runRoot, start, stats, stop } from '@captureflow/runtime';
let workers = 0;
process.on('worker', (worker) => { workers++; worker.on('exit', () => console.log('ended')); });
start({ exporters: [otlpExporter({ endpoint: '${url}/v1/traces', spillDir: null }), captureFlowServerExporter({ url: '${url}', repositoryUrl: 'r', spillDir: null })] });
runRoot('shared', () => 1);
while (stats().exporters.slice(0, 2).some(({ counts }) => counts.delivered === 0)) await new Promise((resolve) => setTimeout(resolve, 20));
console.log(workers);
await stop();
`,
  });
  expect(await run(at)).toMatchObject({ code: 0, stdout: '1\nended\n', stderr: '' });
  expect(received.map((request) => request.url.split('?')[0]).sort()).toEqual(['/api/v1/traces', '/v1/traces']);
});

test('a trace that is too large for the worker ends the worker only, is kept, and the next ones arrive', async () => {
  const { url, received } = await receiver();
  const at = bench.program({
    'main.mjs': `${IMPORT}
import { flush, trace } from '@captureflow/runtime';
start({ budget: 1, maxBytes: 1 << 30, exporters: [otlpExporter({ endpoint: '${url}', spillDir: 'unsent' })] });
const called = trace('called', (n) => n);
runRoot('huge', () => { for (let i = 0; i < 600000; i++) called(i); });
await flush(60000);
runRoot('next', () => 1);
await flush(60000);
console.log(JSON.stringify(stats().exporters[0].counts));
`,
  });
  const ending = await run(at);
  expect(ending.code).toBe(0);
  expect(JSON.parse(ending.stdout)).toMatchObject({ delivered: 1, encode: 1, crashes: 1, waiting: 0 });
  expect(ending.stderr).toMatch(
    /^captureflow: exporter otlp could not convert traces \(its worker ended over them\), which are in [^\n]*\n$/,
  );
  expect(received.flatMap(spanNames)).toEqual(['next']);
});
