/**
 * Each request of a `node:http` server is a root, without a change to the program: Node announces requests on a
 * diagnostics channel before any listener of the server runs. Must not change what the program sees of the request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { builtin } from './builtin.ts';
import { createRouteReader, type RouteReader } from './http-route.ts';
import type { Root, RootMeta } from './recorder-config.ts';

const CHANNEL = 'http.server.request.start';

/** A request with this header and the value `keep` asks for its trace. */
const KEEP_HEADER = 'x-captureflow';

/** What this file needs of the recorder. */
export interface RootOpener {
  openRoot(meta: RootMeta): Root;
  /** Makes `root` the root of everything that the present asynchronous context does from now on. */
  enterRoot(root: Root): void;
  endRoot(root: Root, error?: unknown): void;
}

/** Returns what stops it. Requests that are open then end as they would have. */
export function installHttpRoots(opener: RootOpener): () => void {
  const channels = builtin('node:diagnostics_channel');
  if (channels === undefined) return () => {};
  const routes = createRouteReader(channels);
  const onRequest = (message: unknown): void => {
    try {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
      openRequestRoot(opener, routes, request, response);
    } catch {
      // A subscriber that throws would end the program.
    }
  };
  channels.subscribe(CHANNEL, onRequest);
  return () => {
    channels.unsubscribe(CHANNEL, onRequest);
    routes.stop();
  };
}

function openRequestRoot(opener: RootOpener, routes: RouteReader, request: IncomingMessage, response: ServerResponse): void {
  const method = request.method ?? 'GET';
  const path = pathOf(request.url ?? '/');
  const parent = readTraceparent(rawHeader(request.rawHeaders, 'traceparent'));
  const started = performance.now();
  const root = opener.openRoot({
    kind: 'http',
    name: `${method} ${path}`,
    attributes: { 'http.request.method': method, 'url.path': path },
    ...(parent === undefined ? {} : { parent }),
  });
  if (rawHeader(request.rawHeaders, KEEP_HEADER)?.trim().toLowerCase() === 'keep') root.keep();
  opener.enterRoot(root);
  let open = true;
  // 'close' comes once for a finished response and for one whose client went away; 'finish' only for the first.
  response.on('close', () => {
    if (!open) return;
    open = false;
    const { attributes } = root;
    const route = routes.routeOf(request);
    if (route !== undefined) {
      attributes['http.route'] = route;
      root.name = `${method} ${route}`;
    }
    if (response.headersSent) attributes['http.response.status_code'] = response.statusCode;
    if (!response.writableFinished) attributes['http.request.aborted'] = true;
    if (response.headersSent && response.statusCode >= 500) attributes['error.type'] = String(response.statusCode);
    attributes['http.server.request.duration'] = Math.round((performance.now() - started) * 1000) / 1e6;
    opener.endRoot(root);
  });
}

/** Query strings carry tokens and personal data: they are not part of a name. */
function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** From the raw list: reading `request.headers` would build an object that the program may never ask for. */
function rawHeader(raw: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2) if (raw[i]?.toLowerCase() === name) return raw[i + 1];
  return undefined;
}

/** W3C Trace Context, level 1: a version other than ff, ids that are not zero; later versions may append fields. */
export function readTraceparent(header: string | undefined): { traceId: string; spanId: string } | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId };
}
