/** Converts and sends on the thread it is called on: in the worker, and where there is none. */
import type { EncodedSegment } from '../exporter.ts';
import type { Carrier, Consignment, Load } from './carrier.ts';
import { KEEPALIVE_BYTES, keepaliveRoom } from './fetch-post.ts';
import type { Post } from './post.ts';
import type { Parcel, Protocol } from './protocol.ts';

export interface SendOptions {
  /** ms for one request. */
  readonly timeoutMs: number;
  /** Undefined: as the client does by itself. */
  readonly compression: 'gzip' | 'none' | undefined;
}

/** What is turned into JSON in one turn of a program's event loop. JSON makes several times as much of it. */
export const LOCAL_LOAD_BYTES: number = 16 * 1024;

/** Of requests that outlive their page: small enough that several find room. */
const LAST_BYTES = KEEPALIVE_BYTES / 4;

function inPieces(parcel: Parcel): Parcel[] {
  const pieces = parcel.body.length <= LAST_BYTES ? undefined : parcel.split?.();
  return pieces === undefined ? [parcel] : pieces.flatMap(inPieces);
}

export function localCarrier(protocol: Protocol, { timeoutMs, compression: asked }: SendOptions, post: Post): Carrier {
  const consign = (parcel: Parcel, compression: SendOptions['compression'] = asked): Consignment => ({
    segments: parcel.segments,
    send() {
      const { answer, hold } = post({ url: parcel.url, body: parcel.body, headers: protocol.headers, compression, timeoutMs });
      return { answer: answer.then((given) => given && { ...given, sent: parcel.body }), hold };
    },
    split: () => Promise.resolve(parcel.split?.().map((piece) => consign(piece))),
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
      return Promise.resolve(parcels === 'unreadable' ? parcels : parcels.map((parcel) => consign(parcel)));
    },
    // Compressing takes a turn of the event loop, and there may be none any more.
    loadNow(segments: readonly EncodedSegment[]): Load {
      const parcels = toParcels(segments);
      return parcels === 'unreadable' ? parcels : parcels.flatMap(inPieces).map((parcel) => consign(parcel, 'none'));
    },
    unload: () => {},
    stats: () => protocol.stats?.() ?? {},
    close: () => {},
  };
}
