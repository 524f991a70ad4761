import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTraces, run, Workbench, workFunction } from './program.ts';
import type { RunOptions } from './program.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());

interface Case extends RunOptions {
  /** Behind `work`; a twin is the same text with a plain `work`. */
  readonly code: string;
  readonly ends: { readonly code: number | null; readonly signal?: NodeJS.Signals };
}

const KEEP_ALIVE = 'const alive = setInterval(() => {}, 1000);';

const cases: Record<string, Case> = {
  'a natural end': { code: 'const body = (n) => n + 1; console.log(work(1));', ends: { code: 0 } },
  'a natural end after timers': { code: 'const body = (n) => n + 1; setTimeout(() => console.log(work(1)), 5);', ends: { code: 0 } },
  'work that a beforeExit listener starts': {
    code: `const body = (n) => n + 1; let again = true;
process.on('beforeExit', () => { if (again) { again = false; setTimeout(() => console.log(work(1)), 1); } });`,
    ends: { code: 0 },
  },
  'work in an exit listener': {
    code: `const body = (n) => n + 1; process.on('exit', (code) => console.log(code, work(1)));`,
    ends: { code: 0 },
  },
  'process.exitCode': { code: 'const body = (n) => { process.exitCode = 4; return n; }; console.log(work(1));', ends: { code: 4 } },
  'process.exit inside a function': { code: `const body = () => { console.log('bye'); process.exit(3); }; work(1);`, ends: { code: 3 } },
  'process.exit inside an exit listener': {
    code: `const body = (n) => n; work(1); process.on('exit', () => process.exit(9));`,
    ends: { code: 9 },
  },
  'an uncaught error': {
    code: `const body = (n) => n;
work(1); setTimeout(() => { throw new RangeError('boom'); }, 1); ${KEEP_ALIVE}`,
    ends: { code: 1 },
  },
  'a thrown primitive': {
    code: `const body = (n) => n; work(1); setTimeout(() => { throw undefined; }, 1); ${KEEP_ALIVE}`,
    ends: { code: 1 },
  },
  'an unhandled rejection': {
    code: `const body = (n) => n; work(1); Promise.reject(new RangeError('boom')); ${KEEP_ALIVE}`,
    ends: { code: 1 },
  },
  'an uncaught error that a listener takes': {
    code: `const body = (n) => n; work(1);
process.on('uncaughtException', (error) => { console.log('taken', error.message); process.exitCode = 5; });
setTimeout(() => { throw new Error('boom'); }, 1); setTimeout(() => console.log(work(2)), 20);`,
    ends: { code: 5 },
  },
  'an unhandled rejection that a listener takes': {
    code: `const body = (n) => n; work(1);
const rejected = Promise.reject(new Error('boom'));
process.on('unhandledRejection', (error, promise) => console.log('taken', error.message, promise === rejected));`,
    ends: { code: 0 },
  },
  'SIGTERM without a listener': {
    code: `const body = (n) => n; work(1); ${KEEP_ALIVE} setTimeout(() => console.log('ready'), 5);`,
    signals: ['SIGTERM'],
    ends: { code: null, signal: 'SIGTERM' },
  },
  'SIGINT without a listener': {
    code: `const body = (n) => n; work(1); ${KEEP_ALIVE} setTimeout(() => console.log('ready'), 5);`,
    signals: ['SIGINT'],
    ends: { code: null, signal: 'SIGINT' },
  },
  'SIGTERM with a listener of the program': {
    code: `const body = (n) => n; ${KEEP_ALIVE}
process.on('SIGTERM', () => { console.log('closing', process.listenerCount('SIGTERM'), work(1)); setTimeout(() => { clearInterval(alive); process.exitCode = 7; }, 20); });
setTimeout(() => console.log('ready'), 5);`,
    signals: ['SIGTERM'],
    ends: { code: 7 },
  },
  'SIGTERM with a listener of the program that runs once, in front': {
    code: `const body = (n) => n; ${KEEP_ALIVE}
process.prependOnceListener('SIGTERM', () => { console.log('closing', work(1)); setTimeout(() => process.exit(6), 20); });
setTimeout(() => console.log('ready'), 5);`,
    signals: ['SIGTERM'],
    ends: { code: 6 },
  },
  'a second SIGTERM after a listener that ran once': {
    code: `const body = (n) => n; ${KEEP_ALIVE}
process.once('SIGTERM', () => { work(1); setTimeout(() => console.log('ready'), 5); });
setTimeout(() => console.log('ready'), 5);`,
    signals: ['SIGTERM', 'SIGTERM'],
    ends: { code: null, signal: 'SIGTERM' },
  },
  'SIGINT with a listener that counts the listeners, as signal-exit does': {
    code: `const body = (n) => n; ${KEEP_ALIVE}
const own = () => { if (process.listeners('SIGINT').length === 1) { work(1); process.removeListener('SIGINT', own); process.kill(process.pid, 'SIGINT'); } };
process.on('SIGINT', own); setTimeout(() => console.log('ready'), 5);`,
    signals: ['SIGINT'],
    ends: { code: null, signal: 'SIGINT' },
  },
};

