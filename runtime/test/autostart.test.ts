import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCaptureFlowJson } from '@captureflow/trace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metadata, readTraces, run, traceFiles, Workbench, workFunction } from './program.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());

const CODE = "const body = (n) => n + 1; console.log(work(1), globalThis[Symbol.for('captureflow.probe-1')].api.stats().on);";
const esm = (code: string = CODE): Record<string, string> => ({ 'main.mjs': workFunction(true, 'esm') + code });

test.concurrent('with no configuration the first function of an instrumented program is recorded to .captureflow', async () => {
  const folder = bench.program(esm());
  expect(await run(folder)).toMatchObject({ code: 0, stdout: '2 true\n', stderr: '' });
  const traces = readTraces(folder);
  expect(traces).toMatchObject([
    { root: { kind: 'script', name: 'main.mjs' }, spans: [{ function: { name: 'work', module: 'main.mjs' } }] },
  ]);
  expect(readdirSync(join(folder, '.captureflow')).sort()[0]).toBe('.gitignore');
});

test.concurrent.each([
  [{ CAPTUREFLOW: 'off' }],
  [{ CAPTUREFLOW: 'off', CAPTUREFLOW_DEV_SERVER: 'true', CAPTUREFLOW_CONSOLE: 'true' }],
  [{ NODE_ENV: 'production' }],
  [{ CAPTUREFLOW_LEVEL: 'off' }],
] as Record<string, string>[][])('with %j nothing is recorded, written or said', async (env) => {
  const folder = bench.program(esm());
  expect(await run(folder, { env: env ?? {} })).toMatchObject({ code: 0, stdout: '2 false\n', stderr: '' });
  expect(readdirSync(folder)).toEqual(['main.mjs']);
});

test.concurrent('in production recording has to be asked for', async () => {
  const folder = bench.program(esm());
  expect(await run(folder, { env: { NODE_ENV: 'production', CAPTUREFLOW: 'on' } })).toMatchObject({ stdout: '2 true\n', stderr: '' });
  expect(traceFiles(folder)).toHaveLength(1);
});

test.concurrent('CAPTUREFLOW=off wins over start()', async () => {
  const folder = bench.program(
    esm(`import { start, stats } from '@captureflow/runtime'; start(); ${CODE} console.log(stats().offBecause);`),
  );
  expect((await run(folder, { env: { CAPTUREFLOW: 'off' } })).stdout).toBe('2 false\nCAPTUREFLOW=off\n');
  expect(traceFiles(folder)).toEqual([]);
});

test.concurrent('CAPTUREFLOW_DEV_SERVER=true dumps each trace as JSON that the server accepts', async () => {
  const folder = bench.program(
    esm(
      `import { runRoot } from '@captureflow/runtime'; const body = (n) => n; for (const n of [1, 2]) runRoot('job ' + n, () => work(n));`,
    ),
  );
  expect(await run(folder, { env: { CAPTUREFLOW_DEV_SERVER: 'true' } })).toMatchObject({ code: 0, stderr: '' });
  const dumps = readdirSync(folder).filter((name) => name.startsWith('trace_'));
  expect(dumps).toHaveLength(2);
  for (const name of dumps) {
    const dump = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { invocation_id: string };
    expect(checkCaptureFlowJson(dump)).toEqual([]);
    expect(name).toBe(`trace_${dump.invocation_id}.json`);
  }
});

