/** The collector of the `captureflow` command (`captureflow serve`): segments as they are, in the form of a trace file. Nothing is converted. */
import { fileHeader, frameSegment } from '@captureflow/trace';
import type { EncodedSegment } from '../exporter.ts';
import type { Parcel, Protocol } from '../shipping/protocol.ts';
import type { Answer } from '../shipping/retry.ts';

/** Can be cloned. */
export interface CollectorSpec {
  readonly kind: 'collector';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class CollectorProtocol implements Protocol {
  readonly name: string = 'collector';
  readonly headers: Readonly<Record<string, string>>;
  readonly #url: string;

  constructor({ url, headers }: CollectorSpec) {
    this.#url = url;
    this.headers = headers;
  }

  parcels(segments: readonly EncodedSegment[]): Parcel[] {
    if (segments.length === 0) return [];
    const parcel = { url: this.#url, body: joined(segments), segments };
    return [segments.length === 1 ? parcel : { ...parcel, split: () => this.#halves(segments) }];
  }

  rejected({ body }: Answer): { readonly count: number; readonly message: string } | undefined {
    try {
      const { rejected, message = '' } = JSON.parse(body) as { rejected?: unknown; message?: unknown };
      return typeof rejected === 'number' && rejected > 0 ? { count: rejected, message: String(message) } : undefined;
    } catch {
      // Whatever a receiver says with a 2xx, it took it.
      return undefined;
    }
  }

  #halves(segments: readonly EncodedSegment[]): Parcel[] {
    const half = segments.length >> 1;
    return [...this.parcels(segments.slice(0, half)), ...this.parcels(segments.slice(half))];
  }
}

function joined(segments: readonly EncodedSegment[]): Uint8Array {
  const pieces = [fileHeader(), ...segments.map(({ bytes }) => frameSegment(bytes))];
  const body = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}