describe.each(['esm', 'cjs'] as const)('as %s', (kind) => {
  const file = kind === 'esm' ? 'main.mjs' : 'main.cjs';
  test.concurrent.each(Object.entries(cases))(
    '%s is as without recording, and the trace is there',
    async (_name, { code, ends, ...options }) => {
      const [plain, recorded] = [false, true].map((instrumented) => bench.program({ [file]: workFunction(instrumented, kind) + code })) as [
        string,
        string,
      ];
      const [expected, actual] = await Promise.all([run(plain, { file, ...options }), run(recorded, { file, ...options })]);
      expect(actual).toEqual(expected);
      expect({ code: actual.code, signal: actual.signal }).toEqual({ signal: null, ...ends });
      const spans = readTraces(recorded).flatMap((trace) => trace.spans);
      expect(spans.length).toBeGreaterThan(0);
      expect(spans[0]?.function.name).toBe('work');
    },
  );
});

test.each(['SIGTERM', 'SIGINT'] as const)('a program that computes without a pause ends at %s, as without recording', async (signal) => {
  // `ready` by a synchronous write, since nothing else runs any more.
  const code = `import { writeSync } from 'node:fs';
const body = (n) => { writeSync(1, 'ready'); while (true); }; work(1);`;
  const folder = bench.program({ 'main.mjs': workFunction(true, 'esm') + code });
  expect(await run(folder, { signals: [signal] })).toEqual({ code: null, signal, stdout: 'ready', stderr: '' });
});

test('a span that is open at process.exit is written as open', async () => {
  const folder = bench.program({ 'main.mjs': `${workFunction(true, 'esm')}const body = () => process.exit(0); work(7);` });
  await run(folder);
  const [trace] = readTraces(folder);
  expect(trace?.spans).toMatchObject([
    { function: { name: 'work' }, args: [{ name: 'n', value: { value: 7 } }], outcome: { kind: 'open' } },
  ]);
  expect(trace?.root.name).toBe('main.mjs');
});

test('a root that dies of an uncaught error carries the error', async () => {
  const folder = bench.program({ 'main.mjs': `${workFunction(true, 'esm')}const body = (n) => n; work(1); throw new RangeError('boom');` });
  expect((await run(folder)).code).toBe(1);
  expect(readTraces(folder)[0]?.root.error).toEqual({ type: 'RangeError', message: 'boom' });
});

test('a worker thread and a forked process write files of their own', async () => {
  const folder = bench.program({
    'main.mjs': `${workFunction(true, 'esm')}const body = (n) => n;
import { Worker } from 'node:worker_threads';
import { fork } from 'node:child_process';
work(1); new Worker(new URL('other.mjs', import.meta.url)); fork(new URL('other.mjs', import.meta.url));`,
    'other.mjs': `${workFunction(true, 'esm')}const body = (n) => n; work(2);`,
  });
  expect(await run(folder)).toMatchObject({ code: 0, stderr: '' });
  const processes = readTraces(folder).map((trace) => trace.process);
  expect(processes).toHaveLength(3);
  expect(new Set(processes.map(({ pid, threadId }) => `${pid}-${threadId}`)).size).toBe(3);
  expect(new Set(processes.map(({ pid }) => pid)).size).toBe(2);
});
