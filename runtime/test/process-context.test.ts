import type { Trace } from '@captureflow/trace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTraces, run, Workbench, workFunction } from './program.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());

const CHILD = `${workFunction(true, 'esm')}
const body = (n) => n; work(1);
`;

const PARENT = (begin: string): string => `import { runRoot, start, traceEnv } from '@captureflow/runtime';
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
start();
await runRoot('parent', async () => {
  const env = { ...process.env, ...traceEnv() };
  const child = ${begin};
  await new Promise((resolve) => child.on('exit', resolve));
});
`;

test.each([
  ['a child process', "spawn(process.execPath, ['child.mjs'], { env })"],
  ['a worker thread', "new Worker(new URL('./child.mjs', import.meta.url), { env })"],
])('%s that was given the variables is a part of the trace that started it', async (_what, begin) => {
  const folder = bench.program({ 'main.mjs': PARENT(begin), 'child.mjs': CHILD });
  expect(await run(folder)).toMatchObject({ code: 0, stderr: '' });
  const traces = readTraces(folder);
  const parent = traces.find(({ root }) => root.name === 'parent');
  const child = traces.find(({ root }) => root.name === 'child.mjs' || (root.kind === 'script' && root.parent !== undefined));
  expect(child?.root.parent).toEqual({ traceId: parent?.traceId, spanId: parent?.root.spanId });
  expect(child?.traceId).toBe(parent?.traceId);
  expect(child?.spans.map((span) => span.function.name)).toEqual(['work']);
});

/** Begins `child.mjs` in a root or at the top of the script, and says nothing of traces. */
const UNAWARE = (begin: string, options = ''): string => `import { runRoot, start } from '@captureflow/runtime';
import { exec, execFile, fork, spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
start({ ${options} });
const url = new URL('./child.mjs', import.meta.url);
const { execPath } = process;
await runRoot('parent', async () => {
  await null;
  await once(${begin}, 'exit');
});
`;

function parentAndChild(folder: string): { readonly parent: Trace | undefined; readonly child: Trace | undefined } {
  const traces = readTraces(folder);
  return { parent: traces.find(({ root }) => root.name === 'parent'), child: traces.find(({ root }) => root.kind === 'script') };
}

