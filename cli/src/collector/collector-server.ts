/** The HTTP server: who may ask what, and nothing else. What it serves is one page and an API; no path is ever a path on the disk. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { INGEST_PATHS, ingest } from './ingest-routes.ts';
import type { IngestContext } from './ingest-routes.ts';
import { answerPage } from './page-routes.ts';
import type { PageContext } from './page-routes.ts';
import { reply, replyJson } from './replies.ts';
import { checkHost, checkOrigin, checkToken } from './request-guards.ts';
import type { GuardRules, Refusal } from './request-guards.ts';

export interface ServerContext extends PageContext, IngestContext {
  readonly rules: GuardRules;
  /** Programs need no token either: only this machine can reach the server. */
  readonly openToPrograms: boolean;
  /** False: a viewer of files, which takes nothing. */
  readonly takesTraces: boolean;
  /** Of one request, from its first byte to its last. */
  readonly requestTimeoutMs: number;
  clientError(socket: Socket, reason: string): void;
}

const LONGEST_HEADERS_MS = 10_000;
const MOST_CONNECTIONS = 512;
const NO_PAGE = 'The page was not built. In the project: npm run build\n';

export function createCollectorServer(context: ServerContext): Server {
  const server = createServer(
    {
      requestTimeout: context.requestTimeoutMs,
      headersTimeout: Math.min(LONGEST_HEADERS_MS, context.requestTimeoutMs),
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      answer(context, request, response).catch((error: unknown) => {
        const { failure } = error as { failure?: { status?: number; message: string } };
        context.refused(request, failure?.status ?? 500, failure?.message ?? (error as Error).message);
        replyJson(response, failure?.status ?? 500, { message: failure?.message ?? 'this failed; the terminal of the server says more' });
      });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const [status, reason] =
      error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'a request that was not complete in time']
        : error.code === 'HPE_HEADER_OVERFLOW'
          ? ['431 Request Header Fields Too Large', 'headers that are too large']
          : ['400 Bad Request', 'what is no HTTP'];
    context.clientError(socket, reason);
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  return server;
}

async function answer(context: ServerContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, method = '' } = request;
  const refuse = ({ status, reason }: Refusal): void => {
    context.refused(request, status, reason);
    replyJson(
      response,
      status,
      { message: reason },
      { ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}), ...(request.complete ? {} : { connection: 'close' }) },
    );
  };
  const asked = {
    host: headers.host,
    origin: headers.origin,
    site: header(headers['sec-fetch-site']),
    authorization: headers.authorization,
  };
  const foreignHost = checkHost(asked, context.rules);
  if (foreignHost !== undefined) return refuse(foreignHost);
  const { path, query } = targetOf(request);
  const source = Object.hasOwn(INGEST_PATHS, path) && context.takesTraces ? INGEST_PATHS[path] : undefined;
  // The page holds nothing: a link to it on another site does no harm.
  if (path === '/' && (method === 'GET' || method === 'HEAD')) return servePage(context, response);
  const foreignOrigin = checkOrigin(asked, context.rules);
  if (foreignOrigin !== undefined) return refuse(foreignOrigin);
  if (source !== undefined && (method === 'POST' || method === 'OPTIONS')) {
    allowOrigin(response, headers.origin);
    if (method === 'OPTIONS')
      return reply(
        response,
        204,
        {
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'authorization, content-type, content-encoding',
          'access-control-max-age': '600',
        },
        '',
      );
    const stranger = context.openToPrograms ? undefined : checkToken(asked, context.rules);
    if (stranger !== undefined) return refuse(stranger);
    return ingest(context, source, request, response, query);
  }
  const stranger = checkToken(asked, context.rules);
  if (stranger !== undefined) return refuse(stranger);
  if (method !== 'GET' && method !== 'HEAD' && method !== 'DELETE')
    return replyJson(response, 405, { message: `${method} is not understood here` }, { allow: 'GET, HEAD, DELETE', connection: 'close' });
  if (await answerPage(context, request, response, path, query)) return;
  context.refused(request, 404, 'there is no such path');
  replyJson(response, 404, { message: 'there is no such path' });
}

function servePage({ page }: ServerContext, response: ServerResponse): void {
  if (page === undefined) return reply(response, 503, { 'content-type': 'text/plain; charset=utf-8' }, NO_PAGE);
  reply(
    response,
    200,
    { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': page.policy, 'x-frame-options': 'DENY' },
    page.html,
  );
}

function allowOrigin(response: ServerResponse, origin: string | undefined): void {
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'origin');
}

/** Not `new URL`: it would resolve `..`, and refuse what has to be answered. */
function targetOf({ url = '/' }: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf('?');
  return { path: mark === -1 ? url : url.slice(0, mark), query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)) };
}

function header(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
