/** A page in a real Chromium: built with Vite and our plugin as for production, served under a strict policy, traced to a receiver of another origin. Not a test. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { OtlpRequest } from '@captureflow/trace';

const MIME: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

export interface Sent {
  readonly path: string;
  readonly bytes: number;
  /** `content-encoding`. */
  readonly encoding: string | undefined;
  readonly spans: readonly SentSpan[];
}

export interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface TraceReceiver {
  readonly url: string;
  readonly sent: readonly Sent[];
  /** Names of all spans so far. */
  names(): string[];
  /** Waits until a span of that name is there. */
  has(name: string): Promise<SentSpan>;
  close(): void;
}

/** Answers as a collector with CORS does. */
export async function traceReceiver(): Promise<TraceReceiver> {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const encoding = request.headers['content-encoding'];
      const text = (encoding === 'gzip' ? gunzipSync(body) : body).toString();
      if (request.method === 'POST') sent.push({ path: request.url ?? '', bytes: body.length, encoding, spans: spansOf(text) });
      response.writeHead(200, {
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'content-type, content-encoding, authorization',
        'content-type': 'application/json',
      });
      response.end('{}');
    });
  });
  const spans = (): SentSpan[] => sent.flatMap((request) => request.spans);
  return {
    url: await listen(server),
    sent,
    names: () => spans().map(({ name }) => name),
    async has(name) {
      for (let tries = 0; tries < 400; tries++) {
        const found = spans().find((span) => span.name === name);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(
        `no span ${name} came within 20 s, only ${spans()
          .map((span) => span.name)
          .join(', ')}`,
      );
    },
    close: () => close(server),
  };
}

function spansOf(body: string): SentSpan[] {
  const { resourceSpans = [] } = JSON.parse(body) as Partial<OtlpRequest>;
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId, attributes }) => ({
        name,
        traceId,
        spanId,
        parentSpanId: parentSpanId ?? '',
        attributes: Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]])),
      })),
    ),
  );
}

/** Serves a folder to pages that may run no code from texts and talk to `receiver` only. Returns its URL and what ends it. */
export async function servePage(folder: string, receiver: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    try {
      const file = join(folder, pathname === '/' ? 'index.html' : pathname);
      const text = readFileSync(file);
      response.writeHead(200, {
        'content-type': MIME[extname(file)] ?? 'text/plain',
        'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self' ${receiver}`,
      });
      response.end(text);
    } catch {
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    }
  });
  return { url: await listen(server), close: () => close(server) };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}
