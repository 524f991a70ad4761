/**
 * Each request to a `node:http2` server is a root, by its streams and by its compatible interface, where Node announces streams
 * (Node 22 and later, seen on 22.23; Node 20 tells nobody). Must not change what the program sees of the stream.
 */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RouteReader } from './http-route.ts';
import { openRequestRoot, type RootOpener } from './request-root.ts';

const CHANNEL = 'http2.server.stream.start';

interface Channels {
  readonly subscribe: typeof subscribe;
  readonly unsubscribe: typeof unsubscribe;
}

/** Returns what stops it. */
export function installHttp2Roots(channels: Channels, opener: RootOpener, routes: RouteReader): () => void {
  const onStream = (message: unknown): void => {
    try {
      const { stream, headers } = message as { stream: ServerHttp2Stream; headers: IncomingHttpHeaders };
      // Even numbers are the server's own: what it pushes nobody asked for.
      if (stream.id !== undefined && stream.id % 2 === 1) followStream(opener, routes, stream, headers);
    } catch {
      // A subscriber that throws would end the program.
    }
  };
  channels.subscribe(CHANNEL, onStream);
  return () => void channels.unsubscribe(CHANNEL, onStream);
}

function followStream(opener: RootOpener, routes: RouteReader, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const end = openRequestRoot(opener, {
    method: headers[':method'] ?? 'GET',
    url: headers[':path'] ?? headers[':authority'] ?? '/',
    header(name) {
      const value = headers[name];
      return typeof value === 'string' ? value : undefined;
    },
  });
  stream.on('close', () => {
    const status = Number(stream.sentHeaders?.[':status']);
    end({ status: Number.isNaN(status) ? undefined : status, aborted: stream.aborted, route: routes.routeOf(stream) });
  });
}
