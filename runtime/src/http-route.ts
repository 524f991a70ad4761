/**
 * The pattern of the route that answered a request (`/orders/:id`), as frameworks leave it behind: traces of one route belong together, and
 * paths hold what is personal. Only looks: no framework is imported or patched, and no getter of a request is run.
 */
import type { channel as createChannel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { builtin } from './builtin.ts';
import { getOwnPropertyDescriptor, isArray } from './primordials.ts';

export interface RouteReader {
  /** Of a request that was answered, or of the stream of HTTP/2 that carried it. Undefined: no route, or of a framework that tells nobody. */
  routeOf(request: object): string | undefined;
  stop(): void;
}

interface Channels {
  readonly channel: typeof createChannel;
  readonly subscribe: typeof subscribe;
  readonly unsubscribe: typeof unsubscribe;
}

/** Fastify 5 says which route it runs: https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks. */
const FASTIFY = 'tracing:fastify.request.handler:start';

export function createRouteReader(channels: Channels): RouteReader {
  const routes = new WeakMap<object, string>();
  const onFastify = (message: unknown): void => {
    try {
      const { request, route } = message as { request: { raw: object }; route: { url: unknown } };
      if (typeof route.url !== 'string') return;
      routes.set(request.raw, route.url);
      const stream = streamOf(request.raw);
      if (stream !== undefined) routes.set(stream, route.url);
    } catch {
      // A subscriber that throws would end the program.
    }
  };
  channels.subscribe(FASTIFY, onFastify);
  return {
    routeOf(request) {
      try {
        return routes.get(request) ?? expressRoute(request) ?? nextRoute(request);
      } catch {
        // A program may put anything on a request, a revoked proxy too.
        return undefined;
      }
    },
    stop: () => void channels.unsubscribe(FASTIFY, onFastify),
  };
}

/**
 * Express (and Nest on it) leaves `route` on the request, and `baseUrl`, the path at which its router was mounted: of a router that is mounted
 * with a parameter the value stands there.
 */
function expressRoute(request: object): string | undefined {
  const route = ownValue(request, 'route');
  if (typeof route !== 'object' || route === null) return undefined;
  const path = patternOf(ownValue(route, 'path'));
  if (path === undefined) return undefined;
  const base = ownValue(request, 'baseUrl');
  const pattern = (typeof base === 'string' ? base : '') + path;
  return pattern.length > 1 && pattern.endsWith('/') ? pattern.slice(0, -1) : pattern || '/';
}

const NEXT_META = Symbol.for('NextInternalRequestMeta');

/** Next.js leaves what it matched on the request, `definition.pathname` being the folder's pattern: `/orders/[id]`. */
function nextRoute(request: object): string | undefined {
  const meta = ownValue(request, NEXT_META);
  const match = typeof meta === 'object' && meta !== null ? ownValue(meta, 'match') : undefined;
  const definition = typeof match === 'object' && match !== null ? ownValue(match, 'definition') : undefined;
  const pathname = typeof definition === 'object' && definition !== null ? ownValue(definition, 'pathname') : undefined;
  return typeof pathname === 'string' ? pathname : undefined;
}

let http: typeof import('node:http') | undefined;

/**
 * The stream of a request of Node's interface for HTTP/2 that is compatible with HTTP/1. A getter of Node's; requests of HTTP/1 have none, and a
 * program may have put anything there.
 */
function streamOf(raw: object): object | undefined {
  // Looked up with the first request: a program without requests is not made to load it.
  http ??= builtin('node:http');
  if (http === undefined || raw instanceof http.IncomingMessage) return undefined;
  const { stream } = raw as { stream?: unknown };
  return typeof stream === 'object' && stream !== null ? stream : undefined;
}

/** Of several patterns Express does not say which one it was; of regular expressions there is none to show. */
function patternOf(path: unknown): string | undefined {
  if (!isArray(path)) return typeof path === 'string' ? path : undefined;
  const list = path as readonly unknown[];
  let patterns = '';
  for (let k = 0; k < list.length; k++) {
    const each = ownValue(list, `${k}`);
    if (typeof each !== 'string') return undefined;
    patterns += k === 0 ? each : `|${each}`;
  }
  return patterns;
}

/** Undefined for accessors. */
function ownValue(object: object, key: PropertyKey): unknown {
  return getOwnPropertyDescriptor(object, key)?.value;
}
