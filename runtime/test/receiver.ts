/** Receivers of traces on real sockets. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server as HttpServer, ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { OtlpRequest } from '@captureflow/trace';

export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
}

const closing: (() => void)[] = [];

/** Closes all of them. */
export function closeReceivers(): void {
  for (const close of closing.splice(0)) close();
}

/** Lets `server` listen on a port of its own, until `closeReceivers`. Returns its URL. */
export async function listen(server: Server | HttpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with `answer`, by default 200 and `{}`. */
export async function receiver(
  answer: (response: ServerResponse, index: number) => void = (response) => void response.end('{}'),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      received.push({ url: request.url ?? '', headers: request.headers, body: body.toString() });
      answer(response, received.length - 1);
    });
  });
  const url = await listen(server);
  closing.push(() => server.closeAllConnections());
  return { url, received };
}

/** Names of the spans of an OTLP request. */
export function spanNames({ body }: Received): string[] {
  const { resourceSpans } = JSON.parse(body) as OtlpRequest;
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)));
}
