/**
 * Outgoing requests of `node:http2` carry the trace they belong to. Node announces such a request when its headers are bound already, so while the program asks for
 * propagation the one method that begins requests, which all client sessions share, hands on a copy of its headers with ours. Must not load `node:http2` otherwise.
 */
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { builtin } from './builtin.ts';
import { isArray } from './primordials.ts';

type Headers = Readonly<Record<string | symbol, unknown>> | readonly unknown[] | undefined;
type Request = (this: ClientHttp2Session, headers: Headers, ...rest: readonly unknown[]) => ClientHttp2Stream;

/** `headersFor`: what a request to this origin has to carry; undefined: nothing. The origin is undefined where nobody says it. Returns what stops it. */
export function installHttp2Propagation(
  headersFor: (origin: string | undefined) => Readonly<Record<string, string>> | undefined,
): () => void {
  const sessions = clientSessions();
  if (sessions === undefined) return () => {};
  const original = sessions.request;
  let stopped = false;
  const request: Request = function request(this: ClientHttp2Session, headers, ...rest) {
    return Reflect.apply(original, this, [stopped ? headers : withHeaders(this, headers, headersFor), ...rest]) as ClientHttp2Stream;
  };
  sessions.request = request;
  return () => {
    stopped = true;
    // Who replaced it since calls ours, which does nothing any more.
    if (sessions.request === request) sessions.request = original;
  };
}

/** What all client sessions inherit from. Node exports it nowhere, so a session that connects to nothing shows it. */
function clientSessions(): { request: Request } | undefined {
  const http2 = builtin('node:http2');
  const stream = builtin('node:stream');
  if (http2 === undefined || stream === undefined) return undefined;
  try {
    const nowhere = (): Duplex => new stream.Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const session = http2.connect('http://localhost', { createConnection: nowhere });
    session.on('error', () => {});
    session.destroy();
    const prototype = Object.getPrototypeOf(session) as { request?: unknown };
    return typeof prototype.request === 'function' ? (prototype as { request: Request }) : undefined;
  } catch {
    return undefined;
  }
}

function withHeaders(
  session: ClientHttp2Session,
  headers: Headers,
  headersFor: (origin: string | undefined) => Readonly<Record<string, string>> | undefined,
): Headers {
  if (headers !== undefined && (typeof headers !== 'object' || headers === null)) return headers;
  try {
    const pairs = pairsOf(headers);
    const names = new Map(pairs.map(([name, value]) => [name.toLowerCase(), value]));
    if (names.has('traceparent')) return headers;
    const protocol = names.get(':scheme') ?? ownSymbol(session, 'protocol')?.replace(/:$/, '');
    const authority = names.get(':authority') ?? names.get('host') ?? ownSymbol(session, 'authority');
    const own = headersFor(protocol === undefined || authority === undefined ? undefined : `${String(protocol)}://${String(authority)}`);
    if (own === undefined) return headers;
    const added = Object.entries(own).filter(([name]) => !names.has(name));
    return isArray(headers) ? [...(headers as readonly unknown[]), ...added.flat()] : { ...headers, ...Object.fromEntries(added) };
  } catch {
    return headers;
  }
}

function pairsOf(headers: Headers): (readonly [string, unknown])[] {
  if (!isArray(headers)) return Object.entries(headers ?? {});
  const list = headers as readonly unknown[];
  return list.flatMap((name, i) => (i % 2 === 0 ? [[String(name), list[i + 1]] as const] : []));
}

/** Node keeps the origin of a session that is not encrypted under symbols of its own only. */
function ownSymbol(session: ClientHttp2Session, description: string): string | undefined {
  const symbol = Object.getOwnPropertySymbols(session).find((each) => each.description === description);
  const value = symbol === undefined ? undefined : (session as unknown as Record<symbol, unknown>)[symbol];
  return typeof value === 'string' ? value : undefined;
}