test.concurrent('CAPTUREFLOW_CONSOLE=true prints each tree to stderr', async () => {
  const folder = bench.program(esm());
  const { stdout, stderr } = await run(folder, { env: { CAPTUREFLOW_CONSOLE: 'true' } });
  expect(stdout).toBe('2 true\n');
  expect(stderr).toMatch(/main\.mjs[^]*work\(/);
});

test.concurrent('a server’s address without a repository costs one warning, and traces are written to files', async () => {
  const folder = bench.program(esm());
  const { stderr } = await run(folder, { env: { CAPTUREFLOW_SERVER_URL: 'http://127.0.0.1:9' } });
  expect(stderr).toBe('captureflow: CAPTUREFLOW_SERVER_URL needs CAPTUREFLOW_REPOSITORY_URL beside it; no traces are sent there\n');
  expect(traceFiles(folder)).toHaveLength(1);
});

test.concurrent('for a server that is not there traces are kept, beside the trace file, without a word', async () => {
  const folder = bench.program(esm());
  const ending = await run(folder, {
    env: { CAPTUREFLOW_SERVER_URL: 'http://127.0.0.1:9', CAPTUREFLOW_REPOSITORY_URL: 'https://example.org/r' },
  });
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(traceFiles(folder)).toHaveLength(1);
  expect(traceFiles(folder, '.captureflow/unsent')).toHaveLength(1);
});

test.concurrent('a .captureflow that cannot be written costs one warning', async () => {
  const folder = bench.program({ ...esm(`${CODE} for (let i = 0; i < 3; i++) work(i);`), '.captureflow': 'a file' });
  expect(await run(folder)).toEqual({
    code: 0,
    signal: null,
    stdout: '2 true\n',
    stderr: 'captureflow: cannot write traces to <folder>/.captureflow (EEXIST); the latest are kept in memory\n',
  });
});

test.concurrent('ES modules and CommonJS of one program report into one trace, whichever loads first', async () => {
  const cjs = `${workFunction(true, 'cjs').replaceAll('work', 'other')}const body = (n) => n; exports.other = other; exports.R = R;`;
  for (const order of [
    `import { other, R as C } from './other.cjs'; ${workFunction(true, 'esm')}`,
    `${workFunction(true, 'esm')}import { other, R as C } from './other.cjs';`,
  ]) {
    const folder = bench.program({
      'main.mjs': `${order} import { createRequire } from 'node:module'; import { stats, stop } from '@captureflow/runtime';
const body = (n) => other(n); work(1); const before = stats().on; await stop();
console.log(before, stats().on, C.enter1 === R.enter1);
console.log(createRequire(import.meta.url)('@captureflow/runtime').stats().offBecause);`,
      'other.cjs': cjs,
    });
    expect(await run(folder)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: 'true false true\nstop() was called\n',
    });
    const traces = readTraces(folder);
    expect(traces).toHaveLength(1);
    expect(traces[0]?.spans.map((span) => [span.function.name, span.parent])).toEqual([
      ['work', 0],
      ['other', 1],
    ]);
  }
});

test.concurrent('start() takes over what had started by itself, and writes nothing elsewhere', async () => {
  const folder = bench.program(
    esm(`import { flush, memoryExporter, start } from '@captureflow/runtime';
const body = (n) => n; const memory = memoryExporter(); work(1); start({ exporters: [memory] }); work(2); await flush();
console.log(memory.traces().flatMap((trace) => trace.spans.map((span) => span.args[0].value.value)));`),
  );
  expect(await run(folder)).toMatchObject({ code: 0, stdout: '[ 1, 2 ]\n', stderr: '' });
  expect(traceFiles(folder)).toEqual([]);
});

test.concurrent('bad options are refused before anything changes', async () => {
  const folder = bench.program(
    esm(
      `import { start } from '@captureflow/runtime'; try { start({ limits: { dept: 1 } }); } catch (error) { console.log(error.name, error.message); } ${CODE}`,
    ),
  );
  expect((await run(folder)).stdout).toBe('OptionsError captureflow: option "limits.dept" is unknown; did you mean "depth"?\n2 true\n');
  expect(traceFiles(folder)).toHaveLength(1);
});

test.concurrent('a module whose metadata is of another version stays off, with one warning, and the rest is recorded', async () => {
  const future = JSON.stringify({ ...(JSON.parse(metadata('future.mjs', 'future')) as object), v: 99 });
  const folder = bench.program(
    esm(`const b = R.register(${future}), c = R.register(${future.replace('future.mjs', 'more.mjs')});
console.log(R.enter0(b, 0), R.enter0(c, 0)); ${CODE}`),
  );
  const { stdout, stderr } = await run(folder);
  expect(stdout).toBe('0 0\n2 true\n');
  expect(stderr).toMatch(/^captureflow: [^\n]*version[^\n]*\n$/);
  expect(readTraces(folder)[0]?.spans.map((span) => span.function.name)).toEqual(['work']);
});

