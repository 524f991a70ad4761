/**
 * The root of one request to a server, whatever its protocol: how it is named, what it says of its end, and that it ends once. Must not know
 * where the request was announced.
 */
import type { Root, RootMeta } from './recorder-config.ts';
import { readTraceparent } from './traceparent.ts';

/** A request with this header and the value `keep` asks for its trace. */
const KEEP_HEADER = 'x-captureflow';

const QUESTION_MARK = 63;
const HASH = 35;

/** What requests need of the recorder. */
export interface RootOpener {
  openRoot(meta: RootMeta): Root;
  /** Makes `root` the root of everything that the present asynchronous context does from now on. */
  enterRoot(root: Root): void;
  endRoot(root: Root, error?: unknown): void;
}

export interface IncomingRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  /** `name` in lower case. Undefined too for a header that came twice. */
  header(name: string): string | undefined;
}

export interface RequestEnd {
  /** Undefined: no head of an answer was sent. */
  readonly status: number | undefined;
  /** The client went away, or the connection broke, before the whole answer was sent. */
  readonly aborted: boolean;
  /** Pattern of the route that answered. */
  readonly route: string | undefined;
}

/** Opens the root and makes the present context its own. What it returns ends it; only the first call does. */
export function openRequestRoot(opener: RootOpener, request: IncomingRequest): (end: RequestEnd) => void {
  const { method } = request;
  const path = pathOf(request.url);
  const name = `${method} ${path}`;
  const parent = readTraceparent(request.header('traceparent'), request.header('tracestate'));
  const started = performance.now();
  const root = opener.openRoot(parent === undefined ? { kind: 'http', name } : { kind: 'http', name, parent });
  // Set here, not handed over: that would copy them.
  root.attributes['http.request.method'] = method;
  root.attributes['url.path'] = path;
  if (request.header(KEEP_HEADER)?.trim().toLowerCase() === 'keep') root.keep();
  opener.enterRoot(root);
  let open = true;
  return (end) => {
    if (!open) return;
    open = false;
    const { attributes } = root;
    // What the program or a middleware of ours said wins over what was found.
    const said = attributes['http.route'];
    const route = typeof said === 'string' ? said : end.route;
    if (route !== undefined) {
      attributes['http.route'] = route;
      if (root.name === name) root.name = `${method} ${route}`;
    }
    if (end.status !== undefined) attributes['http.response.status_code'] = end.status;
    if (end.aborted) attributes['http.request.aborted'] = true;
    if (end.status !== undefined && end.status >= 500) attributes['error.type'] = String(end.status);
    attributes['http.server.request.duration'] = Math.round((performance.now() - started) * 1000) / 1e6;
    opener.endRoot(root);
  };
}

/** Query strings carry tokens and personal data: they are not part of a name. */
function pathOf(url: string): string {
  for (let i = 0; i < url.length; i++) {
    const unit = url.charCodeAt(i);
    if (unit === QUESTION_MARK || unit === HASH) return url.slice(0, i);
  }
  return url;
}
