/**
 * What happens to traces when a receiver, a disk or the process itself fails: the rows of docs/delivery.md. Each case runs twice, with recording and with
 * `CAPTUREFLOW=off`: output and end must be the same. Every trace is then looked for where it may be.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildTraces, fromOtlpJson, readSegments } from '@captureflow/trace';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readTraces, run, Workbench } from './program.ts';
import type { Ending, RunOptions } from './program.ts';
import { closeReceivers, listen, receiver, spanNames } from './receiver.ts';
import type { Received } from './receiver.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());
afterEach(() => closeReceivers());

const COUNT = 20;
const NAMES = Array.from({ length: COUNT }, (_, i) => `r${i}`);
const KEEP_ALIVE = 'setInterval(() => {}, 1000);';
/** Wait until everything is settled, or until the worker sends. */
const SETTLED = 'await until(() => counts().requests > 0 && counts().waiting === 0);';
const SENDING = 'await until(() => counts().requests > 0);';

/** Records twenty traces for an OTLP receiver; `code` comes behind. What the counters said last is in stats.json. */
function program(endpoint: string, code: string): Record<string, string> {
  return {
    'main.mjs': `import { otlpExporter, fileExporter, flush, runRoot, start, stats, stop } from '@captureflow/runtime';
import { writeFileSync } from 'node:fs';
start({ exporters: [otlpExporter({ endpoint: '${endpoint}', spillDir: 'unsent', timeoutMs: 600000 })] });
const dump = () => { if (process.env.CAPTUREFLOW !== 'off') writeFileSync('stats.json', JSON.stringify(stats())); };
process.on('exit', dump);
// Behind the runtime's own listener, which goes to the end here.
process.on('beforeExit', () => { process.off('exit', dump); process.on('exit', dump); });
const counts = () => stats().exporters[0].counts;
const until = async (done) => { while (process.env.CAPTUREFLOW !== 'off' && !done()) await new Promise((resolve) => setTimeout(resolve, 10)); };
for (let i = 0; i < ${COUNT}; i++) runRoot('r' + i, () => i);
console.log('worked');
${code}`,
  };
}

interface Account {
  readonly ending: Ending;
  readonly received: readonly string[];
  /** In trace files of the spill. */
  readonly unsent: readonly string[];
  /** In requests that were refused. */
  readonly refused: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly at: string;
}

const numbered = (names: readonly string[]): string[] => [...names].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));

/** Runs the program twice and looks for its traces. */
async function account(
  files: Readonly<Record<string, string>>,
  received: () => readonly Received[],
  options: RunOptions = {},
): Promise<Account> {
  const plain = await run(bench.program(files), { ...options, env: { ...options.env, CAPTUREFLOW: 'off' } });
  const at = bench.program(files);
  const ending = await run(at, options);
  const warnings = /^captureflow: .*\n/gm;
  expect({ ...ending, stderr: ending.stderr.replace(warnings, '') }).toEqual(plain);
  const stats = join(at, 'stats.json');
  return {
    ending,
    at,
    received: numbered(received().flatMap(spanNames)),
    unsent: numbered(readTraces(at, 'unsent').map(({ root }) => root.name)),
    refused: numbered(refusedRequests(at).flatMap((body) => fromOtlpJson(JSON.parse(body)).map(({ root }) => root.name))),
    counts: existsSync(stats) ? JSON.parse(readFileSync(stats, 'utf8')).exporters[0].counts : {},
  };
}

function refusedRequests(at: string): string[] {
  const dir = join(at, 'unsent');
  return (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(dir) : [])
    .filter((file) => file.endsWith('.refused.json'))
    .map((file) => readFileSync(join(dir, file), 'utf8'));
}

