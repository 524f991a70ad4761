/** The exporter for `captureflow serve`, against a real socket; the collector's own side is tested in cli. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { readSegments } from '@captureflow/trace';
import { afterEach, expect, test } from 'vitest';
import { collectorExporter } from '../src/exporters/collector.ts';
import { encodedSample } from './sample-segment.ts';

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly names: readonly string[];
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** `answer`: status and body, by how many segments came. */
async function receive(answer: (segments: number) => readonly [number, string]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const file = readSegments(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      expect(file.intact).toBe(true);
      received.push({ url: request.url, headers: request.headers, names: file.segments.map(({ header }) => header.root.name) });
      const [status, text] = answer(file.segments.length);
      response.writeHead(status).end(text);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

async function send(url: string, names: readonly string[], options: object = {}): Promise<Readonly<Record<string, number>>> {
  const exporter = collectorExporter({ url, spillDir: null, ...options });
  const segments = names.map((name, index) => encodedSample({ name, traceId: String(index + 1).padStart(32, '0') }));
  const deadline = Date.now() + 20_000;
  void exporter.export({ segments }, deadline);
  await exporter.flush(deadline);
  return exporter.stats?.() ?? {};
}

test('traces arrive as one trace file, packed, with the token', async () => {
  const { url, received } = await receive((accepted) => [200, JSON.stringify({ accepted, rejected: 0 })]);
  expect(await send(`${url}/`, ['a', 'b'], { token: 'secret' })).toMatchObject({ delivered: 2, requests: 1 });
  expect(received).toMatchObject([
    { url: '/api/segments', headers: { authorization: 'Bearer secret', 'content-encoding': 'gzip' }, names: ['a', 'b'] },
  ]);
});

test('what the collector says it did not take is counted', async () => {
  const { url } = await receive(() => [200, '{"accepted":1,"rejected":1,"message":"no"}']);
  expect(await send(url, ['a', 'b'])).toMatchObject({ delivered: 2, rejected: 1 });
});

test('a body that is too large comes again in halves', async () => {
  const { url, received } = await receive((segments) => (segments > 1 ? [413, ''] : [200, '{}']));
  expect(await send(url, ['a', 'b', 'c'])).toMatchObject({ delivered: 3 });
  expect(received.filter(({ names }) => names.length === 1).map(({ names }) => names[0])).toEqual(['a', 'b', 'c']);
});

test('a wrong option is refused with its name', () => {
  expect(() => collectorExporter({ url: 'ftp://x' })).toThrow(/url/);
  expect(() => collectorExporter({ tokens: 'x' } as never)).toThrow(/tokens/);
});
