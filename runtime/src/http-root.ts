/**
 * Each request of a `node:http` or `node:https` server is a root, without a change to the program: Node announces requests on a
 * diagnostics channel before any listener of the server runs. Must not change what the program sees of the request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { builtin } from './builtin.ts';
import { installHttp2Roots } from './http2-root.ts';
import { createRouteReader, type RouteReader } from './http-route.ts';
import { openRequestRoot, type RootOpener } from './request-root.ts';

const CHANNEL = 'http.server.request.start';

/** Returns what stops it. Requests that are open then end as they would have. */
export function installHttpRoots(opener: RootOpener): () => void {
  const channels = builtin('node:diagnostics_channel');
  if (channels === undefined) return () => {};
  const routes = createRouteReader(channels);
  const onRequest = (message: unknown): void => {
    try {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
      followRequest(opener, routes, request, response);
    } catch {
      // A subscriber that throws would end the program.
    }
  };
  channels.subscribe(CHANNEL, onRequest);
  const stopEvents = isBun() ? onEachRequestEvent(onRequest) : () => {};
  const stopHttp2 = installHttp2Roots(channels, opener, routes);
  return () => {
    channels.unsubscribe(CHANNEL, onRequest);
    stopHttp2();
    stopEvents();
    routes.stop();
  };
}

function isBun(): boolean {
  return (process.versions as { bun?: string }).bun !== undefined;
}

/** Bun has the channel and publishes nothing on it: there the event that brings a request to the program's listeners is seen first. */
function onEachRequestEvent(onRequest: (message: unknown) => void): () => void {
  const servers = builtin('node:http')?.Server.prototype as { emit: Emit } | undefined;
  if (servers === undefined) return () => {};
  const original = servers.emit;
  let stopped = false;
  const emit: Emit = function emit(this: unknown, name, ...rest) {
    if (name === 'request' && !stopped) onRequest({ request: rest[0], response: rest[1] });
    return Reflect.apply(original, this, [name, ...rest]) as boolean;
  };
  servers.emit = emit;
  return () => {
    stopped = true;
    if (servers.emit === emit) servers.emit = original;
  };
}

type Emit = (this: unknown, name: unknown, ...rest: readonly unknown[]) => boolean;

function followRequest(opener: RootOpener, routes: RouteReader, request: IncomingMessage, response: ServerResponse): void {
  const end = openRequestRoot(opener, {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    header: (name) => rawHeader(request.rawHeaders, name),
  });
  const atEnd = (): void => {
    open.delete(atEnd);
    end({
      status: response.headersSent ? response.statusCode : undefined,
      aborted: !response.writableFinished,
      route: routes.routeOf(request),
    });
  };
  const open = openOn(request.socket);
  open.add(atEnd);
  // 'close' comes once for a finished response and for one whose client went away; 'finish' only for the first.
  response.on('close', atEnd);
}

const openBySocket = new WeakMap<Socket, Set<() => void>>();

/**
 * Ends of the requests that are open on a connection. Node 20 tells only the response whose turn it is that the connection broke: those of
 * pipelined requests behind it never close.
 */
function openOn(socket: Socket): Set<() => void> {
  let open = openBySocket.get(socket);
  if (open === undefined) {
    const added = new Set<() => void>();
    openBySocket.set(socket, added);
    socket.on('close', () => {
      for (const end of added) end();
    });
    open = added;
  }
  return open;
}

/**
 * From the raw list: reading `request.headers` would build an object that the program may never ask for. A header that came twice is
 * undefined, which is right for those that are read here.
 */
function rawHeader(raw: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const key = raw[i] as string;
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    if (found !== undefined) return undefined;
    found = raw[i + 1];
  }
  return found;
}
