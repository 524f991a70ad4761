import { Agent, createServer, get, request } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createTlsServer, get as getTls } from 'node:https';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { expect, test } from 'vitest';
import { atEnd, dial, listen, serve, until, watch } from './request-harness.ts';
import type { Watch } from './request-harness.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is told of each root: name, how often it ended, status, and whether it was aborted. */
function told({ seen }: Watch): unknown[] {
  return seen.map(({ root, ends }) => [
    root.name,
    ends,
    root.attributes['http.response.status_code'],
    root.attributes['http.request.aborted'] === true,
  ]);
}

/** Asks once and reads the whole answer. */
function ask(url: string, options: { method?: string; agent?: Agent | false } = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, ...options }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
}

const WHOLE: readonly [string, string, RequestListener, number][] = [
  ['a HEAD request', 'HEAD', (_, response) => response.writeHead(200, { 'content-length': '5' }).end(), 200],
  ['204 without a body', 'GET', (_, response) => response.writeHead(204).end(), 204],
  ['304 without a body', 'GET', (_, response) => response.writeHead(304).end(), 304],
  [
    'early hints before the answer',
    'GET',
    (_, response) => response.writeEarlyHints({ link: '</a>; rel=preload' }, () => response.end('a')),
    200,
  ],
  ['an answer in chunks', 'GET', (_, response) => (response.write('a'), setTimeout(() => response.end('b'), 10)), 200],
  ['an answer before the body was read', 'POST', (_, response) => response.writeHead(413).end(), 413],
  ['an answer that is ended twice', 'GET', (_, response) => response.end('a', () => response.end()), 200],
];
test.each(WHOLE)('%s: the root ends once, with the status', async (_what, method, listener, status) => {
  const roots = watch();
  const base = await serve(listener);
  await ask(`${base}/a`, { method });
  await roots.allEnded(1);
  await pause(20);
  expect(told(roots)).toEqual([[`${method} /a`, 1, status, false]]);
});

test('a stream of events that the client leaves ends the root once, as aborted, with the status that was sent', async () => {
  const roots = watch();
  const base = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write('data: tick\n\n'), 5);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => {
    const client = get(`${base}/events`, { agent: false }, (response) => response.once('data', () => (client.destroy(), resolve())));
    client.on('error', () => {});
  });
  await roots.allEnded(1);
  await pause(20);
  expect(told(roots)).toEqual([['GET /events', 1, 200, true]]);
});

test('a server that breaks the connection off ends the root once, as aborted', async () => {
  const roots = watch();
  const base = await serve((incoming) => void incoming.socket.destroy());
  await expect(ask(`${base}/broken`)).rejects.toThrow();
  await roots.allEnded(1);
  expect(told(roots)).toEqual([['GET /broken', 1, undefined, true]]);
});

test('a client that leaves in the middle of its own body ends the root once, as aborted', async () => {
  const roots = watch();
  const port = await listen(
    createServer((incoming, response) =>
      incoming
        .on('end', () => response.end())
        .on('error', () => {})
        .resume(),
    ),
  );
  const { socket } = await dial(port);
  socket.write('POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nten bytes.');
  await until(() => roots.seen.length === 1);
  socket.destroy();
  await roots.allEnded(1);
  expect(told(roots)).toEqual([['POST /upload', 1, undefined, true]]);
});

