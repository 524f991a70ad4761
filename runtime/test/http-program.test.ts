import { afterAll, beforeAll, expect, test } from 'vitest';
import { metadata, readTraces, run, Workbench } from './program.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());

/** An instrumented async handler and a sync leaf; nothing in the program knows of traces. */
const SERVER = `import * as R from '@captureflow/runtime/probe-1';
import { createServer, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
let base; const m = () => base ??= R.register(${JSON.stringify({
  ...(JSON.parse(metadata('main.mjs', 'handle')) as object),
  f: [
    ['handle', 10, 1, 3 + 8, ['path'], [], [], [[]], 12],
    ['leaf', 20, 1, 3, ['path'], [], [], [[]], 20],
  ],
})});
async function handle(path) {
  const s = R.enter1(m(), 0, path);
  try {
    const first = leaf(path);
    R.resume(s, await R.suspend(s, sleep(Number(path.slice(1)))));
    const v = first + leaf(path + 'b');
    return s !== 0 && R.exit(s, v), v;
  } catch (e) { throw s === 0 ? e : R.thrown(s, e, 0); }
}
function leaf(path) {
  const s = R.enter1(m() + 1, 0, path); let v;
  try { return v = path.toUpperCase(), s !== 0 && R.exit(s, v), v; } catch (e) { throw s === 0 ? e : R.thrown(s, e, 0); }
}
const server = createServer((request, response) => { handle(request.url.split('?')[0]).then((text) => response.end(text)); });
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const ask = (path) => new Promise((resolve) => get({ port, path, host: '127.0.0.1', agent: false }, (r) => r.resume().on('end', resolve)));
  await Promise.all(['/30?q=secret', '/20', '/10', '/1'].map(ask));
  server.close();
});
`;

test('each concurrent request has its own whole tree, without a change to the program', async () => {
  const folder = bench.program({ 'main.mjs': SERVER });
  expect(await run(folder)).toMatchObject({ code: 0, stderr: '' });
  const traces = readTraces(folder).filter((trace) => trace.root.kind === 'http');
  expect(traces.map((trace) => trace.root.name).sort()).toEqual(['GET /1', 'GET /10', 'GET /20', 'GET /30']);
  for (const trace of traces) {
    const path = trace.root.name.slice(4);
    expect(trace.root.attributes).toMatchObject({ 'http.request.method': 'GET', 'url.path': path, 'http.response.status_code': 200 });
    expect(trace.spans.map((span) => [span.function.name, span.parent, span.args[0]?.value])).toEqual([
      ['handle', 0, { kind: 'string', value: path }],
      ['leaf', 1, { kind: 'string', value: path }],
      ['leaf', 1, { kind: 'string', value: `${path}b` }],
    ]);
    expect(trace.spans[0]?.suspensions).toHaveLength(1);
    expect(trace.spans.every((span) => span.outcome.kind === 'returned')).toBe(true);
    expect(JSON.stringify(trace)).not.toContain('secret');
    expect(trace.duration).toBeGreaterThan(0);
  }
});

test('start({ http: false }) makes no roots of requests', async () => {
  const folder = bench.program({ 'main.mjs': `import { start } from '@captureflow/runtime'; start({ http: false });\n${SERVER}` });
  expect(await run(folder)).toMatchObject({ code: 0, stderr: '' });
  expect(readTraces(folder).some((trace) => trace.root.kind === 'http')).toBe(false);
});
