/**
 * The worker's program: converts, compresses and sends what it is given, and says what came of it. It decides nothing: queue, retries and spill are with who
 * asks. Bundled into a text of its own (rolldown.config.mjs), since a user's bundler knows no second file.
 */
import { decodeSegment } from '@captureflow/trace';
import { builtin } from '../builtin.ts';
import type { EncodedSegment } from '../exporter.ts';
import { createProtocol } from '../exporters/create-protocol.ts';
import type { Carrier, Consignment } from './carrier.ts';
import { createPost } from './http-post.ts';
import { localCarrier } from './local-carrier.ts';
import { isRefusal } from './retry.ts';
import type { FromWorker, Order, ParcelNote, Reply, ToWorker } from './worker-messages.ts';

interface Loaded {
  readonly carrier: Carrier;
  readonly segments: readonly EncodedSegment[];
  readonly consignments: Consignment[];
}

const port = builtin('node:worker_threads')?.parentPort;
const exporters = new Map<number, Carrier>();
const loads = new Map<number, Loaded>();
const traceUrls = new Map<string, string>();
const post = createPost();

async function carryOut(order: Order): Promise<Reply> {
  switch (order.kind) {
    case 'open': {
      const protocol = createProtocol(order.spec, (traceId) => traceUrls.get(traceId));
      exporters.set(order.exporter, localCarrier(protocol, order.options, post));
      return undefined;
    }
    case 'close':
      exporters.delete(order.exporter);
      return undefined;
    case 'load': {
      const carrier = exporters.get(order.exporter);
      if (carrier === undefined) return undefined;
      const segments = unpack(order.bytes, order.lengths);
      traceUrls.clear();
      order.traceUrls?.forEach((url, index) => url !== undefined && traceUrls.set((segments[index] as EncodedSegment).traceId, url));
      const consignments = await carrier.load(segments, false);
      if (typeof consignments === 'string') return undefined;
      const loaded: Loaded = { carrier, segments, consignments: [] };
      loads.set(order.load, loaded);
      return note(loaded, consignments);
    }
    case 'send': {
      const answer = await loads.get(order.load)?.consignments[order.parcel]?.send().answer;
      if (answer === undefined) return { answer };
      const { sent, ...rest } = answer;
      return { answer: sent !== undefined && isRefusal(answer.status) ? answer : rest };
    }
    case 'split': {
      const loaded = loads.get(order.load);
      const pieces = await loaded?.consignments[order.parcel]?.split();
      return loaded === undefined || pieces === undefined ? undefined : note(loaded, pieces);
    }
    case 'unload':
      loads.delete(order.load);
      return undefined;
  }
}

/** Numbers new parcels of a load. */
function note({ carrier, segments, consignments }: Loaded, more: readonly Consignment[]): Reply {
  const parcels = more.map((consignment): ParcelNote => {
    consignments.push(consignment);
    return { parcel: consignments.length - 1, segments: consignment.segments.map((segment) => segments.indexOf(segment)) };
  });
  return { parcels, stats: carrier.stats() };
}

function unpack(bytes: Uint8Array, lengths: readonly number[]): EncodedSegment[] {
  let at = 0;
  return lengths.map((length) => {
    const own = bytes.subarray(at, (at += length));
    const { traceId, part, root, end } = decodeSegment(own).header;
    return { traceId, part, kind: root.kind, name: root.name, ended: end !== null, bytes: own };
  });
}

const say = (message: FromWorker): void => port?.postMessage(message);

port?.on('message', ({ id, order }: ToWorker) => {
  const answer = (reply: Reply): void => {
    if (id !== 0) say({ id, reply });
  };
  carryOut(order).then(answer, () => answer(undefined));
});
say('ready');