test.concurrent('traces are delivered to onTrace listeners, whose failures are counted and nothing else', async () => {
  const folder = bench.program(
    esm(`import { flush, onTrace, runRoot, stats } from '@captureflow/runtime';
const body = (n) => n; const seen = [];
onTrace(() => { throw new Error('bad listener'); });
onTrace(async () => { throw new Error('bad async listener'); });
const remove = onTrace((trace) => { seen.push(trace.root.name + ':' + work(trace.spans.length)); });
runRoot('one', () => work(1)); console.log(seen.length);
await flush(); remove(); runRoot('two', () => work(1)); await flush(); await null; await null;
console.log(seen, stats().listenerErrors);`),
  );
  const { code, stdout, stderr } = await run(folder);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "0\n[ 'one:1' ] 4\n", stderr: '' });
});

test.concurrent('exporters that throw or reject are isolated and counted', async () => {
  const folder = bench.program(
    esm(`import { flush, memoryExporter, runRoot, start, stats } from '@captureflow/runtime';
const body = (n) => n; const memory = memoryExporter();
const bad = { name: 'bad', export() { throw new Error('no'); }, flush: async () => { throw new Error('later'); }, shutdown() {} };
start({ exporters: [bad, memory] }); runRoot('one', () => work(1)); await flush();
console.log(memory.traces().length, stats().exporters.map(({ name, errors, segments }) => [name, errors, segments]).slice(0, 2));`),
  );
  const { code, stdout, stderr } = await run(folder);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "1 [ [ 'bad', 2, 1 ], [ 'memory', 0, 1 ] ]\n" });
  expect(stderr).toMatch(/^captureflow: exporter bad failed \(no\)[^\n]*\n$/);
});

test.concurrent('a promise-returning root ends when its promise settles and leaves rejections to the program', async () => {
  const folder = bench.program(
    esm(`import { flush, memoryExporter, runRoot, start } from '@captureflow/runtime';
const body = (n) => n; const memory = memoryExporter(); start({ exporters: [memory] });
process.on('unhandledRejection', (error, promise) => console.log('unhandled', error.message, promise === job));
const job = runRoot({ name: 'job', attributes: { id: 7, password: 'x' } }, async (root) => { await null; work(1); root.attributes.late = true; throw new Error('lost'); });
await new Promise((resolve) => setTimeout(resolve, 5)); await flush();
const [{ root }] = memory.traces(); console.log(JSON.stringify([root.kind, root.name, root.attributes, root.error]));`),
  );
  expect((await run(folder)).stdout).toBe(
    'unhandled lost true\n["run","job",{"id":7,"password":"[redacted]","late":true},{"type":"Error","message":"lost"}]\n',
  );
});

test.concurrent('a browser-like realm without process loads, runs and can record to memory', async () => {
  const folder = bench.program({
    'main.mjs': `import { readFileSync } from 'node:fs';
const real = process; const print = console.log; delete globalThis.process;
const R = await import('@captureflow/runtime/probe-1'); const api = await import('@captureflow/runtime');
const memory = api.memoryExporter();
const off = api.stats().on; api.start({ exporters: [memory] });
const base = R.register(${metadata('main.mjs', 'work')});
api.runRoot('page', () => { const s = R.enter1(base, 0, 5); R.exit(s, 6); }); await api.flush();
print(off, api.stats().on, memory.traces().map((trace) => trace.spans.length), api.stats().offBecause);
globalThis.process = real;`,
  });
  expect(await run(folder)).toMatchObject({ code: 0, stdout: 'false true [ 1 ] undefined\n', stderr: '' });
});

test.concurrent('the realm gets one non-enumerable symbol and no name', async () => {
  const folder = bench.program({
    'main.mjs': `const names = Object.getOwnPropertyNames(globalThis).length, symbols = Object.getOwnPropertySymbols(globalThis);
await import('@captureflow/runtime/probe-1'); await import('@captureflow/runtime');
const added = Object.getOwnPropertySymbols(globalThis).filter((symbol) => !symbols.includes(symbol));
console.log(Object.getOwnPropertyNames(globalThis).length - names, added, Object.getOwnPropertyDescriptor(globalThis, added[0]).enumerable);`,
  });
  expect((await run(folder)).stdout).toBe('0 [ Symbol(captureflow.probe-1) ] false\n');
});
