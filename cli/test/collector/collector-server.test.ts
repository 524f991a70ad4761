import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { readDetails, readViewHead } from '@captureflow/trace/view-file';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createService } from '../../src/collector/services.ts';
import { startCollector } from '../../src/collector/start-collector.ts';
import type { Collector, CollectorOptions } from '../../src/collector/start-collector.ts';
import { captureFlowJson, otlpJson, segment, traceFile, traceIdOf } from './sample-traces.ts';

let folder: string;
let collector: Collector;
let log: string[];
const others: Collector[] = [];

async function start(options: Partial<CollectorOptions> = {}): Promise<Collector> {
  const started = await startCollector({
    db: join(folder, 'store', `traces-${others.length}.db`),
    port: 0,
    root: join(folder, 'project'),
    log: (line) => void log.push(line),
    onFailure: (reason) => void log.push(reason),
    createService,
    ...options,
  });
  others.push(started);
  return started;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'captureflow-server-'));
  mkdirSync(join(folder, 'project', 'src'), { recursive: true });
  log = [];
  collector = await start();
});

afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly json: never;
}

/** By Node's client, which sends paths and headers as they are given. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array | string,
  to: Collector = collector,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: to.port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          get json(): never {
            return JSON.parse(bytes.toString()) as never;
          },
        });
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const TOKEN = () => ({ authorization: `Bearer ${collector.token}` });
const JSON_TYPE = { 'content-type': 'application/json' };
const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> => ask('GET', path, { ...TOKEN(), ...headers });
const post = (path: string, body: Uint8Array | string, headers: Record<string, string> = JSON_TYPE): Promise<Answer> =>
  ask('POST', path, headers, body);

async function list(query: string = ''): Promise<{ id: string; name: string; traceId: string; source: string }[]> {
  return ((await get(`/api/traces${query}`)).json as { traces: never[] }).traces;
}

/** Of the one trace that is listed. */
async function onlyId(): Promise<string> {
  return (await list())[0]?.id ?? '';
}

type SdkSpan = Parameters<OTLPTraceExporter['export']>[0][number];

