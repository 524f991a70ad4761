/** Converts and sends on the thread it is called on: in the worker, and where there is none. */
import type { EncodedSegment } from '../exporter.ts';
import type { Carrier, Consignment, Load } from './carrier.ts';
import type { Post } from './http-post.ts';
import type { Parcel, Protocol } from './protocol.ts';

export interface SendOptions {
  /** ms for one request. */
  readonly timeoutMs: number;
  readonly gzip: boolean;
}

/** What is turned into JSON in one turn of a program's event loop. JSON makes several times as much of it. */
export const LOCAL_LOAD_BYTES: number = 16 * 1024;

export function localCarrier(protocol: Protocol, { timeoutMs, gzip }: SendOptions, post: Post): Carrier {
  const consign = (parcel: Parcel): Consignment => ({
    segments: parcel.segments,
    send() {
      const { answer, hold } = post({ url: parcel.url, body: parcel.body, headers: protocol.headers, gzip, timeoutMs });
      return { answer: answer.then((given) => given && { ...given, sent: parcel.body }), hold };
    },
    split: () => Promise.resolve(parcel.split?.().map(consign)),
  });
  return {
    loadBytes: LOCAL_LOAD_BYTES,
    load(segments: readonly EncodedSegment[]): Promise<Load> {
      try {
        return Promise.resolve(protocol.parcels(segments).map(consign));
      } catch {
        return Promise.resolve('unreadable');
      }
    },
    unload: () => {},
    stats: () => protocol.stats?.() ?? {},
    close: () => {},
  };
}