test.each([
  ['a worker thread', 'new Worker(url)', ''],
  ['a worker thread with an environment of its own', 'new Worker(url, { env: {} })', ''],
  [
    'a worker of a worker that records nothing',
    'new Worker(`const { Worker } = require("node:worker_threads"); new Worker(new URL(${JSON.stringify(url.href)}))`, { eval: true })',
    '',
  ],
  ['a spawned process', "spawn(execPath, ['child.mjs'])", 'childProcesses: true'],
  ['a spawned process with an environment of its own', "spawn(execPath, ['child.mjs'], { env: {} })", 'childProcesses: true'],
  ['a forked process', "fork('child.mjs')", 'childProcesses: true'],
  ['a process of a shell', "exec(`'${execPath}' child.mjs`)", 'childProcesses: true'],
  ['an executed file', "execFile(execPath, ['child.mjs'])", 'childProcesses: true'],
  ['a process of a cluster', "(cluster.setupPrimary({ exec: 'child.mjs' }), cluster.fork())", 'childProcesses: true'],
])('%s names the root that began it, though the program says nothing', async (_what, begin, options) => {
  const folder = bench.program({ 'main.mjs': UNAWARE(begin, options), 'child.mjs': `${CHILD}process.disconnect?.();` });
  // A variable of this process is not one that the program gave its child.
  expect(await run(folder, { env: { TRACEPARENT: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`, TRACESTATE: 'a=1' } })).toMatchObject({
    code: 0,
    stderr: '',
  });
  const { parent, child } = parentAndChild(folder);
  expect(child?.root.parent).toMatchObject({ traceId: parent?.traceId, spanId: parent?.root.spanId });
  expect(child?.traceId).toBe('a'.repeat(32));
  expect(child?.spans.map((span) => span.function.name)).toEqual(['work']);
});

test('what the script begins on no function of its own hangs under the script', async () => {
  const main = `import { start } from '@captureflow/runtime';
import { Worker } from 'node:worker_threads';
start();
${CHILD}new Worker(new URL('./child.mjs', import.meta.url));
`;
  const folder = bench.program({ 'main.mjs': main, 'child.mjs': CHILD });
  expect(await run(folder)).toMatchObject({ code: 0, stderr: '' });
  const traces = readTraces(folder);
  const script = traces.find(({ root }) => root.parent === undefined);
  const child = traces.find(({ root }) => root.parent !== undefined);
  expect(child?.root.parent).toEqual({ traceId: script?.traceId, spanId: script?.root.spanId });
});

test('a thread of a pool is no part of the request that happened to begin it: its own roots have no parent', async () => {
  const child = `import { runRoot } from '@captureflow/runtime';
import { parentPort } from 'node:worker_threads';
${CHILD}parentPort.once('message', () => { runRoot('job', () => work(2)); });
`;
  const main = `import { runRoot, start } from '@captureflow/runtime';
import { Worker } from 'node:worker_threads';
start();
runRoot('parent', () => new Worker(new URL('./child.mjs', import.meta.url))).postMessage(1);
`;
  const folder = bench.program({ 'main.mjs': main, 'child.mjs': child });
  expect(await run(folder)).toMatchObject({ code: 0, stderr: '' });
  const job = readTraces(folder).find(({ root }) => root.name === 'job');
  expect(job).toMatchObject({ root: { kind: 'run' } });
  expect(job?.root.parent).toBeUndefined();
});

test('a TRACEPARENT that the program gives its child or its thread stays', async () => {
  const mine = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
  const env = `{ env: { ...process.env, TRACEPARENT: '${mine}' } }`;
  for (const begin of [`spawn(execPath, ['child.mjs'], ${env})`, `new Worker(url, ${env})`]) {
    const folder = bench.program({ 'main.mjs': UNAWARE(begin, 'childProcesses: true'), 'child.mjs': CHILD });
    expect(await run(folder)).toMatchObject({ code: 0, stderr: '' });
    expect(parentAndChild(folder).child?.traceId).toBe('c'.repeat(32));
  }
});

test('a child process sees no variable that the program did not ask for; one that is told sees two at most', async () => {
  const print = "console.log(JSON.stringify(Object.keys(process.env).filter((name) => name.startsWith('TRACE'))))";
  const printed: string[] = [];
  for (const options of ['', 'childProcesses: true', 'childProcesses: false']) {
    const begin = `spawn(execPath, ['-e', ${JSON.stringify(print)}], { stdio: 'inherit' })`;
    const folder = bench.program({ 'main.mjs': UNAWARE(begin, options) });
    const ending = await run(folder, options.endsWith('false') ? { env: { CAPTUREFLOW_CHILD_PROCESSES: 'on' } } : {});
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    printed.push(ending.stdout.trim());
  }
  expect(printed).toEqual(['[]', '["TRACEPARENT"]', '[]']);
});

test('nothing is told after stop, and a spawn that somebody replaced still runs', async () => {
  const main = `import { runRoot, start, stop } from '@captureflow/runtime';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { getEnvironmentData } from 'node:worker_threads';
const { spawn: original } = ChildProcess.prototype;
let calls = 0;
ChildProcess.prototype.spawn = function (...args) { calls++; return Reflect.apply(original, this, args); };
const begin = () => runRoot('parent', () => once(spawn('sh', ['-c', 'echo $TRACEPARENT'], { stdio: 'inherit' }), 'exit'));
start({ childProcesses: true });
const child = runRoot('own', () => spawn('true'));
await once(child, 'exit');
await stop();
await begin();
console.log(calls, Object.hasOwn(child, 'spawn'), getEnvironmentData('captureflow.context'));
`;
  expect(await run(bench.program({ 'main.mjs': main }))).toMatchObject({ code: 0, stderr: '', stdout: '\n2 false undefined\n' });
});

test('a program that was started with TRACEPARENT continues it with its script and its own roots, but not with requests', async () => {
  const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const folder = bench.program({
    'main.mjs': `import { runRoot, start } from '@captureflow/runtime'; start();
import { createServer, get } from 'node:http';
${CHILD}
runRoot('job', () => work(2));
const server = createServer((request, response) => { work(3); response.end(); });
server.listen(0, '127.0.0.1', () => get({ port: server.address().port, host: '127.0.0.1', agent: false }, (r) => r.resume().on('end', () => server.close())));
`,
  });
  expect(await run(folder, { env: { TRACEPARENT } })).toMatchObject({ code: 0, stderr: '' });
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const told = readTraces(folder).map(({ root, traceId }) => [root.kind, root.parent, traceId === parent.traceId]);
  expect(told.sort()).toEqual([
    ['http', undefined, false],
    ['run', parent, true],
    ['script', parent, true],
  ]);
});
