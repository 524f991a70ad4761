/** Converts and sends on the thread it is called on: in the worker, and where there is none. */
import type { EncodedSegment } from '../exporter.ts';
import type { Carrier, Consignment, Load } from './carrier.ts';
import { KEEPALIVE_BYTES, keepaliveRoom } from './fetch-post.ts';
import type { Post } from './post.ts';
import type { Parcel, Protocol } from './protocol.ts';

export interface SendOptions {
  /** ms for one request. */
  readonly timeoutMs: number;
  readonly gzip: boolean;
}

/** What is turned into JSON in one turn of a program's event loop. JSON makes several times as much of it. */
export const LOCAL_LOAD_BYTES: number = 16 * 1024;

/** Of requests that outlive their page: small enough that several find room. */
const LAST_BYTES = KEEPALIVE_BYTES / 4;

function inPieces(parcel: Parcel): Parcel[] {
  const pieces = parcel.body.length <= LAST_BYTES ? undefined : parcel.split?.();
  return pieces === undefined ? [parcel] : pieces.flatMap(inPieces);
}

export function localCarrier(protocol: Protocol, { timeoutMs, gzip }: SendOptions, post: Post): Carrier {
  const consign = (parcel: Parcel): Consignment => ({
    segments: parcel.segments,
    send() {
      const { answer, hold } = post({ url: parcel.url, body: parcel.body, headers: protocol.headers, gzip, timeoutMs });
      return { answer: answer.then((given) => given && { ...given, sent: parcel.body }), hold };
    },
    split: () => Promise.resolve(parcel.split?.().map(consign)),
    outlives: () => parcel.body.length <= keepaliveRoom(),
  });
  const toParcels = (segments: readonly EncodedSegment[]): readonly Parcel[] | 'unreadable' => {
    try {
      return protocol.parcels(segments);
    } catch {
      return 'unreadable';
    }
  };
  return {
    loadBytes: LOCAL_LOAD_BYTES,
    load(segments: readonly EncodedSegment[]): Promise<Load> {
      const parcels = toParcels(segments);
      return Promise.resolve(parcels === 'unreadable' ? parcels : parcels.map(consign));
    },
    loadNow(segments: readonly EncodedSegment[]): Load {
      const parcels = toParcels(segments);
      return parcels === 'unreadable' ? parcels : parcels.flatMap(inPieces).map(consign);
    },
    unload: () => {},
    stats: () => protocol.stats?.() ?? {},
    close: () => {},
  };
}
