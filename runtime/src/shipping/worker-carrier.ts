/**
 * Converts and sends in the worker (`ship-worker.ts`); on this thread where there is none, and for the little that is left when the process ends before a
 * worker was needed. The shipper keeps the segments: the worker gets a copy of their bytes, 128 KiB at most or one segment, and holds nothing else.
 */
import type { ProtocolSpec } from '../exporters/create-protocol.ts';
import type { EncodedSegment } from '../exporter.ts';
import type { Carrier, Consignment, Load } from './carrier.ts';
import { createPost } from './http-post.ts';
import type { CreateProtocol, TraceUrlOf } from './protocol.ts';
import { LOCAL_LOAD_BYTES, localCarrier } from './local-carrier.ts';
import type { SendOptions } from './local-carrier.ts';
import { ShipWorker } from './ship-worker.ts';
import { workerCode } from './worker-code.ts';
import type { ParcelNote } from './worker-messages.ts';

/** Bytes of segments in one load: one request of most protocols. */
const LOAD_BYTES = 128 * 1024;
/** So much is converted here when somebody waits and no worker runs: starting one would take longer. */
const HURRIED_BYTES = 64 * 1024;

let running: Promise<ShipWorker | undefined> | undefined;
/** Worker of this realm when it runs. */
let worker: ShipWorker | undefined;
/** There was no worker at the first attempt, or not again after one ended: there will be none. */
let refused = false;
/** Exporters that use the worker. */
let users = 0;
let numbers = 0;

async function startWorker(): Promise<ShipWorker | undefined> {
  worker = workerCode === undefined ? undefined : await ShipWorker.start(workerCode);
  refused = worker === undefined;
  return worker;
}

/** The realm's worker, started if need be; a new one after one ended. */
function shipWorker(): Promise<ShipWorker | undefined> {
  if (refused) return Promise.resolve(undefined);
  if (worker?.gone === true) {
    worker = undefined;
    running = undefined;
  }
  return (running ??= startWorker());
}

function endWorker(): void {
  worker?.close();
  worker = undefined;
  running = undefined;
}

export function workerCarrier(
  spec: ProtocolSpec,
  options: SendOptions,
  create: CreateProtocol,
  traceUrlOf: TraceUrlOf | undefined,
): Carrier {
  const exporter = ++numbers;
  const urls = new Map<string, string>();
  /** The worker that knows this exporter. */
  let opened: ShipWorker | undefined;
  let load = 0;
  let told: Readonly<Record<string, number>> = {};
  let local: Carrier | undefined;
  let isLocal = false;
  let crashes = 0;
  /** Segments that were converted in the worker. */
  let byWorker = 0;
  let closed = false;
  let isUser = false;
  const here = (): Carrier =>
    (local ??= localCarrier(
      create((traceId) => urls.get(traceId)),
      options,
      createPost(),
    ));

  const noteUrls = (segments: readonly EncodedSegment[]): void => {
    if (traceUrlOf === undefined) return;
    urls.clear();
    for (const segment of segments) {
      const url = traceUrlOf(segment);
      if (url !== undefined) urls.set(segment.traceId, url);
    }
  };

  const consign = (thread: ShipWorker, segments: readonly EncodedSegment[], loaded: number, note: ParcelNote): Consignment => ({
    segments: note.segments.map((index) => segments[index] as EncodedSegment),
    send: () => ({
      // The flush that waits for it keeps the process alive.
      hold: () => {},
      answer: thread
        .ask({ kind: 'send', load: loaded, parcel: note.parcel })
        .then((reply) => (typeof reply === 'object' && 'answer' in reply ? reply.answer : undefined)),
    }),
    split: async () => {
      const reply = await thread.ask({ kind: 'split', load: loaded, parcel: note.parcel });
      return typeof reply === 'object' && 'parcels' in reply
        ? reply.parcels.map((piece) => consign(thread, segments, loaded, piece))
        : undefined;
    },
  });

  const loadThere = async (thread: ShipWorker, segments: readonly EncodedSegment[]): Promise<Load> => {
    if (opened !== thread) {
      opened = thread;
      thread.tell({ kind: 'open', exporter, spec, options });
    }
    const bytes = new Uint8Array(segments.reduce((sum, segment) => sum + segment.bytes.length, 0));
    let at = 0;
    const lengths = segments.map((segment) => {
      bytes.set(segment.bytes, at);
      at += segment.bytes.length;
      return segment.bytes.length;
    });
    load = ++numbers;
    const loaded = load;
    const traceUrls = traceUrlOf && segments.map(traceUrlOf);
    const reply = await thread.ask({ kind: 'load', exporter, load, bytes, lengths, traceUrls }, [bytes.buffer]);
    if (reply === 'crashed') {
      // Ended by its owner, it crashed over nothing.
      if (!closed) crashes++;
      return 'crashed';
    }
    if (reply === undefined || !('parcels' in reply)) return 'unreadable';
    told = reply.stats;
    byWorker += segments.length;
    return reply.parcels.map((note) => consign(thread, segments, loaded, note));
  };

  return {
    get loadBytes() {
      return isLocal || refused ? LOCAL_LOAD_BYTES : LOAD_BYTES;
    },
    async load(segments: readonly EncodedSegment[], hurried: boolean): Promise<Load> {
      const little = segments.reduce((sum, segment) => sum + segment.bytes.length, 0) <= HURRIED_BYTES;
      let thread: ShipWorker | undefined;
      if (!(hurried && little && worker === undefined)) {
        if (!isUser) users++;
        isUser = true;
        thread = await shipWorker();
        // It may have been closed while it started.
        if (users === 0) endWorker();
      }
      isLocal = thread === undefined;
      if (thread !== undefined) return loadThere(thread, segments);
      noteUrls(segments);
      return here().load(segments, hurried);
    },
    loadNow(segments: readonly EncodedSegment[]): Load {
      noteUrls(segments);
      return here().loadNow?.(segments) ?? 'unreadable';
    },
    unload() {
      if (!isLocal) opened?.tell({ kind: 'unload', load });
    },
    stats() {
      const counts: Record<string, number> = { ...told };
      for (const [name, count] of Object.entries(local?.stats() ?? {})) counts[name] = (counts[name] ?? 0) + count;
      return { ...counts, byWorker, crashes };
    },
    close() {
      if (closed) return;
      closed = true;
      opened?.tell({ kind: 'close', exporter });
      if (isUser && --users === 0) endWorker();
    },
  };
}
