import 'reflect-metadata';
import { createServer } from 'node:http';
import { serve as serveHono } from '@hono/node-server';
import Router from '@koa/router';
import { Controller, Get, Module, NotFoundException, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer, WebSocket } from 'ws';
import { honoRoute, koaRoute, onTrace, start, stop } from '../src/index.ts';
import type { Trace } from '../src/index.ts';
import { atEnd, listen, until } from './request-harness.ts';

afterEach(() => stop());

/** Records without exporters. The list grows as roots end. */
function record(): Trace[] {
  const traces: Trace[] = [];
  start({ exporters: [], budget: 1, signals: false });
  atEnd(onTrace((trace) => void traces.push(trace)));
  return traces;
}

async function ask(base: string, path: string, method = 'GET'): Promise<number> {
  const response = await fetch(base + path, { method, headers: { connection: 'close' } });
  await response.text();
  return response.status;
}

/** What is told of the requests, in the order of their ends. */
async function told(traces: readonly Trace[], count: number): Promise<unknown[]> {
  await until(() => traces.length >= count);
  return traces.map(({ root }) => [root.kind, root.name, root.attributes['http.response.status_code']]);
}

test('a request that Koa answered is named by the route of its router', async () => {
  const traces = record();
  const app = new Koa();
  app.silent = true;
  const router = new Router({ prefix: '/shop' });
  router.get('/orders/:id', (context) => {
    context.body = context['params'];
  });
  router.get('/fails/:id', () => {
    throw new Error('no');
  });
  app.use(koaRoute).use(router.routes());
  const base = `http://127.0.0.1:${await listen(createServer(app.callback()))}`;
  for (const path of ['/shop/orders/7?a=1', '/shop/fails/7', '/nowhere']) await ask(base, path);
  expect(await told(traces, 3)).toEqual([
    ['http', 'GET /shop/orders/:id', 200],
    ['http', 'GET /shop/fails/:id', 500],
    ['http', 'GET /nowhere', 404],
  ]);
});

test('what a middleware of Koa below the naming one returns reaches the one above it', async () => {
  const app = new Koa();
  let returned: unknown;
  app.use(async (_context, next) => {
    returned = await next();
  });
  app.use(koaRoute).use((context) => ((context.body = 'yes'), 'told'));
  const base = `http://127.0.0.1:${await listen(createServer(app.callback()))}`;
  await ask(base, '/');
  expect(returned).toBe('told');
});

test('a request that Hono answered is named by the route that did, not by its middlewares', async () => {
  const traces = record();
  const app = new Hono();
  app.use(honoRoute);
  app.use('/shop/*', (_context, next) => next());
  const shop = new Hono();
  shop.get('/orders/:id', (context) => context.text('yes'));
  shop.get('/fails/:id', () => {
    throw new Error('no');
  });
  app.route('/shop', shop);
  app.all('/any/*', (context) => context.text('yes'));
  app.onError((_error, context) => context.text('failed', 500));
  const base = await new Promise<string>((resolve) => {
    const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(`http://127.0.0.1:${port}`));
    atEnd(() => server.close());
  });
  for (const path of ['/shop/orders/7', '/shop/fails/7', '/any/thing', '/shop/nowhere', '/nowhere']) await ask(base, path);
  expect(await told(traces, 5)).toEqual([
    ['http', 'GET /shop/orders/:id', 200],
    ['http', 'GET /shop/fails/:id', 500],
    ['http', 'GET /any/*', 200],
    ['http', 'GET /shop/nowhere', 404],
    ['http', 'GET /nowhere', 404],
  ]);
});

test('the middlewares leave a program alone in which nothing is recorded', async () => {
  const app = new Hono();
  app.use(honoRoute);
  app.get('/:id', (context) => context.text('yes'));
  expect(await (await app.request('/7')).text()).toBe('yes');
});

/** Decorators by hand: the tests are compiled without metadata of types. */
class OrdersController {
  find(id: string): string {
    if (id === 'none') throw new NotFoundException();
    if (id === 'broken') throw new Error('no');
    return id;
  }
}
const find = Object.getOwnPropertyDescriptor(OrdersController.prototype, 'find') as PropertyDescriptor;
Get('orders/:id')(OrdersController.prototype, 'find', find);
Param('id')(OrdersController.prototype, 'find', 0);
Controller('shop')(OrdersController);
class ShopModule {}
Module({ controllers: [OrdersController] })(ShopModule);

test.each([
  // A path without a route is answered by a route of Nest's own there.
  ['Express', '/api*path', () => NestFactory.create(ShopModule, new ExpressAdapter(), { logger: false })],
  ['Fastify', '/api/nowhere', () => NestFactory.create<NestFastifyApplication>(ShopModule, new FastifyAdapter(), { logger: false })],
])('a request that Nest answered on %s is named by its route', async (_platform, nowhere, create) => {
  const traces = record();
  const app = await create();
  app.setGlobalPrefix('api');
  atEnd(() => app.close());
  await app.listen(0, '127.0.0.1');
  const base = await app.getUrl();
  for (const path of ['/api/shop/orders/7', '/api/shop/orders/none', '/api/shop/orders/broken', '/api/nowhere']) await ask(base, path);
  expect(await told(traces, 4)).toEqual([
    ['http', 'GET /api/shop/orders/:id', 200],
    ['http', 'GET /api/shop/orders/:id', 404],
    ['http', 'GET /api/shop/orders/:id', 500],
    ['http', `GET ${nowhere}`, 404],
  ]);
});

test('a server of WebSockets works beside requests and leaves no root open', async () => {
  const traces = record();
  const server = createServer((_request, response) => response.end('yes'));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data.toString()}`)));
  atEnd(() => sockets.close());
  const port = await listen(server);
  const client = new WebSocket(`ws://127.0.0.1:${port}/live`);
  const heard = new Promise((resolve) => client.on('message', (data) => resolve(data.toString())));
  await new Promise((resolve) => client.on('open', resolve));
  client.send('hello');
  expect(await heard).toBe('echo hello');
  await ask(`http://127.0.0.1:${port}`, '/beside');
  client.close();
  expect(await told(traces, 1)).toEqual([['http', 'GET /beside', 200]]);
});
