/**
 * One POST by `fetch`, where there is no client of Node's: browsers and edge runtimes. In a page each request outlives it (`keepalive`), as far as
 * browsers let requests do that. Compressed only where that was asked for, by a step of its own. No say about staying alive.
 */
import { MOST_ANSWER_BYTES } from './post.ts';
import type { Post } from './post.ts';

/** Bodies of requests that outlive their page, together: browsers refuse what comes over 64 KiB, the page's own requests among them. */
export const KEEPALIVE_BYTES: number = 60 * 1024;

// Kept from load time: what a page puts in its place is the page's own, or instrumented (H97).
const hostFetch: typeof fetch | undefined = globalThis.fetch?.bind(globalThis);
const isPage = 'document' in globalThis;
/** In pages only: merely reading these loads a client of HTTP in Node. */
const { CompressionStream: HostCompressionStream, Response: HostResponse }: Partial<typeof globalThis> = isPage ? globalThis : {};

let underWay = 0;

/** Bytes that a request may have now to outlive the page; 0 where there is none. */
export function keepaliveRoom(): number {
  return isPage ? KEEPALIVE_BYTES - underWay : 0;
}

export const fetchPost: Post = ({ url, headers, body: given, compression, timeoutMs }) => ({
  hold: () => {},
  answer: (async () => {
    const zipped = compression === 'gzip' ? await gzip(given) : undefined;
    const body = zipped ?? given;
    const keepalive = body.length <= keepaliveRoom();
    const counted = keepalive ? body.length : 0;
    underWay += counted;
    try {
      if (hostFetch === undefined) return undefined;
      const response = await hostFetch(url, {
        method: 'POST',
        headers: zipped === undefined ? headers : { ...headers, 'content-encoding': 'gzip' },
        body: body as Uint8Array<ArrayBuffer>,
        signal: AbortSignal.timeout(timeoutMs),
        // Not at all where it is not wanted: workerd refuses options that it does not know.
        ...(keepalive ? { keepalive } : {}),
      });
      const retryAfter = response.headers.get('retry-after');
      const text = (await response.text()).slice(0, MOST_ANSWER_BYTES);
      return { status: response.status, body: text, ...(retryAfter === null ? {} : { retryAfter }) };
    } catch {
      return undefined;
    } finally {
      underWay -= counted;
    }
  })(),
});

/** Undefined where the host cannot. */
async function gzip(body: Uint8Array): Promise<Uint8Array | undefined> {
  if (HostCompressionStream === undefined || HostResponse === undefined) return undefined;
  try {
    const stream = new HostResponse(body as Uint8Array<ArrayBuffer>).body?.pipeThrough(new HostCompressionStream('gzip'));
    return stream && new Uint8Array(await new HostResponse(stream).arrayBuffer());
  } catch {
    return undefined;
  }
}
