/**
 * Middlewares, one line in a program, for frameworks that tell nobody which route answers: they say it to the root of the request. Must not
 * import a framework, and must not change what passes through.
 */
import type { Root } from './recorder-config.ts';

type Next = () => Promise<unknown>;

/** What is read of Koa's context; `@koa/router` and `koa-router` set it. */
interface KoaContext {
  readonly _matchedRoute?: unknown;
}

/** What is read of Hono's. */
interface HonoContext {
  readonly req: {
    readonly routeIndex: number;
    readonly matchedRoutes: readonly { readonly method: string; readonly path: string }[];
  };
  readonly res: { readonly status: number };
}

export interface FrameworkRoutes {
  readonly koaRoute: (context: object, next: Next) => Promise<unknown>;
  readonly honoRoute: (context: HonoContext, next: Next) => Promise<void>;
}

export function createFrameworkRoutes(currentTrace: () => Root | undefined): FrameworkRoutes {
  const say = (root: Root | undefined, find: () => unknown): void => {
    if (root === undefined || root.kind !== 'http') return;
    try {
      const route = find();
      if (typeof route === 'string') root.attributes['http.route'] = route;
    } catch {
      // A context may be of another version, or no context at all.
    }
  };
  return {
    async koaRoute(context, next) {
      const root = currentTrace();
      try {
        return await next();
      } finally {
        say(root, () => (context as KoaContext)._matchedRoute);
      }
    },
    async honoRoute(context, next) {
      const root = currentTrace();
      try {
        await next();
      } finally {
        say(root, () => honoPattern(context));
      }
    },
  };
}

/** The route that was reached last. Middlewares are routes for all methods, too: without an answer of theirs they are none. */
function honoPattern({ req, res }: HonoContext): string | undefined {
  const route = req.matchedRoutes[req.routeIndex];
  if (route === undefined || (route.method === 'ALL' && res.status === 404)) return undefined;
  return route.path;
}
