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