describe('a receiver', () => {
  test('that is down: every trace is put away', async () => {
    const it = await account(program('http://127.0.0.1:1/', ''), () => []);
    expect(it).toMatchObject({ ending: { code: 0, stderr: '' }, unsent: NAMES, counts: { spilled: COUNT, waiting: 0 } });
  });

  test('that was down and is up again: the next process delivers what was put away', async () => {
    const { url, received } = await receiver();
    const at = bench.program(program('http://127.0.0.1:1/', ''));
    await run(at);
    writeFileSync(
      join(at, 'main.mjs'),
      program(url, 'await until(() => counts().replayed > 0 && counts().waiting === 0);')['main.mjs'] ?? '',
    );
    expect(await run(at)).toMatchObject({ code: 0, stderr: '' });
    expect(numbered(received.flatMap(spanNames))).toEqual(numbered([...NAMES, ...NAMES]));
    expect(readTraces(at, 'unsent')).toEqual([]);
  });

  test('that is slow: every trace arrives', async () => {
    const { url, received } = await receiver((response) => void setTimeout(() => response.end('{}'), 600));
    const it = await account(program(url, SETTLED), () => received);
    expect(it).toMatchObject({ ending: { code: 0, stderr: '' }, received: NAMES, unsent: [], counts: { delivered: COUNT } });
  });

  test('that resets connections: every trace is put away', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.resetAndDestroy());
    });
    const it = await account(program(await listen(server), ''), () => []);
    expect(it).toMatchObject({ ending: { code: 0, stderr: '' }, unsent: NAMES, counts: { spilled: COUNT } });
    expect(it.counts['requests']).toBeGreaterThan(0);
  });

  test('that answers 429 and says when to come back: every trace arrives, not before', async () => {
    const times: number[] = [];
    const { url, received } = await receiver((response) => {
      if (times.push(performance.now()) === 1) response.writeHead(429, { 'retry-after': '1' });
      response.end('{}');
    });
    const it = await account(program(url, SETTLED), () => received.slice(1));
    expect(it).toMatchObject({ ending: { code: 0, stderr: '' }, received: NAMES, counts: { delivered: COUNT, retries: 1 } });
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(990);
  });

  test.each([500, 400])('that answers %d: the request is kept with the answer, with one warning', async (status) => {
    const { url } = await receiver((response) => {
      response.writeHead(status);
      response.end('no such field');
    });
    const it = await account(program(url, SETTLED), () => []);
    expect(it).toMatchObject({ refused: NAMES, unsent: [], counts: { refused: COUNT, delivered: 0 } });
    expect(it.ending.stderr).toMatch(
      new RegExp(
        `^captureflow: the receiver of exporter otlp refused traces with HTTP ${status} \\(no such field\\); what was refused and the answer are in [^\\n]*\\n$`,
      ),
    );
    const answers = readdirSync(join(it.at, 'unsent')).filter((file) => file.endsWith('.answer.txt'));
    expect(readFileSync(join(it.at, 'unsent', answers[0] as string), 'utf8')).toBe(`HTTP ${status}\nno such field`);
  });

  test('that answers 413 to more than one trace: every trace arrives alone', async () => {
    const taken: Received[] = [];
    const { url, received } = await receiver((response, index) => {
      const request = received[index] as Received;
      if (spanNames(request).length > 1) response.writeHead(413);
      else taken.push(request);
      response.end('{}');
    });
    const it = await account(program(url, SETTLED), () => taken);
    expect(it).toMatchObject({
      ending: { stderr: '' },
      received: NAMES,
      unsent: [],
      refused: [],
      counts: { delivered: COUNT, refused: 0 },
    });
  });

  test('that hangs: every trace is put away when the program ends', async () => {
    const { url } = await receiver(() => {});
    const it = await account(program(url, SENDING), () => []);
    expect(it).toMatchObject({ ending: { code: 0, stderr: '' }, unsent: NAMES, counts: { spilled: COUNT, waiting: 0 } });
  });
});

describe('an end of the process while the receiver hangs and requests are on their way', () => {
  const cases: Record<string, RunOptions & { readonly code: string; readonly end: Partial<Ending> }> = {
    SIGTERM: { code: `${KEEP_ALIVE} ${SENDING} console.log('ready');`, signals: ['SIGTERM'], end: { code: null, signal: 'SIGTERM' } },
    SIGINT: { code: `${KEEP_ALIVE} ${SENDING} console.log('ready');`, signals: ['SIGINT'], end: { code: null, signal: 'SIGINT' } },
    'process.exit': { code: `${SENDING} process.exit(3);`, end: { code: 3 } },
    'process.exit in the middle of a flush': {
      code: `${SENDING} void flush(60000); await new Promise((resolve) => setTimeout(resolve, 50)); process.exit(3);`,
      end: { code: 3 },
    },
    'an uncaught error': { code: `${KEEP_ALIVE} ${SENDING} setTimeout(() => { throw new RangeError('boom'); }, 1);`, end: { code: 1 } },
    'an unhandled rejection': { code: `${KEEP_ALIVE} ${SENDING} void Promise.reject(new RangeError('boom'));`, end: { code: 1 } },
  };
  test.each(Object.entries(cases))('%s: every trace is put away', async (_name, { code, end, ...options }) => {
    const { url } = await receiver(() => {});
    const it = await account(program(url, code), () => [], options);
    expect(it.ending).toMatchObject(end);
    expect(it.ending.stderr).not.toContain('captureflow:');
    expect(it.unsent).toEqual(NAMES);
  });
});

