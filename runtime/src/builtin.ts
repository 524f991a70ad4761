/**
 * Node's built-in modules without an import statement: this file loads in browsers, workers and edge runtimes, and a
 * bundler that targets them finds nothing to resolve. Must not read any other global than `process`.
 */
interface ProcessWithBuiltins {
  getBuiltinModule?: (id: string) => unknown;
}

interface BuiltinModules {
  'node:async_hooks': typeof import('node:async_hooks');
  'node:diagnostics_channel': typeof import('node:diagnostics_channel');
  'node:fs': typeof import('node:fs');
  'node:http': typeof import('node:http');
  'node:http2': typeof import('node:http2');
  'node:https': typeof import('node:https');
  'node:path': typeof import('node:path');
  'node:stream': typeof import('node:stream');
  'node:tty': typeof import('node:tty');
  'node:url': typeof import('node:url');
  'node:util': typeof import('node:util');
  'node:worker_threads': typeof import('node:worker_threads');
  'node:zlib': typeof import('node:zlib');
}

/**
 * Cloudflare's workerd has modules of these names, of which these two are what Node's are: its files are gone with the request, it has no threads, and nothing that is
 * random before the first request.
 */
export const isWorkerd: boolean = 'WebSocketPair' in globalThis;
const OF_WORKERD: readonly string[] = ['node:async_hooks', 'node:util'];

/** The module, or undefined where there is none. `process.getBuiltinModule` exists in Node from 20.16 and 22.3 on, in Bun and Deno. */
export function builtin<Id extends keyof BuiltinModules>(id: Id): BuiltinModules[Id] | undefined {
  if (isWorkerd && !OF_WORKERD.includes(id)) return undefined;
  try {
    const host = (globalThis as { process?: ProcessWithBuiltins }).process;
    return host?.getBuiltinModule?.(id) as BuiltinModules[Id] | undefined;
  } catch {
    return undefined;
  }
}
