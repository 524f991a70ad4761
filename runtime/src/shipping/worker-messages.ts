/** What the shipper's thread and its worker say to each other. Types only; all of it can be cloned. */
import type { ProtocolSpec } from '../exporters/create-protocol.ts';
import type { SendOptions } from './local-carrier.ts';
import type { Answer } from './retry.ts';

/** Numbers of exporters, loads and parcels are given by who asks. */
export type Order =
  | { readonly kind: 'open'; readonly exporter: number; readonly spec: ProtocolSpec; readonly options: SendOptions }
  | { readonly kind: 'close'; readonly exporter: number }
  /** `lengths`: of the segments, which lie one behind the other in `bytes`. `traceUrls`: of each, where there are any. */
  | {
      readonly kind: 'load';
      readonly exporter: number;
      readonly load: number;
      readonly bytes: Uint8Array;
      readonly lengths: readonly number[];
      readonly traceUrls: readonly (string | undefined)[] | undefined;
    }
  | { readonly kind: 'send'; readonly load: number; readonly parcel: number }
  | { readonly kind: 'split'; readonly load: number; readonly parcel: number }
  /** The load is settled. */
  | { readonly kind: 'unload'; readonly load: number };

/** Which segments of the load a parcel is made of. */
export interface ParcelNote {
  readonly parcel: number;
  readonly segments: readonly number[];
}

/** undefined: it could not be done. */
export type Reply =
  | { readonly parcels: readonly ParcelNote[]; readonly stats: Readonly<Record<string, number>> }
  | { readonly answer: Answer | undefined }
  | undefined;

export type FromWorker = 'ready' | { readonly id: number; readonly reply: Reply };

/** `id` 0: no reply is wanted. */
export interface ToWorker {
  readonly id: number;
  readonly order: Order;
}