describe('a process that is killed', () => {
  /** Ends by itself never; says `ready` when the twentieth trace was handed over. */
  const killed = (code: string): Record<string, string> => ({
    'main.mjs': `import { fileExporter, runRoot, start, stats } from '@captureflow/runtime';
start({ exporters: [fileExporter({})] });
for (let i = 0; i < ${COUNT}; i++) { runRoot('r' + i, () => i); await new Promise(setImmediate); }
${code}`,
  });
  /** Of the file that is there, up to its last whole record. */
  const inFile = (at: string): string[] => {
    const [file = ''] = readdirSync(join(at, '.captureflow')).filter((name) => name.endsWith('.cft'));
    return buildTraces(readSegments(readFileSync(join(at, '.captureflow', file))).segments).map(({ root }) => root.name);
  };

  test('by SIGKILL while it records: the file is readable up to its last record', async () => {
    const at = bench.program(
      killed(
        `console.log('ready'); for (let i = ${COUNT}; ; i++) { runRoot('r' + i, () => i); if (i % 50 === 0) await new Promise(setImmediate); }`,
      ),
    );
    expect(await run(at, { signals: ['SIGKILL'] })).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    const names = inFile(at);
    expect(names.length).toBeGreaterThanOrEqual(COUNT);
    expect(names).toEqual(names.map((_, i) => `r${i}`));
  });

  test('by a heap that is out of memory: what was handed over is in the file', async () => {
    const at = bench.program(killed("console.log('ready'); const all = []; for (;;) all.push(new Array(1e5).fill(all.length));"));
    const ending = await run(at, { nodeArgs: ['--max-old-space-size=60'] });
    expect(ending.stdout).toBe('ready\n');
    expect(ending.stderr).toContain('JavaScript heap out of memory');
    expect(ending.code === 134 || ending.signal === 'SIGABRT').toBe(true);
    expect(inFile(at)).toEqual(NAMES);
  });
});

describe('a disk', () => {
  test('that is full: trace files end with a whole record, what does not fit waits in bounded memory and is counted', async () => {
    const at = bench.program({
      'main.mjs': `import { fileExporter, runRoot, start, stats } from '@captureflow/runtime';
start({ exporters: [fileExporter({ maxBacklog: 10 })] });
for (let i = 0; i < 200; i++) { runRoot('r' + i, () => i); await new Promise(setImmediate); }
console.log(JSON.stringify(stats().exporters[0].counts));`,
    });
    const ending = await run(at, { shell: 'ulimit -f 16' });
    expect(ending).toMatchObject({ code: 0 });
    expect(ending.stderr).toMatch(/^captureflow: cannot write traces to [^\n]*EFBIG[^\n]*\n$/);
    const { written, waiting, dropped } = JSON.parse(ending.stdout) as Record<string, number>;
    expect((written ?? 0) + (waiting ?? 0) + (dropped ?? 0)).toBe(200);
    expect(waiting).toBeLessThanOrEqual(10);
    expect(readTraces(at).map(({ root }) => root.name)).toEqual(Array.from({ length: written ?? 0 }, (_, i) => `r${i}`));
    expect(written).toBeGreaterThan(0);
  });

  test('that is full, and a receiver that is down: what could not be put away is counted, and no half file is left', async () => {
    const at = bench.program(program('http://127.0.0.1:1/', ''));
    const ending = await run(at, { shell: 'ulimit -f 4' });
    expect(ending).toMatchObject({ code: 0, stdout: 'worked\n' });
    expect(ending.stderr.split('\n').slice(0, -1)).toEqual([
      expect.stringMatching(/^captureflow: cannot write unsent traces to .* \(EFBIG\)$/),
      'captureflow: exporter otlp could not deliver all traces; the lost are counted in stats()',
    ]);
    expect(JSON.parse(readFileSync(join(at, 'stats.json'), 'utf8')).exporters[0].counts).toMatchObject({
      away: COUNT,
      spilled: 0,
      waiting: 0,
    });
    expect(readdirSync(join(at, 'unsent')).filter((file) => file !== '.gitignore')).toEqual([]);
  });

  const unshares = spawnSync('unshare', ['-rm', 'true']).status === 0;
  test.skipIf(!unshares)(
    'that is read-only: the program runs as ever, one warning says so (skipped where no disk can be mounted)',
    async () => {
      const at = bench.program({
        'main.mjs': `import { runRoot, start, stats } from '@captureflow/runtime';
process.chdir('disk');
start();
for (let i = 0; i < 20; i++) { runRoot('r' + i, () => i); await new Promise(setImmediate); }
console.log(JSON.stringify(stats().exporters[0].counts));`,
        mounted: 'mkdir disk && mount -t tmpfs -o ro none disk && exec "$@"',
      });
      const ending = await run(at, { shell: 'set -- unshare -rm sh ./mounted "$0" "$@"; exec "$@"' });
      expect(ending).toMatchObject({ code: 0, stdout: '{"written":0,"waiting":20,"dropped":0}\n' });
      expect(ending.stderr).toMatch(/^captureflow: cannot write traces to [^\n]* \(EROFS\); the latest are kept in memory\n$/);
    },
  );

  test('that takes nothing, and a receiver that is down: every trace is counted', async () => {
    const it = await account({ ...program('http://127.0.0.1:1/', ''), unsent: 'a file, where a folder should be' }, () => []);
    expect(it).toMatchObject({ ending: { code: 0 }, counts: { away: COUNT, spilled: 0, waiting: 0 } });
    expect(it.ending.stderr.match(/^captureflow: /gm)).toHaveLength(2);
  });
});

