/**
 * Outgoing requests say which trace they belong to, where the program asked for it (`start({ propagate })`): `fetch` and undici through their
 * own channel and its `addHeader`, `node:http` and `node:https` through the channel that announces a request before its head is written (Node 22.12
 * and later; before, at the method that writes it), `node:http2` at the method that begins a request. A header of the program's own stays; nothing else of a request is touched.
 */
import type { ClientRequest } from 'node:http';
import { builtin } from './builtin.ts';
import { installHttp2Propagation } from './http2-propagation.ts';
import { originTest } from './origin-pattern.ts';
import type { Propagate } from './origin-pattern.ts';
import type { Root } from './recorder-config.ts';
import { carrierOf } from './traceparent.ts';

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
