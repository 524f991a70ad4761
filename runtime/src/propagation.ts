/**
 * Outgoing requests say which trace they belong to, where the program asked for it (`start({ propagate })`): `fetch` and undici through their
 * own channel and its `addHeader`, `node:http` and `node:https` through the channel that announces a request before its head is written (Node 22.12
 * and later; before, at the method that writes it), `node:http2` at the method that begins a request. A header of the program's own stays; nothing else of a request is touched.
 */
import type { ClientRequest } from 'node:http';
import { builtin } from './builtin.ts';
import { installHttp2Propagation } from './http2-propagation.ts';
import { isArray } from './primordials.ts';
import type { Root } from './recorder-config.ts';
import { carrierOf } from './traceparent.ts';

/** True: to everybody. Origins: to these, `https://*.shop.example` being all hosts below one. */
export type Propagate = boolean | readonly string[];

const HTTP = 'http.client.request.created';
const UNDICI = 'undici:request:create';

/** What is used of undici's request: https://undici.nodejs.org/#/docs/api/DiagnosticsChannel. */
interface UndiciRequest {
  readonly origin: string | URL;
  /** Name and value in turn; a text up to version 5. */
  readonly headers: readonly unknown[] | string;
  addHeader(name: string, value: string): void;
}

/** Returns what stops it. `currentRoot`: whose trace goes out; undefined: nobody's. */
export function installPropagation(currentRoot: () => Root | undefined, propagate: Propagate): () => void {
  const channels = propagate === false ? undefined : builtin('node:diagnostics_channel');
  if (channels === undefined) return () => {};
  const isMeant = originTest(propagate);

  const onHttp = (message: unknown): void => {
    try {
      const { request } = message as { request: ClientRequest };
      const root = currentRoot();
      if (root === undefined || request.headersSent || request.hasHeader('traceparent')) return;
      const host = request.getHeader('host');
      if (!isMeant(`${request.protocol}//${typeof host === 'string' ? host : request.host}`)) return;
      const { traceparent, tracestate } = carrierOf(root);
      request.setHeader('traceparent', traceparent);
      if (tracestate !== undefined && !request.hasHeader('tracestate')) request.setHeader('tracestate', tracestate);
    } catch {
      // A subscriber that throws would end the program.
    }
  };
  const onUndici = (message: unknown): void => {
    try {
      const { request } = message as { request: UndiciRequest };
      const root = currentRoot();
      if (root === undefined || hasHeader(request.headers, 'traceparent') || !isMeant(String(request.origin))) return;
      const { traceparent, tracestate } = carrierOf(root);
      request.addHeader('traceparent', traceparent);
      if (tracestate !== undefined && !hasHeader(request.headers, 'tracestate')) request.addHeader('tracestate', tracestate);
    } catch {
      // As above.
    }
  };
  channels.subscribe(HTTP, onHttp);
  channels.subscribe(UNDICI, onUndici);
  const stopHeads = announcesRequests() ? () => {} : onEachHead(onHttp);
  const stopHttp2 = installHttp2Propagation((origin) => {
    const root = currentRoot();
    return root !== undefined && (origin === undefined ? propagate === true : isMeant(origin)) ? { ...carrierOf(root) } : undefined;
  });
  return () => {
    stopHeads();
    stopHttp2();
    channels.unsubscribe(HTTP, onHttp);
    channels.unsubscribe(UNDICI, onUndici);
  };
}

/** Whether Node tells of a request of `node:http` before its head is written. */
function announcesRequests(): boolean {
  const [major = 0, minor = 0] = (process.versions.node ?? '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

/** Node 20 tells nobody in time: there the method that writes a request's head asks first. */
function onEachHead(onRequest: (message: unknown) => void): () => void {
  const requests = builtin('node:http')?.ClientRequest.prototype as { _implicitHeader?: (this: ClientRequest) => void } | undefined;
  const original = requests?._implicitHeader;
  if (requests === undefined || original === undefined) return () => {};
  let stopped = false;
  const write = function _implicitHeader(this: ClientRequest): void {
    if (!stopped) onRequest({ request: this });
    Reflect.apply(original, this, []);
  };
  requests._implicitHeader = write;
  return () => {
    stopped = true;
    if (requests._implicitHeader === write) requests._implicitHeader = original;
  };
}

function hasHeader(headers: UndiciRequest['headers'], name: string): boolean {
  if (typeof headers === 'string') return headers.toLowerCase().includes(`${name}:`);
  return headers.some((each, i) => i % 2 === 0 && typeof each === 'string' && each.toLowerCase() === name);
}

const ORIGIN = /^(https?:)\/\/(\*\.)?([^/*?#@]+)\/?$/i;

/** Whether `text` can be told apart as an origin: scheme, host, port, nothing else; `*.` before the host. */
export function isOriginPattern(text: string): boolean {
  const match = ORIGIN.exec(text);
  return match !== null && URL.canParse(`${match[1]}//${match[3]}`);
}

/** The answers are kept: programs talk to few origins. */
function originTest(propagate: Propagate): (origin: string) => boolean {
  if (!isArray(propagate)) return () => true;
  const exact = new Set<string>();
  const below: { readonly protocol: string; readonly port: string; readonly suffix: string }[] = [];
  for (const text of propagate as readonly string[]) {
    const [, protocol = '', wildcard, host = ''] = ORIGIN.exec(text) ?? [];
    const url = new URL(`${protocol}//${host}`);
    if (wildcard === undefined) exact.add(url.origin);
    else below.push({ protocol: url.protocol, port: url.port, suffix: `.${url.hostname}` });
  }
  const answers = new Map<string, boolean>();
  return (given) => {
    let answer = answers.get(given);
    if (answer === undefined) {
      const url = new URL(given);
      answer =
        exact.has(url.origin) ||
        below.some(({ protocol, port, suffix }) => url.protocol === protocol && url.port === port && url.hostname.endsWith(suffix));
      if (answers.size > 1000) answers.clear();
      answers.set(given, answer);
    }
    return answer;
  };
}
