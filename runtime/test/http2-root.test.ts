import { AsyncLocalStorage } from 'node:async_hooks';
import { connect, constants, createServer } from 'node:http2';
import type { ClientHttp2Session, Http2Server, IncomingHttpHeaders } from 'node:http2';
import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { installHttpRoots } from '../src/http-root.ts';
import type { Root } from '../src/recorder-config.ts';
import { atEnd, listen, until, watch } from './request-harness.ts';

/** Resolves with the body. */
function ask(session: ClientHttp2Session, headers: IncomingHttpHeaders, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const stream = session.request(headers, { endStream: body === undefined });
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    stream.on('error', reject).on('close', () => resolve(text));
    if (body !== undefined) stream.end(body);
  });
}

async function open(server: Http2Server): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${await listen(server)}`);
  session.on('error', () => {});
  atEnd(() => session.destroy());
  return session;
}

describe.runIf(Number(process.versions.node.split('.')[0]) >= 22)('HTTP/2, whose streams Node announces from 22 on', () => {
  test('a request to the compatible interface is a root with its name, status and parent', async () => {
    const roots = watch();
    const session = await open(createServer((_request, response) => response.writeHead(503).end('no')));
    await ask(session, {
      ':path': '/orders/7?token=secret',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      'x-captureflow': 'keep',
    });
    await roots.allEnded(1);
    expect(roots.seen[0]).toMatchObject({
      ends: 1,
      asked: true,
      meta: { kind: 'http', name: 'GET /orders/7', parent: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) } },
      root: { attributes: { 'http.response.status_code': 503, 'error.type': '503', 'http.server.request.duration': expect.any(Number) } },
    });
    expect(roots.seen[0]?.root.attributes['http.request.aborted']).toBeUndefined();
  });

  test('many requests at once on one connection end once each', async () => {
    const roots = watch();
    const session = await open(createServer((incoming, response) => void setTimeout(() => response.end(incoming.url), 5)));
    const paths = Array.from({ length: 20 }, (_, i) => `/${i}`);
    await Promise.all(paths.map((path) => ask(session, { ':path': path })));
    await roots.allEnded(20);
    expect(roots.seen.map(({ root, ends }) => [root.name, ends])).toEqual(paths.map((path) => [`GET ${path}`, 1]));
  });

  test('a stream that the client cancels and one whose connection breaks end once, as aborted', async () => {
    const roots = watch();
    const server = createServer();
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      if (headers[':path'] === '/sent') stream.respond({ ':status': 200 });
    });
    const session = await open(server);
    const cancelled = session.request({ ':path': '/cancelled' }).on('error', () => {});
    const sent = session.request({ ':path': '/sent' }).on('error', () => {});
    await new Promise((resolve) => sent.on('response', resolve));
    cancelled.close(constants.NGHTTP2_CANCEL);
    await until(() => roots.seen[0]?.ends === 1);
    session.destroy();
    await roots.allEnded(2);
    expect(
      roots.seen.map(({ root, ends }) => [
        root.name,
        ends,
        root.attributes['http.response.status_code'],
        root.attributes['http.request.aborted'],
      ]),
    ).toEqual([
      ['GET /cancelled', 1, undefined, true],
      ['GET /sent', 1, 200, true],
    ]);
  });

  test('what the server pushes is no request', async () => {
    const roots = watch();
    const server = createServer();
    server.on('stream', (stream) => {
      stream.pushStream({ ':path': '/pushed' }, (_error, pushed) => {
        pushed.respond({ ':status': 200 });
        pushed.end('pushed');
        stream.respond({ ':status': 200 });
        stream.end('asked');
      });
    });
    const session = await open(server);
    session.on('stream', (pushed) => pushed.resume());
    expect(await ask(session, { ':path': '/asked' })).toBe('asked');
    await roots.allEnded(1);
    expect(roots.seen.map(({ root }) => root.name)).toEqual(['GET /asked']);
  });

  test('a request that Fastify answered is named by its route', async () => {
    const roots = watch();
    const app = fastify({ http2: true });
    app.get('/orders/:id', async () => 'yes');
    await app.ready();
    const session = await open(app.server);
    expect(await ask(session, { ':path': '/orders/7' })).toBe('yes');
    await roots.allEnded(1);
    expect(roots.seen[0]?.root.name).toBe('GET /orders/:id');
  });

  test('nothing of a request runs in the context of another one', async () => {
    const storage = new AsyncLocalStorage<Root>();
    const at: Record<string, string> = {};
    const seen = (path: string | undefined, where: string): void => {
      at[`${path} ${where}`] = storage.getStore()?.name ?? 'none';
    };
    const stop = installHttpRoots({
      openRoot: (meta) => ({ ...meta, attributes: {} }) as unknown as Root,
      enterRoot: (root) => storage.enterWith(root),
      endRoot: () => {},
    });
    atEnd(stop);
    const session = await open(
      createServer((incoming, response) => {
        seen(incoming.url, 'listener');
        incoming.on('data', () => seen(incoming.url, 'data'));
        incoming.on('end', () => {
          seen(incoming.url, 'end');
          setTimeout(() => response.end(), 1);
        });
      }),
    );
    await ask(session, { ':path': '/0', ':method': 'POST' }, 'body');
    await Promise.all(['/1', '/2', '/3'].map((path) => ask(session, { ':path': path, ':method': 'POST' }, 'body')));
    for (const [key, name] of Object.entries(at)) {
      const own = `POST ${key.split(' ')[0]}`;
      if (key.endsWith('listener')) expect([key, name]).toEqual([key, own]);
      else expect([own, 'none']).toContain(name);
    }
    expect(Object.keys(at)).toHaveLength(12);
  });
});
