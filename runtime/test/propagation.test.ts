import { channel } from 'node:diagnostics_channel';
import { createServer, get, request } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import { connect, createServer as createHttp2Server, sensitiveHeaders } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { OptionsError, flush, otlpExporter, runRoot, start, stop, trace, traceCarrier } from '../src/index.ts';
import { installPropagation } from '../src/propagation.ts';
import type { Propagate } from '../src/origin-pattern.ts';
import type { Root } from '../src/recorder-config.ts';
import { atEnd, listen } from './request-harness.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  return stop();
});

const T = '0af7651916cd43dd8448eb211c80319c';
const S = 'b7ad6b7169203331';
const HEADER = `00-${T}-${S}-01`;
const ROOT = { traceId: T, spanId: S } as Root;
const WITH_STATE = { ...ROOT, parent: { traceId: T, spanId: S, sampled: false, state: 'a=1' } };

/** A server that keeps what it was asked with. */
async function receiver(): Promise<{ readonly port: number; readonly base: string; readonly heard: IncomingHttpHeaders[] }> {
  const heard: IncomingHttpHeaders[] = [];
  const port = await listen(
    createServer((incoming, response) => {
      heard.push(incoming.headers);
      response.end();
    }),
  );
  return { port, base: `http://127.0.0.1:${port}`, heard };
}

function send(url: string, options: RequestOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, ...options }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
}

function install(root: Root | undefined, propagate: Propagate): void {
  atEnd(installPropagation(() => root, propagate));
}

const close = { connection: 'close' };

test('fetch carries the traceparent of the root, with flag and state as they came, and nothing else changes', async () => {
  const { base, heard } = await receiver();
  const headers = new Headers({ ...close, 'x-own': 'yes' });
  await fetch(base, { headers });
  install(WITH_STATE, true);
  await fetch(base, { headers });
  expect(heard[1]).toEqual({ ...heard[0], traceparent: `00-${T}-${S}-00`, tracestate: 'a=1' });
  expect([...headers.keys()]).toEqual(['connection', 'x-own']);
});

test('a traceparent of the program itself stays', async () => {
  const { base, heard } = await receiver();
  install(ROOT, true);
  await fetch(base, { headers: { ...close, Traceparent: 'mine' } });
  await send(base, { headers: { TraceParent: 'mine' } });
  expect(heard.map(({ traceparent }) => traceparent)).toEqual(['mine', 'mine']);
});