/** A root as OpenTelemetry's SDK hands it to its exporters. */
function finishedSpan(number: number, name: string): SdkSpan {
  const traceId = traceIdOf(number);
  return {
    name,
    kind: 1,
    spanContext: () => ({ traceId, spanId: traceId.slice(16), traceFlags: 1 }),
    startTime: [1_700_000_000, 123_456_789],
    endTime: [1_700_000_000, 223_456_789],
    duration: [0, 100_000_000],
    ended: true,
    status: { code: 2, message: 'failed' },
    attributes: { 'http.response.status_code': 503, ratio: -0.25, tags: ['a', 'b'], big: 2 ** 40, paid: false },
    links: [],
    events: [
      {
        name: 'exception',
        time: [1_700_000_000, 200_000_000],
        attributes: { 'exception.type': 'TypeError', 'exception.message': 'no stock' },
      },
    ],
    resource: { attributes: { 'service.name': 'shop' }, merge: (): never => undefined as never, getRawAttributes: () => [] } as never,
    instrumentationScope: { name: 'shop' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

describe('what programs send', () => {
  it('is stored when it is answered: our own segments, plain and packed', async () => {
    expect((await post('/api/segments', traceFile(segment(1, { name: 'plain' })))).json).toEqual({ accepted: 1, rejected: 0 });
    const packed = gzipSync(traceFile(segment(2, { name: 'packed' }), segment(3, { name: 'packed' })));
    expect((await post('/api/segments', packed, { 'content-encoding': 'gzip' })).json).toEqual({ accepted: 2, rejected: 0 });
    expect((await list()).map(({ name, source }) => [name, source])).toEqual([
      ['packed', 'native'],
      ['packed', 'native'],
      ['plain', 'native'],
    ]);
  });

  it('is refused whole when it was cut off, and in part when a segment makes no sense', async () => {
    const body = traceFile(segment(1), segment(2));
    const cut = await post('/api/segments', body.subarray(0, body.length - 3));
    expect([cut.status, cut.json]).toEqual([400, { message: expect.stringContaining('no intact trace file') as string }]);
    expect(await list()).toEqual([]);
    const broken = traceFile(segment(1), Uint8Array.of(1, 2, 3));
    expect((await post('/api/segments', broken)).json).toMatchObject({ accepted: 1, rejected: 1, message: expect.any(String) as string });
  });

  it("is answered as CaptureFlow's server does: its traces, and 422 with the place of what is wrong", async () => {
    const path = '/api/v1/traces?repository-url=https%3A%2F%2Fexample.com%2Fshop';
    expect([(await post(path, JSON.stringify(captureFlowJson(1)))).json]).toEqual([{ message: 'Trace log saved successfully' }]);
    const wrong = JSON.parse(JSON.stringify(captureFlowJson(1))) as { execution_trace: { line?: unknown }[] };
    delete wrong.execution_trace[0]!.line;
    const answer = await post(path, JSON.stringify(wrong));
    expect([answer.status, answer.json]).toEqual([
      422,
      { detail: [{ loc: ['body', 'execution_trace', 0, 'line'], msg: expect.stringContaining('integer') as string }] },
    ]);
    expect((await post(path, '{')).status).toBe(422);
    expect((await post('/api/v1/traces', JSON.stringify(captureFlowJson(1)))).status).toBe(422);
    expect(await list()).toMatchObject([{ source: 'captureflow' }]);
  });

  it('is taken from CaptureFlow where only its call graph would fail later', async () => {
    const trace = JSON.parse(JSON.stringify(captureFlowJson(1))) as { execution_trace: { event: string; caller_id: unknown }[] };
    trace.execution_trace.find(({ event }) => event === 'return')!.caller_id = null;
    expect((await post('/api/v1/traces?repository-url=x', JSON.stringify(trace))).status).toBe(200);
  });

  it('is answered as OTLP has it: nothing, or how many spans were rejected', async () => {
    const good = otlpJson(1);
    expect((await post('/v1/traces', gzipSync(JSON.stringify(good)), { ...JSON_TYPE, 'content-encoding': 'gzip' })).json).toEqual({});
    const bad = JSON.parse(JSON.stringify(otlpJson(2))) as typeof good;
    Object.assign(bad.resourceSpans[0]!.scopeSpans[0]!.spans[1]!, { spanId: 'no' });
    expect((await post('/v1/traces', JSON.stringify(bad))).json).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('spanId') as string },
    });
    expect((await post('/v1/traces', '{}')).status).toBe(400);
    expect((await post('/v1/traces', 'x', { 'content-type': 'application/grpc' })).status).toBe(415);
    expect(await list()).toHaveLength(2);
  });

  it("is taken from OpenTelemetry's own exporter in protobuf, its default, also in gzip", async () => {
    const url = `http://127.0.0.1:${collector.port}/v1/traces`;
    const results: number[] = [];
    for (const [i, compression] of ['none', 'gzip'].entries()) {
      const exporter = new OTLPTraceExporter({ url, compression: compression as never });
      await new Promise<void>((done) =>
        exporter.export([finishedSpan(i + 1, `checkout ${compression}`)], ({ code }) => {
          results.push(code);
          done();
        }),
      );
      await exporter.shutdown();
    }
    expect(results).toEqual([0, 0]);
    expect(await list()).toMatchObject([
      { name: 'checkout gzip', kind: 'http', status: 503, outcome: 'error', source: 'otlp', spans: 0 },
      { name: 'checkout none' },
    ]);
    const { json } = await get(`/api/traces/${(await list())[0]!.id}/export/json`);
    expect((json as { traces: { root: { attributes: object; error: object } }[] }).traces[0]?.root).toMatchObject({
      attributes: { ratio: -0.25, big: 2 ** 40, paid: false },
    });
    expect(await list('?text=stock')).toHaveLength(2);
  });

  it('is answered in protobuf where it came so: which spans were rejected, and why a body is none', async () => {
    const PROTOBUF = { 'content-type': 'application/x-protobuf' };
    const broken = await post('/v1/traces', Buffer.from([0x0a, 0x7f, 1, 2]), PROTOBUF);
    expect([broken.status, broken.headers['content-type']]).toEqual([400, 'application/x-protobuf']);
    expect(broken.bytes.toString()).toContain('the body is no ExportTraceServiceRequest in protobuf: the bytes end inside a message');
    // A span with a name and nothing else: resourceSpans, scopeSpans, spans, name.
    const nameless = await post('/v1/traces', Buffer.from([0x0a, 7, 0x12, 5, 0x12, 3, 0x2a, 1, 0x78]), PROTOBUF);
    expect([nameless.status, [...nameless.bytes.subarray(2, 4)]]).toEqual([200, [0x08, 1]]);
    expect(nameless.bytes.toString()).toContain('spans need a traceId of 32');
    const nested = Buffer.concat([Buffer.from([0x0a, 0xff, 0xff, 0x03]), Buffer.alloc(0xffff, 0x0a)]);
    expect((await post('/v1/traces', nested, PROTOBUF)).status).toBe(400);
    expect(await list()).toEqual([]);
  });

  it('is refused when it is too large, also behind gzip, and the next request is answered', async () => {
    const small = await start({ mostBodyBytes: 10_000 });
    const large = traceFile(segment(1, { texts: ['x'.repeat(20_000)] }));
    expect((await ask('POST', '/api/segments', {}, large, small)).status).toBe(413);
    expect((await ask('POST', '/api/segments', { 'content-encoding': 'gzip' }, gzipSync(large), small)).status).toBe(413);
    expect((await ask('POST', '/api/segments', { 'transfer-encoding': 'chunked' }, large, small)).status).toBe(413);
    expect((await ask('POST', '/api/segments', {}, traceFile(segment(1)), small)).status).toBe(200);
    expect(log.join('')).toContain('413');
  });

  it('is refused when it is no gzip, or in an encoding that nobody announced', async () => {
    expect((await post('/api/segments', 'x', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post('/api/segments', 'x', { 'content-encoding': 'br' })).status).toBe(415);
  });

  it('is cut off when it comes too slowly', async () => {
    const hasty = await start({ requestTimeoutMs: 300 });
    const said = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(hasty.port, '127.0.0.1', () =>
        socket.write(`POST /api/segments HTTP/1.1\r\nhost: 127.0.0.1:${hasty.port}\r\ncontent-length: 100\r\n\r\nCFT1`),
      );
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', () => resolve(text));
    });
    expect(said === '' || said.startsWith('HTTP/1.1 408') || said.startsWith('HTTP/1.1 400')).toBe(true);
    expect(log.join('')).toMatch(/not complete in time|400/);
  });
});

