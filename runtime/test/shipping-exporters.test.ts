/** The exporters that send, against real sockets. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCaptureFlowJson, readSegments } from '@captureflow/trace';
import type { OtlpRequest } from '@captureflow/trace';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Exporter } from '../src/exporter.ts';
import { captureFlowServerExporter } from '../src/exporters/captureflow-server.ts';
import { otlpExporter } from '../src/exporters/otlp.ts';
import { start } from '../src/index.ts';
import { createPost } from '../src/shipping/http-post.ts';
import { readTraces, run, Workbench } from './program.ts';
import type { Ending } from './program.ts';
import { closeReceivers, listen, receiver, spanNames } from './receiver.ts';
import { encodedSample } from './sample-segment.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());

const closing: (() => void)[] = [];
afterEach(() => {
  closeReceivers();
  for (const close of closing.splice(0)) close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'captureflow-ship-'));
  closing.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const soon = (): number => Date.now() + 20_000;

/** Gives one trace and waits until it is settled. */
async function ship(exporter: Exporter, name: string = 'job', traceId: string = 'a'.repeat(32)): Promise<Readonly<Record<string, number>>> {
  void exporter.export({ segments: [encodedSample({ name, traceId })] }, soon());
  await exporter.flush(soon());
  return exporter.stats?.() ?? {};
}

test('a trace arrives at an OTLP receiver as gzipped JSON, with the headers that were asked for', async () => {
  const { url, received } = await receiver();
  const exporter = otlpExporter({ endpoint: `${url}/v1/traces`, headers: { 'x-team': 'blue' }, spillDir: null });
  expect(await ship(exporter)).toMatchObject({ delivered: 1, requests: 1, waiting: 0 });
  const [request] = received;
  expect(request?.url).toBe('/v1/traces');
  expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-team': 'blue' });
  const { resourceSpans } = JSON.parse(request?.body ?? '') as OtlpRequest;
  expect(resourceSpans[0]?.scopeSpans[0]?.spans.map(({ name }) => name)).toEqual(['job', 'work']);
});

test('late work of a trace comes without what was sent before', async () => {
  const { url, received } = await receiver();
  const exporter = otlpExporter({ endpoint: url, spillDir: null, compression: 'none' });
  await ship(exporter);
  void exporter.export({ segments: [encodedSample({ part: 1 })] }, soon());
  await exporter.flush(soon());
  const names = received.map(({ body }) =>
    (JSON.parse(body) as OtlpRequest).resourceSpans[0]?.scopeSpans[0]?.spans.map(({ name }) => name),
  );
  expect(names).toEqual([['job', 'work'], ['work']]);
  expect(received[0]?.headers).not.toHaveProperty('content-encoding');
});

test('a partial success is counted and not sent again', async () => {
  const answer = JSON.stringify({ partialSuccess: { rejectedSpans: '2', errorMessage: 'too old' } });
  const { url, received } = await receiver((response) => void response.end(answer));
  expect(await ship(otlpExporter({ endpoint: url, spillDir: null }))).toMatchObject({ delivered: 1, rejected: 2 });
  expect(received).toHaveLength(1);
});

test('a receiver that has too much gets it again after the time it asked for', async () => {
  const { url, received } = await receiver((response, index) => {
    if (index === 0) response.writeHead(429, { 'retry-after': '1' });
    response.end();
  });
  expect(await ship(otlpExporter({ endpoint: url, spillDir: null }))).toMatchObject({ delivered: 1, retries: 1 });
  expect(received).toHaveLength(2);
});

test('each trace goes to the CaptureFlow server in the form that it takes', async () => {
  const { url, received } = await receiver();
  const exporter = captureFlowServerExporter({ url: `${url}/`, repositoryUrl: 'https://git.example/a?b', spillDir: null });
  void exporter.export({ segments: ['1', '2'].map((id) => encodedSample({ traceId: id.repeat(32) })) }, soon());
  await exporter.flush(soon());
  expect(exporter.stats?.()).toMatchObject({ delivered: 2, requests: 2 });
  for (const request of received) {
    expect(request.url).toBe('/api/v1/traces?repository-url=https%3A%2F%2Fgit.example%2Fa%3Fb');
    expect(checkCaptureFlowJson(JSON.parse(request.body))).toEqual([]);
  }
});

test('what a server refuses is kept with its answer', async () => {
  const { url } = await receiver((response) => {
    response.writeHead(422);
    response.end('{"detail":"endpoint is missing"}');
  });
  const dir = folder();
  expect(await ship(captureFlowServerExporter({ url, repositoryUrl: 'r', spillDir: dir }))).toMatchObject({ refused: 1, delivered: 0 });
  const files = readdirSync(dir).filter((file) => file !== '.gitignore');
  expect(files.map((file) => file.replace(/^.*-\d+\./, ''))).toEqual(['refused.json', 'refused.json.answer.txt']);
  expect(checkCaptureFlowJson(JSON.parse(readFileSync(join(dir, files[0] as string), 'utf8')))).toEqual([]);
  expect(readFileSync(join(dir, files[1] as string), 'utf8')).toBe('HTTP 422\n{"detail":"endpoint is missing"}');
});