describe('several processes and threads', () => {
  const child = (endpoint: string): string => `import { otlpExporter, runRoot, start } from '@captureflow/runtime';
import { threadId } from 'node:worker_threads';
start({ exporters: [otlpExporter({ endpoint: '${endpoint}', spillDir: 'unsent', timeoutMs: 600000 })] });
for (let i = 0; i < ${COUNT}; i++) runRoot([process.pid, threadId, i].join('.'), () => i);`;
  const starts: Record<string, string> = {
    'eight worker threads': `import { Worker } from 'node:worker_threads';
for (let i = 0; i < 8; i++) new Worker(new URL('child.mjs', import.meta.url));`,
    'eight forked processes': `import { fork } from 'node:child_process';
for (let i = 0; i < 8; i++) fork(new URL('child.mjs', import.meta.url));`,
    'a cluster of eight': `import cluster from 'node:cluster';
cluster.setupPrimary({ exec: 'child.mjs' });
for (let i = 0; i < 8; i++) cluster.fork().on('online', function () { this.disconnect(); });`,
  };
  test.each(Object.entries(starts))('%s: every trace of each arrives or is put away', async (_name, main) => {
    const { url, received } = await receiver();
    const at = bench.program({ 'main.mjs': main, 'child.mjs': child(url) });
    expect(await run(at)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    // What was on its way when a process ended is put away and may have arrived.
    const found = new Set([...received.flatMap(spanNames), ...readTraces(at, 'unsent').map(({ root }) => root.name)]);
    expect(found.size).toBe(8 * COUNT);
    expect(new Set([...found].map((name) => name.replace(/\.\d+$/, ''))).size).toBe(8);
  });
});

test('a clock that is set back by an hour: every trace arrives, no duration is negative, no wait is longer', async () => {
  const { url, received } = await receiver((response, index) => {
    if (index === 0) response.writeHead(503);
    response.end('{}');
  });
  const files = {
    ...program(url, `${SENDING} setBack(); for (let i = 0; i < 5; i++) runRoot('late' + i, () => i); ${SETTLED} await stop();`),
    'clock.cjs': 'let back = 0; const { now } = Date; Date.now = () => now() - back; globalThis.setBack = () => { back = 3600000; };',
  };
  const it = await account(files, () => received.slice(1), { nodeArgs: ['--require', './clock.cjs'] });
  expect(it.ending).toMatchObject({ code: 0, stderr: '' });
  expect(it.received).toHaveLength(COUNT + 5);
  for (const { body } of received.slice(1)) {
    for (const trace of fromOtlpJson(JSON.parse(body))) expect(trace.duration).toBeGreaterThanOrEqual(0);
  }
});