test('without a root, and without being asked for, nothing goes out', async () => {
  const { base, heard } = await receiver();
  install(undefined, true);
  install(ROOT, false);
  await fetch(base, { headers: close });
  await send(base);
  expect(heard.map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
});

test.each([
  ['its own origin', (port: number) => [`http://127.0.0.1:${port}`], true],
  ['its own origin in another form', (port: number) => [`HTTP://127.0.0.1:${port}/`], true],
  ['another port', () => ['http://127.0.0.1:1'], false],
  ['another scheme', (port: number) => [`https://127.0.0.1:${port}`], false],
  ['another name of the same machine', (port: number) => [`http://localhost:${port}`], false],
  ['one of several', (port: number) => ['https://api.shop.example', `http://127.0.0.1:${port}`], true],
  ['nothing', () => [], false],
])('a list of origins with %s decides', async (_what, origins, carries) => {
  const { port, base, heard } = await receiver();
  install(ROOT, origins(port));
  await send(base);
  await fetch(base, { headers: close });
  expect(heard.map(({ traceparent }) => traceparent)).toEqual([carries ? HEADER : undefined, carries ? HEADER : undefined]);
});

test.each([
  ['http://*.shop.test:80', 'http://api.shop.test', true],
  ['http://*.shop.test', 'http://a.b.shop.test', true],
  ['http://*.shop.test', 'http://shop.test', false],
  ['http://*.shop.test', 'http://othershop.test', false],
  ['http://*.shop.test:81', 'http://api.shop.test', false],
])('the origins %s and a request to %s: %s', (pattern, origin, carries) => {
  let added = 0;
  install(ROOT, [pattern]);
  // As undici announces it: no host of this name can be reached here.
  channel('undici:request:create').publish({ request: { origin, headers: [], addHeader: () => added++ } });
  expect(added > 0).toBe(carries);
});

test.each([[['shop.example']], [['https://shop.example/path']], [['https://*.*.example']], [['']], [[7]], ['https://shop.example'], [1]])(
  'start({ propagate: %j }) is refused with the path of the option',
  (propagate) => {
    expect(() => start({ propagate: propagate as never })).toThrow(OptionsError);
    expect(() => start({ propagate: propagate as never })).toThrow(/"propagate/);
  },
);

test('node:http carries the traceparent in every form of request but one with its head written before', async () => {
  const { port, base, heard } = await receiver();
  install(WITH_STATE, true);
  await send(base);
  await send(base, { method: 'POST', headers: { 'x-own': 'yes' } });
  await new Promise<void>((resolve) => get({ host: '127.0.0.1', port, agent: false }, (response) => response.resume().on('end', resolve)));
  // With a body in pieces, whose first one writes the head.
  await new Promise<void>((resolve) => {
    const outgoing = request(base, { method: 'POST', agent: false }, (response) => response.resume().on('end', resolve));
    outgoing.write('a');
    outgoing.end('b');
  });
  // A list of headers is written as it is.
  await send(base, { headers: ['Host', 'own'] as never });
  const sent = `00-${T}-${S}-00`;
  expect(heard.map(({ traceparent, tracestate }) => [traceparent, tracestate])).toEqual([
    [sent, 'a=1'],
    [sent, 'a=1'],
    [sent, 'a=1'],
    [sent, 'a=1'],
    [undefined, undefined],
  ]);
  expect(heard[1]?.['x-own']).toBe('yes');
});

describe('node:http2', () => {
  /** A server of HTTP/2 that keeps what it was asked with, and a client of it. */
  async function pair(): Promise<{ readonly port: number; readonly client: ClientHttp2Session; readonly heard: IncomingHttpHeaders[] }> {
    const heard: IncomingHttpHeaders[] = [];
    const server = createHttp2Server((incoming, response) => {
      heard.push({ ...incoming.headers });
      response.end();
    });
    const port = await listen(server as never);
    const client = connect(`http://127.0.0.1:${port}`);
    atEnd(() => client.destroy());
    return { port, client, heard };
  }

  const ask = (client: ClientHttp2Session, ...args: Parameters<ClientHttp2Session['request']>): Promise<void> =>
    new Promise((resolve, reject) => {
      client
        .request(...args)
        .on('error', reject)
        .on('end', resolve)
        .resume()
        .end();
    });

  test('carries the traceparent, also on a session that was there before, and changes no object of the program', async () => {
    const { client, heard } = await pair();
    await ask(client);
    install(WITH_STATE, true);
    const headers = { ':path': '/a', 'x-own': 'yes', [sensitiveHeaders]: ['x-own'] };
    await ask(client);
    await ask(client, headers);
    await ask(client, { Traceparent: 'mine' });
    const sent = `00-${T}-${S}-00`;
    expect(heard.map(({ traceparent, tracestate }) => [traceparent, tracestate])).toEqual([
      [undefined, undefined],
      [sent, 'a=1'],
      [sent, 'a=1'],
      ['mine', undefined],
    ]);
    expect(heard[2]).toMatchObject({ ':path': '/a', 'x-own': 'yes', [sensitiveHeaders]: ['x-own'] });
    expect(headers).toEqual({ ':path': '/a', 'x-own': 'yes', [sensitiveHeaders]: ['x-own'] });
  });

  test.each([
    ['its own origin', (port: number) => [`http://127.0.0.1:${port}`], {}, true],
    ['another port', () => ['http://127.0.0.1:1'], {}, false],
    ['the authority that the request names', () => ['http://api.shop.test'], { ':authority': 'api.shop.test' }, true],
    ['an origin that the request does not name', (port: number) => [`http://127.0.0.1:${port}`], { ':authority': 'api.shop.test' }, false],
  ])('a list of origins with %s decides', async (_what, origins, headers, carries) => {
    const { port, client, heard } = await pair();
    install(ROOT, origins(port));
    await ask(client, headers);
    expect(heard[0]?.['traceparent']).toBe(carries ? HEADER : undefined);
  });

  test('a wrong call fails as it does without us, and nothing is left when propagation stops', async () => {
    const { client, heard } = await pair();
    const { request: original } = Object.getPrototypeOf(client) as ClientHttp2Session;
    const failure = (): unknown => {
      try {
        return client.request({ ':method': 'CONNECT', ':path': '/' });
      } catch (error) {
        return String(error);
      }
    };
    const plain = failure();
    const stopIt = installPropagation(() => ROOT, true);
    expect(failure()).toBe(plain);
    expect(client.request).not.toBe(original);
    stopIt();
    expect(client.request).toBe(original);
    await ask(client);
    expect(heard.map(({ traceparent }) => traceparent)).toEqual([undefined]);
  });
});

test('requests of one root carry its id, also behind an await; what exporters send carries nothing', async () => {
  const { base, heard } = await receiver();
  const collector = await receiver();
  const ids: (string | undefined)[] = [];
  // Without compression a flush sends at once.
  vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', 'none');
  start({ exporters: [otlpExporter({ endpoint: `${collector.base}/v1/traces` })], budget: 1, signals: false, propagate: true });
  await Promise.all(
    ['one', 'two'].map((name) =>
      runRoot(name, async (root) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        ids.push(root?.traceId);
        await fetch(`${base}/${name}`, { headers: close });
      }),
    ),
  );
  // With a span of the program on the stack, in a root of the program.
  await runRoot('flushes', () => trace('work', () => flush())());
  await stop();
  expect(heard.map(({ traceparent }) => traceparent?.slice(3, 35)).sort()).toEqual(ids.sort());
  expect(collector.heard.length).toBeGreaterThan(0);
  expect(collector.heard.map(({ traceparent }) => traceparent)).toEqual(collector.heard.map(() => undefined));
});

test("what an exporter of the program's own sends while it is called carries nothing", async () => {
  const { base, heard } = await receiver();
  const exporter = { name: 'own', export: () => {}, flush: () => send(base), shutdown: () => {} };
  start({ exporters: [exporter], budget: 1, signals: false, propagate: true });
  // With a span of the program on the stack: its root is the one that runs.
  await runRoot('flushes', () => trace('work', () => flush())());
  expect(heard.map(({ traceparent }) => traceparent)).toEqual([undefined]);
});

test('the root of a job continues the trace of the request that asked for it', async () => {
  start({ exporters: [], budget: 1, signals: false });
  const queue: string[] = [];
  const ids = runRoot('ask', (root) => {
    queue.push(JSON.stringify({ name: 'mail', data: { to: 'somebody', trace: traceCarrier() } }));
    return { traceId: root?.traceId, spanId: root?.spanId };
  });
  const { name, data } = JSON.parse(queue[0] ?? '') as { name: string; data: { trace: object } };
  const job = await runRoot({ name, carrier: data.trace }, async (root) => root);
  expect(job?.parent).toEqual(ids);
  expect(job?.traceId).toBe(ids.traceId);
  expect(job?.spanId).not.toBe(ids.spanId);
  expect(traceCarrier()).toEqual({});
});

test('a carrier that is malformed or missing leaves the root without a parent', () => {
  start({ exporters: [], budget: 1, signals: false });
  for (const carrier of [undefined, {}, { traceparent: 'nonsense' }])
    runRoot({ name: 'job', carrier }, (root) => expect(root?.parent).toBeUndefined());
});
