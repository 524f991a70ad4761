/** What goes into the store: what was read of a body, and the body. Packed on the way between threads, whose main one passes it on unseen. */
import { deserialize, serialize } from 'node:v8';
import type { Arrival } from './arrival.ts';

/** `body`: gzip of what `arrival` was read from, or the path of the file that holds it. */
export interface Delivery {
  readonly arrival: Arrival;
  readonly body: Uint8Array | string;
}

export interface PackedDelivery {
  /** `packArrival`'s. */
  readonly arrival: Uint8Array;
  readonly body: Uint8Array | string;
}

export function packArrival(arrival: Arrival): Uint8Array {
  return serialize(arrival);
}

export function unpackArrival(bytes: Uint8Array): Arrival {
  return deserialize(bytes) as Arrival;
}