test('what a receiver that is down did not get is a trace file, and goes to the next one that is up', async () => {
  const dir = folder();
  const gone = otlpExporter({ endpoint: 'http://127.0.0.1:1/v1/traces', spillDir: dir });
  void gone.export({ segments: [encodedSample({ name: 'lost', traceId: 'b'.repeat(32) })] }, soon());
  gone.exit?.();
  expect(gone.stats?.()).toMatchObject({ spilled: 1, away: 0 });
  const [file = ''] = readdirSync(dir).filter((name) => name.endsWith('.cft'));
  expect(readSegments(readFileSync(join(dir, file))).segments.map(({ header }) => header.root.name)).toEqual(['lost']);

  const { url, received } = await receiver();
  const exporter = otlpExporter({ endpoint: url, spillDir: dir });
  await ship(exporter);
  await exporter.flush(soon());
  expect(exporter.stats?.()).toMatchObject({ delivered: 2, replayed: 1, waiting: 0 });
  expect(received[1]?.body).toContain('"lost"');
  expect(readdirSync(dir).filter((name) => name.includes('.cft'))).toEqual([]);
});

test('a file that is being sent again is lost by no end of the process, and taken by nobody else meanwhile', async () => {
  const dir = folder();
  const gone = otlpExporter({ endpoint: 'http://127.0.0.1:1/', spillDir: dir });
  void gone.export({ segments: [encodedSample({ name: 'earlier', traceId: 'b'.repeat(32) })] }, soon());
  gone.exit?.();
  const names = (): string[] => readdirSync(dir).filter((name) => name !== '.gitignore');

  // Takes the new trace and hangs at the earlier one.
  const { url, received } = await receiver((response, index) => void (index === 0 && response.end('{}')));
  const killed = otlpExporter({ endpoint: url, spillDir: dir });
  void killed.export({ segments: [encodedSample({ name: 'new' })] }, soon());
  await killed.flush(Date.now() + 1000);
  expect(received.map((request) => spanNames(request)[0])).toEqual(['new', 'earlier']);
  const [taken = ''] = names();
  expect(taken).toMatch(/\.cft\.taken-/);

  const { url: other, received: there } = await receiver();
  const next = (): Exporter => otlpExporter({ endpoint: other, spillDir: dir });
  await ship(next(), 'next', 'c'.repeat(32));
  expect(there).toHaveLength(1);
  expect(names()).toEqual([taken]);

  // Its process has been gone for long.
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(join(dir, taken), hourAgo, hourAgo);
  const late = next();
  await ship(late, 'last', 'd'.repeat(32));
  expect(there.flatMap(spanNames)).toContain('earlier');
  expect(names()).toEqual([]);
});

test('a spill over its bytes takes no more, and says how many were lost', () => {
  const exporter = otlpExporter({ endpoint: 'http://127.0.0.1:1', spillDir: folder(), spillBytes: 1000 });
  const segments = Array.from({ length: 10 }, (_, i) => encodedSample({ traceId: String(i).repeat(32) }));
  void exporter.export({ segments }, soon());
  exporter.exit?.();
  const { spilled = 0, away = 0 } = exporter.stats?.() ?? {};
  expect(spilled).toBeGreaterThan(0);
  expect(spilled + away).toBe(10);
  expect(away).toBeGreaterThan(0);
});

test.each([
  [() => otlpExporter({ endpoint: 'collector:4318' }), 'OPTION_TYPE', 'endpoint'],
  [() => otlpExporter({ endpiont: 'http://x' } as never), 'OPTION_UNKNOWN', 'endpiont'],
  [() => otlpExporter({ headers: { 'x-a': 1 } } as never), 'OPTION_TYPE', 'headers.x-a'],
  [() => otlpExporter({ timeoutMs: 0 }), 'OPTION_RANGE', 'timeoutMs'],
  [() => otlpExporter({ compression: 'br' } as never), 'OPTION_CHOICE', 'compression'],
  [() => otlpExporter({ resource: { team: ['blue'] } } as never), 'OPTION_TYPE', 'resource.team'],
  [() => otlpExporter({ sampleRatio: 2 }), 'OPTION_RANGE', 'sampleRatio'],
  [() => otlpExporter({ spillDir: '' }), 'OPTION_TYPE', 'spillDir'],
  [() => captureFlowServerExporter({ url: 'ftp://x', repositoryUrl: 'r' }), 'OPTION_TYPE', 'url'],
  [() => captureFlowServerExporter({ url: 'http://x' } as never), 'OPTION_TYPE', 'repositoryUrl'],
  [() => captureFlowServerExporter({ url: 'http://x', repositoryUrl: 'r', queueBytes: 1.5 }), 'OPTION_RANGE', 'queueBytes'],
  [() => start({ exporters: ['otlp'] } as never), 'OPTION_TYPE', 'exporters[0]'],
])('a bad option is refused when the exporter is made, by its key: %s', (make, code, path) => {
  expect(make).toThrow(expect.objectContaining({ name: 'OptionsError', code, path }));
});