test('requests that were pipelined on one connection are roots of their own, each with its own end', async () => {
  const roots = watch();
  const port = await listen(
    createServer((incoming, response) => void setTimeout(() => response.end(incoming.url), incoming.url === '/first' ? 30 : 1)),
  );
  const { socket, received } = await dial(port);
  socket.write(['first', 'second', 'third'].map((path) => `GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  await until(() => received().includes('third'));
  await roots.allEnded(3);
  expect(received()).toMatch(/first[^]*second[^]*third/);
  expect(told(roots)).toEqual(['first', 'second', 'third'].map((path) => [`GET /${path}`, 1, 200, false]));
});

test('a connection that breaks ends the request that runs and those that were pipelined behind it', async () => {
  const roots = watch();
  const port = await listen(
    createServer((incoming, response) => {
      incoming.resume();
      if (incoming.url !== '/slow') response.end('answer');
    }),
  );
  const { socket } = await dial(port);
  socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /behind HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => roots.seen.length === 2);
  socket.destroy();
  await roots.allEnded(2);
  await pause(20);
  expect(told(roots)).toMatchObject([
    ['GET /slow', 1, undefined, true],
    ['GET /behind', 1, expect.anything(), true],
  ]);
});

test('many requests on one kept-alive connection add one listener to it', async () => {
  const roots = watch();
  const counts = new Set<number>();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const base = await serve((incoming, response) => {
    counts.add(incoming.socket.listenerCount('close'));
    response.end();
  });
  for (let i = 0; i < 20; i++) await ask(base, { agent });
  await roots.allEnded(20);
  expect(counts.size).toBe(1);
});

test('a connection that becomes a WebSocket is no request: what was asked before has ended, and nothing stays open', async () => {
  const roots = watch();
  const server = createServer((_request, response) => response.end('yes'));
  server.on('upgrade', (_request: IncomingMessage, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.end();
  });
  const { socket, received } = await dial(await listen(server));
  socket.write('GET /before HTTP/1.1\r\nHost: a\r\n\r\n');
  await roots.allEnded(1);
  socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await until(() => received().includes('101'));
  expect(told(roots)).toEqual([['GET /before', 1, 200, false]]);
});

test('a request for another protocol that the server does not speak is a request as any other', async () => {
  const roots = watch();
  const { socket, received } = await dial(await listen(createServer((_request, response) => response.end('plain'))));
  socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await until(() => received().includes('plain'));
  await roots.allEnded(1);
  expect(told(roots)).toEqual([['GET /ws', 1, 200, false]]);
});

/** So that no private key has to lie here. */
const SECRET = Buffer.alloc(16, 1);
const BY_SHARED_KEY: TlsOptions & ConnectionOptions = {
  ciphers: 'PSK-AES128-GCM-SHA256',
  maxVersion: 'TLSv1.2',
  checkServerIdentity: () => undefined,
};
const SERVER_SIDE: TlsOptions = { ...BY_SHARED_KEY, pskCallback: () => SECRET };
const CLIENT_SIDE: ConnectionOptions = { ...BY_SHARED_KEY, pskCallback: () => ({ psk: SECRET, identity: 'test' }) };

test('requests over TLS are roots, too', async () => {
  const roots = watch();
  const port = await listen(createTlsServer(SERVER_SIDE, (_request, response) => response.end('yes')));
  await new Promise<void>((resolve) =>
    getTls({ ...CLIENT_SIDE, port, path: '/safe', host: '127.0.0.1', agent: false }, (response) => response.resume().on('end', resolve)),
  );
  await roots.allEnded(1);
  expect(told(roots)).toEqual([['GET /safe', 1, 200, false]]);
});

test('a route and a name that the program says win over what was found', async () => {
  const roots = watch();
  const base = await serve((incoming, response) => {
    const root = roots.entered();
    if (root === undefined) throw new Error('no root');
    if (incoming.url === '/named') root.name = 'my own name';
    root.attributes['http.route'] = '/:said';
    response.end();
  });
  await ask(`${base}/routed`);
  await ask(`${base}/named`);
  await roots.allEnded(2);
  expect(roots.seen.map(({ root }) => [root.name, root.attributes['http.route']])).toEqual([
    ['GET /:said', '/:said'],
    ['my own name', '/:said'],
  ]);
});

test('a traceparent that comes twice is ignored', async () => {
  const roots = watch();
  const { socket } = await dial(await listen(createServer((_request, response) => response.end())));
  const header = `traceparent: 00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\r\n`;
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${header}${header}\r\n`);
  await roots.allEnded(1);
  expect(roots.seen[0]?.meta.parent).toBeUndefined();
});