describe('who may ask', () => {
  it('is whoever has the token; programs on this machine may send without', async () => {
    expect((await ask('GET', '/api/traces')).status).toBe(401);
    expect((await ask('GET', '/api/traces', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await ask('GET', '/api/live')).status).toBe(401);
    expect((await ask('DELETE', '/api/traces/1')).status).toBe(401);
    expect((await get('/api/traces')).status).toBe(200);
    expect(log.join('')).toContain('GET /api/traces from 127.0.0.1: 401, the token is missing');
  });

  it('is no page of another origin, unless it was named, and then only for sending', async () => {
    const evil = { origin: 'http://evil.example' };
    expect((await post('/api/segments', traceFile(segment(1)), evil)).status).toBe(403);
    expect((await get('/api/traces', evil)).status).toBe(403);
    expect((await get('/api/traces', { origin: 'null' })).status).toBe(403);
    expect((await ask('GET', '/api/traces', { ...TOKEN(), 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await get('/api/traces', { origin: `http://127.0.0.1:${collector.port}`, host: `127.0.0.1:${collector.port}` })).status).toBe(
      200,
    );
    const open = await start({ allowedOrigins: ['http://localhost:5173'] });
    const page = { origin: 'http://localhost:5173' };
    const flight = await ask('OPTIONS', '/api/segments', page, undefined, open);
    expect([flight.status, flight.headers['access-control-allow-origin']]).toEqual([204, 'http://localhost:5173']);
    expect((await ask('POST', '/api/segments', page, traceFile(segment(1)), open)).status).toBe(200);
    expect((await ask('GET', '/api/traces', page, undefined, open)).status).toBe(401);
  });

  it('is nobody who was led here by a name that is not ours', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', 'a b', `127.0.0.1.evil.example:${collector.port}`]) {
      expect((await get('/api/traces', { host })).status, host).toBeGreaterThanOrEqual(400);
      expect((await ask('GET', '/', { host })).status, host).toBeGreaterThanOrEqual(400);
    }
    expect((await get('/api/traces', { host: `localhost:${collector.port}` })).status).toBe(200);
    expect((await get('/api/traces', { host: '[::1]:80' })).status).toBe(200);
  });

  it('must know the token for sending, too, when others can reach the server', async () => {
    const open = await start({ host: '0.0.0.0' });
    expect((await ask('POST', '/api/segments', {}, traceFile(segment(1)), open)).status).toBe(401);
    expect((await ask('POST', '/api/segments', { authorization: `Bearer ${open.token}` }, traceFile(segment(1)), open)).status).toBe(200);
  });

  it('keeps its token with the store', async () => {
    const db = join(folder, 'store', 'again.db');
    const first = await start({ db });
    await first.stop();
    expect((await start({ db })).token).toBe(first.token);
    expect(collector.token).not.toBe(first.token);
  });
});

describe('what the page asks for', () => {
  it('is the list, filtered, or what is wrong with the question', async () => {
    await post('/api/segments', traceFile(segment(1, { name: 'a', texts: ['needle'] }), segment(2, { name: 'b', throws: true })));
    expect((await list('?text=need')).map(({ name }) => name)).toEqual(['a']);
    expect((await list('?error=1')).map(({ name }) => name)).toEqual(['b']);
    const page = (await get('/api/traces?limit=1')).json as { traces: never[]; next: string };
    expect((await list(`?limit=1&cursor=${page.next}`)).map(({ name }) => name)).toEqual(['a']);
    for (const wrong of ['minDuration=x', 'status=abc', 'cursor=-1', 'limit=NaN'])
      expect((await get(`/api/traces?${wrong}`)).status).toBe(400);
  });

  it('is a trace in the form that it reads: head and blocks', async () => {
    await post('/api/segments', traceFile(segment(1, { texts: ['hello'] })));
    const id = await onlyId();
    const head = await get(`/api/traces/${id}/head`);
    expect([head.headers['content-encoding'], head.headers['content-type']]).toEqual(['gzip', 'application/octet-stream']);
    const { header, columns } = readViewHead(new Uint8Array(gunzipSync(head.bytes)));
    expect([columns.count, header.traceId]).toEqual([1, traceIdOf(1)]);
    const block = await get(`/api/traces/${id}/blocks/0`);
    const [details] = readDetails(gunzipSync(block.bytes), header.functions);
    expect(details?.args).toEqual([{ name: 'p0', value: { kind: 'string', value: 'hello' } }]);
    for (const path of [`${id}/blocks/1`, `${id}/blocks/-1`, '1/head', 'x/head', `${id}/other`])
      expect((await get(`/api/traces/${path}`)).status, path).toBe(404);
  });

  it('is made anew when late work came', async () => {
    await post('/api/segments', traceFile(segment(1)));
    const id = await onlyId();
    const count = async () => readViewHead(new Uint8Array(gunzipSync((await get(`/api/traces/${id}/head`)).bytes))).columns.count;
    expect(await count()).toBe(1);
    await post('/api/segments', traceFile(segment(1, { part: 1 })));
    expect(await count()).toBe(2);
  });

  it('is the source of modules that the trace names, inside the project', async () => {
    writeFileSync(join(folder, 'project', 'src', 'app.ts'), 'const known = 1;\n');
    writeFileSync(join(folder, 'project', 'src', 'other.ts'), 'not named\n');
    writeFileSync(join(folder, 'secret.ts'), 'secret\n');
    symlinkSync(join(folder, 'secret.ts'), join(folder, 'project', 'src', 'link.ts'));
    const modules = [
      'src/app.ts',
      '../secret.ts',
      'src/../../secret.ts',
      join(folder, 'secret.ts'),
      'src/link.ts',
      'src',
      'src/gone.ts',
      'src/app.ts\0.js',
      '',
    ];
    await post('/api/segments', traceFile(...modules.map((module, i) => segment(i + 1, { module }))));
    for (const { id, traceId } of await list()) {
      const module = modules[Number.parseInt(traceId.slice(0, 8), 16) - 1] ?? '';
      const answer = await get(`/api/sources?trace=${id}&module=${encodeURIComponent(module)}`);
      if (module === 'src/app.ts')
        expect([answer.status, answer.bytes.toString(), answer.headers['content-type']]).toEqual([
          200,
          'const known = 1;\n',
          'text/plain; charset=utf-8',
        ]);
      else expect([module, answer.status]).toEqual([module, 404]);
      expect((await get(`/api/sources?trace=${id}&module=src%2Fother.ts`)).status).toBe(404);
    }
  });

  it('is nothing outside of the API, however the path is written', async () => {
    for (const path of [
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/api/../package.json',
      '//etc/passwd',
      '/api/sources/../../x',
      '/etc/passwd',
      '/api/traces/%00',
      '/api/traces/%E0%A4%A',
      '/__proto__',
      '/constructor',
    ])
      expect((await get(path)).status, path).toBe(404);
    expect((await ask('PUT', '/api/traces', TOKEN(), 'x')).status).toBe(405);
  });

  it('is gone when it was deleted', async () => {
    await post('/api/segments', traceFile(segment(1)));
    const id = await onlyId();
    expect((await ask('DELETE', `/api/traces/${id}`, TOKEN())).status).toBe(200);
    expect((await ask('DELETE', `/api/traces/${id}`, TOKEN())).status).toBe(404);
    expect(await list()).toEqual([]);
  });

  it('is gone when it was deleted, also where the page had it open', async () => {
    await post('/api/segments', traceFile(segment(1)));
    const id = await onlyId();
    expect((await get(`/api/traces/${id}/head`)).status).toBe(200);
    await ask('DELETE', `/api/traces/${id}`, TOKEN());
    expect((await get(`/api/traces/${id}/head`)).status).toBe(404);
  });

  it('is told of traces that come and go, while they do', async () => {
    const events: { event: string; data: { id: string; name?: string } }[] = [];
    let text = '';
    const arrived: (() => void)[] = [];
    const until = (count: number) =>
      new Promise<void>((resolve) => (events.length >= count ? resolve() : arrived.push(() => events.length >= count && resolve())));
    const stream = request({ host: '127.0.0.1', port: collector.port, path: '/api/live', headers: TOKEN(), agent: false }, (response) => {
      expect(response.headers['content-type']).toBe('text/event-stream');
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
          text = text.slice(end + 2);
          if (event !== '') events.push({ event, data: JSON.parse(data) as never });
        }
        for (const check of arrived) check();
      });
      void post('/api/segments', traceFile(segment(1, { name: 'new' })));
    });
    stream.end();
    await until(1);
    expect(events).toMatchObject([{ event: 'trace', data: { name: 'new', spans: 1 } }]);
    await ask('DELETE', `/api/traces/${events[0]!.data.id}`, TOKEN());
    await until(2);
    expect(events[1]).toEqual({ event: 'gone', data: { id: events[0]!.data.id } });
    stream.destroy();
  });

  it('is a file to take away', async () => {
    await post('/api/segments', traceFile(segment(1)));
    const id = await onlyId();
    const file = await get(`/api/traces/${id}/export/captureflow`);
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="trace-[0-9a-f]{32}\.json"$/);
    expect(file.json).toMatchObject({ endpoint: 'work' });
    const none = await get(`/api/traces/${id}/export/${encodeURIComponent('../x')}`);
    expect([none.status, none.json]).toEqual([404, { message: expect.stringContaining('there are json, captureflow') as string }]);
  });
});

