import { get, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { atEnd, serve, until, watch } from './request-harness.ts';

test('a request with the header `x-captureflow: keep` asks for its trace, others do not', async () => {
  const { seen } = watch();
  const base = await serve((_request, response) => response.end('yes'));
  for (const headers of [{}, { 'X-CaptureFlow': ' Keep ' }, { 'x-captureflow': 'no' }]) await (await fetch(base, { headers })).text();
  expect(seen.map((entry) => entry.asked)).toEqual([false, true, false]);
});

test("a request that Express answered is named by its router's place and the route's pattern", async () => {
  const { seen } = watch();
  const app = express();
  const router = express.Router();
  router.get('/', (_request, response) => void response.end('yes'));
  router.get(['/orders/:id', '/bills/:id'], (_request, response) => void response.end('yes'));
  app.get('/', (_request, response) => void response.end('yes'));
  app.use('/shop', router);
  const base = await serve(app);
  router.get(/^\/any/, (_request, response) => void response.end('yes'));
  const paths = ['/shop/orders/7?a=1', '/shop', '/', '/shop/nowhere', '/shop/anything'];
  for (const path of paths) await (await fetch(base + path, { headers: { connection: 'close' } })).text();
  await until(() => seen.length === paths.length && seen.every((entry) => entry.ends === 1));
  expect(seen.map((entry) => entry.root.name)).toEqual([
    'GET /shop/orders/:id|/bills/:id',
    'GET /shop',
    'GET /',
    'GET /shop/nowhere',
    'GET /shop/anything',
  ]);
  expect(seen[0]?.root.attributes).toMatchObject({ 'http.route': '/shop/orders/:id|/bills/:id', 'url.path': '/shop/orders/7' });
  expect(seen[3]?.root.attributes['http.route']).toBeUndefined();
});

test('a route that is a getter of the program is not read', async () => {
  const { seen } = watch();
  let reads = 0;
  const base = await serve((incoming, response) => {
    Object.defineProperty(incoming, 'route', { get: () => ({ path: `/read ${++reads}` }) });
    response.end('yes');
  });
  await (await fetch(`${base}/a`, { headers: { connection: 'close' } })).text();
  await until(() => seen[0]?.ends === 1);
  expect([seen[0]?.root.name, reads]).toEqual(['GET /a', 0]);
});

test('a request that Fastify answered is named by its route', async () => {
  const { seen } = watch();
  const app = fastify();
  atEnd(() => app.close());
  void app.register(async (inner) => void inner.get('/orders/:id', async () => 'yes'), { prefix: '/shop' });
  app.get('/callback/:name', (_request, reply) => void reply.send('yes'));
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const path of ['/shop/orders/7', '/callback/x', '/nowhere'])
    await (await fetch(base + path, { headers: { connection: 'close' } })).text();
  await until(() => seen.length === 3 && seen.every((entry) => entry.ends === 1));
  expect(seen.map((entry) => entry.root.name)).toEqual(['GET /shop/orders/:id', 'GET /callback/:name', 'GET /nowhere']);
});

test('a request is a root named by method and path, which ends once with the status code', async () => {
  const { seen, ended } = watch();
  const base = await serve((_request, response) => response.writeHead(404).end('no'));
  const end = ended();
  await fetch(`${base}/orders/7?token=secret`, { method: 'DELETE', headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } });
  await end;
  expect(seen).toHaveLength(1);
  expect(seen[0]?.ends).toBe(1);
  expect(seen[0]?.meta).toEqual({
    kind: 'http',
    name: 'DELETE /orders/7',
    parent: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
  });
  expect(seen[0]?.root.attributes).toEqual({
    'http.request.method': 'DELETE',
    'url.path': '/orders/7',
    'http.response.status_code': 404,
    'http.server.request.duration': expect.any(Number),
  });
});

test('the root is there before the first listener of the server runs', async () => {
  const { seen, ended } = watch();
  let before = -1;
  const base = await serve((_request, response) => {
    before = seen.length;
    response.end();
  });
  const end = ended();
  await fetch(base);
  await end;
  expect(before).toBe(1);
  expect(seen[0]?.meta.parent).toBeUndefined();
});

test('a failing request says so', async () => {
  const { seen, ended } = watch();
  const base = await serve((_request, response) => response.writeHead(503).end());
  const end = ended();
  await fetch(base);
  await end;
  expect(seen[0]?.root.attributes).toMatchObject({ 'http.response.status_code': 503, 'error.type': '503' });
});

test('a client that goes away ends the root once, marked as aborted, without a status that was never sent', async () => {
  const { seen, ended } = watch();
  const base = await serve(() => {});
  const end = ended();
  const client = get(base);
  client.on('error', () => {});
  client.on('socket', (socket) => socket.on('connect', () => setTimeout(() => client.destroy(), 50)));
  await end;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(seen[0]?.ends).toBe(1);
  expect(seen[0]?.root.attributes['http.request.aborted']).toBe(true);
  expect(seen[0]?.root.attributes['http.response.status_code']).toBeUndefined();
});

test('requests on one kept-alive connection are roots of their own', async () => {
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const { seen, ended } = watch();
  const base = await serve((message, response) => response.end(message.url));
  for (const path of ['/one', '/two']) {
    const end = ended();
    await new Promise<void>((resolve) =>
      request(base + path, { agent }, (response: IncomingMessage) => response.resume().on('end', resolve)).end(),
    );
    await end;
  }
  expect(seen.map(({ meta, ends }) => [meta.name, ends])).toEqual([
    ['GET /one', 1],
    ['GET /two', 1],
  ]);
});

test('after it was taken away no request is a root', async () => {
  const { seen, uninstall } = watch();
  uninstall();
  const base = await serve((_request, response) => response.end());
  await fetch(base);
  expect(seen).toEqual([]);
});

test('a request that Next.js answered is named by the pattern that it leaves on the request, as far as it is plain data', async () => {
  const { seen, allEnded } = watch();
  const base = await serve((incoming, response) => {
    // What Next 16.4 was seen to leave there.
    const definition = { pathname: '/orders/[id]' };
    const match = incoming.url === '/plain/7' ? { value: { definition } } : { get: () => ({ definition }) };
    Object.defineProperty(incoming, Symbol.for('NextInternalRequestMeta'), { value: Object.defineProperty({}, 'match', match) });
    response.end('yes');
  });
  for (const path of ['/plain/7', '/getter/7']) await (await fetch(base + path, { headers: { connection: 'close' } })).text();
  await allEnded(2);
  expect(seen.map((entry) => entry.root.name)).toEqual(['GET /orders/[id]', 'GET /getter/7']);
});
