/** What a receiver's protocol does: segments into requests, and what its answers say. It knows neither network nor queue nor thread. Types only. */
import type { EncodedSegment } from '../exporter.ts';
import type { Answer } from './retry.ts';

/** One request. */
export interface Parcel {
  readonly url: string;
  readonly body: Uint8Array;
  /** What is in it, for giving it back when it could not be sent. */
  readonly segments: readonly EncodedSegment[];
  /** The same in smaller requests, for a receiver that takes no more; absent: it cannot be divided. */
  split?(): readonly Parcel[];
}

export interface Protocol {
  /** Name of the exporter. */
  readonly name: string;
  /** Everything but content-length and content-encoding. */
  readonly headers: Readonly<Record<string, string>>;
  /** May throw; then the segments are counted as `encode`. */
  parcels(segments: readonly EncodedSegment[]): readonly Parcel[];
  /** What the receiver did not take although it answered with success: how much of what it counts, and its words. */
  rejected?(answer: Answer): { readonly count: number; readonly message: string } | undefined;
  /** More of what it holds or left out. */
  stats?(): Readonly<Record<string, number>>;
}

/** `traceUrl`: where a trace can be seen, undefined for most. */
export type CreateProtocol = (traceUrl: (traceId: string) => string | undefined) => Protocol;

/** Where a trace can be seen, by its segment. */
export type TraceUrlOf = (segment: EncodedSegment) => string | undefined;
