/**
 * Calls into libraries that announce them on diagnostics channels, as spans without a body of ours: Node's tracing channels, whose events come in a fixed
 * order, and the clients of HTTP. Only inside of a root or under a recorded function: what a library does by itself is nobody's. Must not
 * keep a message, and must not throw into the library.
 */
import type { Probes, Token } from '@captureflow/core/probe-abi';
import { FunctionFlag, LEVELS, METADATA_VERSION } from '@captureflow/trace/metadata';
import { builtin } from './builtin.ts';
import { getOwnPropertyDescriptor, hasOwn, isArray } from './primordials.ts';
import { enterWith } from './probe-values.ts';

/** True: `KNOWN_CHANNELS`. Names as publishers call them, without `tracing:` and the event. */
export type Channels = boolean | readonly string[];

/** What is shown of a message of a tracing channel. Of others all of it is, as any other object. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'ioredis:command': ['command', 'args', 'database', 'serverAddress', 'serverPort'],
  'ioredis:batch': ['batchMode', 'batchSize', 'database', 'serverAddress', 'serverPort'],
  'ioredis:connect': ['serverAddress', 'serverPort'],
  // Values of placeholders have no names by which secrets among them could be told.
  'mysql2:query': ['query', 'database', 'serverAddress', 'serverPort'],
  'mysql2:execute': ['query', 'database', 'serverAddress', 'serverPort'],
  'mysql2:connect': ['database', 'serverAddress', 'serverPort', 'user'],
  'mysql2:pool:connect': ['database', 'serverAddress', 'serverPort'],
  'node-redis:command': ['command', 'args', 'database', 'serverAddress', 'serverPort'],
  'node-redis:batch': ['batchMode', 'batchSize', 'database', 'serverAddress', 'serverPort'],
  'node-redis:connect': ['serverAddress', 'serverPort'],
};

const UNDICI = 'undici:request';
const HTTP = 'http.client.request';

const KNOWN_CHANNELS: readonly string[] = [UNDICI, HTTP, ...Object.keys(SHOWN)];

type Handler = (message: unknown) => void;
type Subscriptions = Readonly<Record<string, Handler>>;

interface Leaf {
  readonly start: (message: object) => void;
  /** The synchronous part is over. */
  readonly pause: (message: object) => void;
  readonly end: (message: object, error: unknown, failed: boolean, value: unknown) => void;
}

/** Returns what stops it. `isSomebodys`: whether what runs now belongs to a root. */
export function installLeafSpans(probes: Probes, isSomebodys: () => boolean, channels: Channels): () => void {
  const diagnostics = channels === false ? undefined : builtin('node:diagnostics_channel');
  if (diagnostics === undefined) return () => {};
  const names = new Set(isArray(channels) ? (channels as readonly string[]) : KNOWN_CHANNELS);
  const open = new WeakMap<object, Token>();
  const leaf = (name: string, parameters: readonly string[], valuesOf: (message: object) => unknown[]): Leaf =>
    createLeaf(probes, isSomebodys, open, name, parameters, valuesOf);
  const all = [...names].map((name): Subscriptions => {
    if (name === UNDICI) return undiciSubscriptions(leaf);
    if (name === HTTP) return httpSubscriptions(leaf);
    return tracingSubscriptions(leaf, name);
  });
  const subscribed = all
    .flatMap((subscriptions) => Object.entries(subscriptions))
    .map(([name, handler]) => [name, safely(handler)] as const);
  for (const [name, handler] of subscribed) diagnostics.subscribe(name, handler);
  return () => {
    for (const [name, handler] of subscribed) diagnostics.unsubscribe(name, handler);
  };
}