test('the nearest key is named for one that does not exist', () => {
  expect(() => otlpExporter({ endpiont: 'http://x' } as never)).toThrow(/option "endpiont" is unknown; did you mean "endpoint"\?/);
});

test('500 hostile answers end a request with an answer or with none', async () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random(256)));
  const statuses = ['200 OK', '204', '999 X', '099', '-1', '429 Slow', '503', '301 Moved', '100 Continue', 'abc', '200'];
  const headers = [
    'retry-after: 99999999999999',
    'content-length: 5',
    'content-length: -1',
    'transfer-encoding: chunked',
    'x: \u0000',
    'retry-after: x',
  ];
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      const kind = random(8);
      if (kind === 0) return void socket.destroy();
      if (kind === 1) return void socket.resetAndDestroy();
      if (kind === 2) return void socket.end(noise(random(400)));
      socket.write(`HTTP/1.1 ${statuses[random(statuses.length)]}\r\n${headers[random(headers.length)]}\r\n\r\n`);
      if (kind === 3) socket.write(Buffer.alloc(300_000, 120));
      socket.end(noise(random(50)));
    });
  });
  const url = await listen(server);
  const post = createPost();
  const answers = await Promise.all(
    Array.from(
      { length: 500 },
      () => post({ url, headers: {}, body: new Uint8Array(3), compression: random(2) === 0 ? 'gzip' : 'none', timeoutMs: 10_000 }).answer,
    ),
  );
  expect(answers).toHaveLength(500);
  expect(answers.filter((answer) => answer === undefined).length).toBeGreaterThan(50);
  for (const answer of answers) {
    if (answer === undefined) continue;
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.body.length).toBeLessThanOrEqual(64 * 1024);
  }
});

/** Records one root and ends by itself. A request would wait for ten minutes: a program that waits for it fails the test by its time. */
function runProgram(endpoint: string, more: string): Promise<Ending & { readonly folder: string }> {
  const at = bench.program({
    'main.mjs': `import { otlpExporter, runRoot, start } from '@captureflow/runtime';
start({ exporters: [otlpExporter({ endpoint: '${endpoint}', spillDir: 'unsent', timeoutMs: 600_000 })] });
runRoot('short', () => 1);
${more}`,
  });
  return run(at).then((ending) => ({ ...ending, folder: at }));
}

test('a program that ends by itself delivers what it recorded', async () => {
  const { url, received } = await receiver();
  const ending = await runProgram(url, '');
  expect(ending).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(received).toHaveLength(1);
  expect(readTraces(ending.folder, 'unsent')).toEqual([]);
});

test('a receiver that hangs does not keep a program alive, nor change its end; the trace is put away', async () => {
  const { url } = await receiver(() => {});
  for (const [more, code] of [
    ['', 0],
    ['process.exitCode = 3;', 3],
    ['process.exit(4);', 4],
  ] as const) {
    const ending = await runProgram(url, more);
    expect(ending).toMatchObject({ code, stdout: '', stderr: '' });
    expect(readTraces(ending.folder, 'unsent').map(({ root }) => root.name)).toEqual(['short']);
  }
});

test('the environment alone sends traces to a server and by OTLP', async () => {
  const { url, received } = await receiver();
  const at = bench.program({ 'main.mjs': "import { runRoot } from '@captureflow/runtime'; runRoot('asked by the environment', () => 1);" });
  const env = {
    CAPTUREFLOW_SERVER_URL: url,
    CAPTUREFLOW_REPOSITORY_URL: 'https://git.example/a',
    CAPTUREFLOW_OTLP: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/otel/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc,x-a=1',
  };
  expect(await run(at, { env })).toMatchObject({ code: 0, stderr: '' });
  expect(received.map((request) => request.url).sort()).toEqual([
    '/api/v1/traces?repository-url=https%3A%2F%2Fgit.example%2Fa',
    '/otel/v1/traces',
  ]);
  expect(received.find((request) => request.url === '/otel/v1/traces')?.headers).toMatchObject({ authorization: 'Basic abc', 'x-a': '1' });
});