describe('the server itself', () => {
  it('takes the next port where one is taken', async () => {
    const next = await start({ port: collector.port });
    expect(next.port).toBeGreaterThan(collector.port);
    expect((await ask('GET', '/api/traces', { authorization: `Bearer ${next.token}` }, undefined, next)).status).toBe(200);
  });

  it('refuses a store that another one has open', async () => {
    const db = join(folder, 'store', 'shared.db');
    await start({ db });
    await expect(start({ db })).rejects.toThrow(/another collector has .*shared\.db open/);
  });

  it('says what is wrong with a file that is no store, and leaves it as it was', async () => {
    const db = join(folder, 'notes.txt');
    writeFileSync(db, 'my notes, '.repeat(1000));
    await expect(start({ db })).rejects.toThrow(/is no SQLite database/);
  });

  it('survives what is no HTTP, headers without end, and connections that break', async () => {
    for (const bytes of [
      '\0\0\0',
      'GET / HTTP/1.1\r\n',
      `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
      'POST /api/segments HTTP/1.1\r\nhost: localhost\r\ncontent-length: 50\r\n\r\nabc',
    ])
      await new Promise<void>((resolve) => {
        const socket = connect(collector.port, '127.0.0.1', () => socket.end(bytes));
        socket.on('close', () => resolve());
        socket.on('error', () => undefined);
        socket.resume();
      });
    expect((await get('/api/traces')).status).toBe(200);
  });
});
