/**
 * Who turns segments into requests and sends them for the shipper: this thread (`local-carrier.ts`) or the worker (`worker-carrier.ts`). Queue, retries and
 * spill stay with the shipper, which keeps the segments until it has an answer. Types only.
 */
import type { EncodedSegment } from '../exporter.ts';
import type { Posting } from './post.ts';

/** One request that is ready to be sent. */
export interface Consignment {
  readonly segments: readonly EncodedSegment[];
  /** One attempt. */
  send(): Posting;
  /** The same in smaller requests, for a receiver that takes no more; undefined: it cannot be divided. */
  split(): Promise<readonly Consignment[] | undefined>;
  /** Whether a request that begins now may go on when its page is gone. Absent: there is no page. */
  outlives?(): boolean;
}

/** 'unreadable': no requests can be made of them. 'crashed': the worker ended over them. */
export type Load = readonly Consignment[] | 'unreadable' | 'crashed';

export interface Carrier {
  /** Bytes of segments that are handed over at once. */
  readonly loadBytes: number;
  /** `hurried`: somebody waits for the end of it, the process perhaps. Never rejects. */
  load(segments: readonly EncodedSegment[], hurried: boolean): Promise<Load>;
  /** What `load` does, before it returns, in pieces that may outlive the page, as far as they can be divided. Absent: there is no page. */
  loadNow?(segments: readonly EncodedSegment[]): Load;
  /** All of the last load is settled. */
  unload(): void;
  stats(): Readonly<Record<string, number>>;
  /** Nothing is loaded any more. */
  close(): void;
}