function createLeaf(
  probes: Probes,
  isSomebodys: () => boolean,
  open: WeakMap<object, Token>,
  name: string,
  parameters: readonly string[],
  valuesOf: (message: object) => unknown[],
): Leaf {
  let id = -1;
  return {
    start(message) {
      if (!isSomebodys()) return;
      if (id === -1) {
        const flags = LEVELS.indexOf('values') | FunctionFlag.ASYNC;
        id = probes.register({ v: METADATA_VERSION, id: '<channels>', f: [[name, 1, 1, flags, parameters, [], [], [], 1]] });
      }
      const token = enterWith(probes, id, 0, valuesOf(message));
      if (token !== 0) open.set(message, token);
    },
    pause(message) {
      const token = open.get(message);
      if (token !== undefined) probes.suspend(token, undefined);
    },
    end(message, error, failed, value) {
      const token = open.get(message);
      if (token === undefined) return;
      open.delete(message);
      if (failed) probes.thrown(token, error, 0);
      else probes.exit(token, value);
    },
  };
}

type MakeLeaf = (name: string, parameters: readonly string[], valuesOf: (message: object) => unknown[]) => Leaf;

/** https://nodejs.org/api/diagnostics_channel.html#tracingchannel-channels: `start`, `end`, and for what takes longer `asyncStart` behind it. */
function tracingSubscriptions(leaf: MakeLeaf, name: string): Subscriptions {
  const shown = hasOwn(SHOWN, name) ? SHOWN[name] : undefined;
  const { start, pause, end } =
    shown === undefined
      ? leaf(name, ['message'], (message) => [message])
      : leaf(name, shown, (message) => shown.map((key) => ownValue(message, key)));
  // What greets a client may take part in its authentication.
  const isConnect = shown !== undefined && name.endsWith(':connect');
  const settle = (message: object): void =>
    end(message, ownValue(message, 'error'), hasOwn(message, 'error'), isConnect ? undefined : ownValue(message, 'result'));
  return {
    [`tracing:${name}:start`]: (message) => {
      if (typeof message === 'object' && message !== null) start(message);
    },
    [`tracing:${name}:end`]: (message) => {
      const isDone = hasOwn(message as object, 'result') || hasOwn(message as object, 'error');
      if (isDone) settle(message as object);
      else pause(message as object);
    },
    [`tracing:${name}:asyncStart`]: (message) => settle(message as object),
  };
}

/** `fetch` and undici: https://undici.nodejs.org/#/docs/api/DiagnosticsChannel. */
function undiciSubscriptions(leaf: MakeLeaf): Subscriptions {
  const request = leaf('fetch', ['method', 'origin', 'path'], (message) => {
    const { method, origin, path } = message as Record<string, unknown>;
    return [method, String(origin), withoutQuery(path)];
  });
  return requestSubscriptions(request, 'undici:request:create', 'undici:request:headers', 'undici:request:error');
}

/** `node:http` and `node:https`. */
function httpSubscriptions(leaf: MakeLeaf): Subscriptions {
  const request = leaf('http.request', ['method', 'origin', 'path'], (message) => {
    const { method, protocol, host, path } = message as Record<string, unknown>;
    return [method, `${String(protocol)}//${String(host)}`, withoutQuery(path)];
  });
  return requestSubscriptions(request, 'http.client.request.start', 'http.client.response.finish', 'http.client.request.error');
}

/** Messages of all three channels carry the request. The span ends with the head of the answer. */
function requestSubscriptions({ start, pause, end }: Leaf, began: string, answered: string, failed: string): Subscriptions {
  const requestOf = (message: unknown): object => (message as { request: object }).request;
  return {
    [began]: (message) => {
      const request = requestOf(message);
      start(request);
      pause(request);
    },
    [answered]: (message) =>
      end(requestOf(message), undefined, false, (message as { response: { statusCode: unknown } }).response.statusCode),
    [failed]: (message) => end(requestOf(message), (message as { error: unknown }).error, true, undefined),
  };
}

/** Queries carry tokens and personal data. */
function withoutQuery(path: unknown): string {
  return String(path).split(/[?#]/, 1)[0] ?? '';
}

/** Undefined for accessors. */
function ownValue(object: object, key: string): unknown {
  return getOwnPropertyDescriptor(object, key)?.value;
}

/** A subscriber that throws would end the program. */
function safely(handler: Handler): Handler {
  return (message) => {
    try {
      handler(message);
    } catch {
      // A library may publish what it likes.
    }
  };
}
