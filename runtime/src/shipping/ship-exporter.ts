/** An exporter out of a protocol: the shipper with the real clock, network and worker. */
import { builtin } from '../builtin.ts';
import type { EncodedSegment, ExportBatch, Exporter } from '../exporter.ts';
import { performanceNow } from '../primordials.ts';
import { createRandom } from '../random.ts';
import type { ProtocolSpec } from '../exporters/create-protocol.ts';
import { Shipper } from './shipper.ts';
import type { Clock } from './shipper.ts';
import { workerCarrier } from './worker-carrier.ts';
import type { CreateProtocol } from './protocol.ts';
import { createSpill } from './create-spill.ts';

export interface ShippingOptions {
  /** ms for one request. Default 10,000. */
  readonly timeoutMs?: number;
  /** Default 'gzip' with Node's client, 'none' with `fetch`, in pages: a receiver of another origin has to allow the header. */
  readonly compression?: 'gzip' | 'none';
  /** Bytes of traces that wait for the receiver; the oldest give way. Default 32 MiB. */
  readonly queueBytes?: number;
  /** Folder for what could not be sent; null: none. Default: `.captureflow/unsent` in the working directory at the time of the call. */
  readonly spillDir?: string | null;
  /** Bytes that this folder may take. Default 64 MiB. */
  readonly spillBytes?: number;
}

const MIB = 1024 * 1024;

// Kept from load time: fake timers replace the globals (H97).
const {
  setTimeout: timeout,
  clearTimeout: cancel,
  Date: { now },
} = globalThis;

const CLOCK: Clock = {
  now,
  elapsed: performanceNow,
  after(ms, run) {
    const timer = timeout(run, ms) as { ref?: () => void; unref?: () => void };
    timer.unref?.();
    return {
      cancel: () => cancel(timer as ReturnType<typeof setTimeout>),
      hold: (on) => (on ? timer.ref?.() : timer.unref?.()),
    };
  },
};

/** `traceUrl` is called where recording is paused: it may be instrumented. */
export function createShipExporter(
  name: string,
  spec: ProtocolSpec,
  options: ShippingOptions,
  create: CreateProtocol,
  traceUrl?: (traceId: string) => string | undefined,
): Exporter {
  const { spillDir = '.captureflow/unsent' } = options;
  const spill = spillDir === null ? undefined : createSpill({ dir: spillDir, name, maxBytes: options.spillBytes ?? 64 * MIB });
  const urls = new WeakMap<EncodedSegment, string | undefined>();
  const { rejected } = create(() => undefined);
  const shipper = new Shipper(
    {
      name,
      carrier: workerCarrier(
        spec,
        { timeoutMs: options.timeoutMs ?? 10_000, compression: options.compression },
        create,
        traceUrl && ((segment) => urls.get(segment)),
      ),
      ...(rejected === undefined ? {} : { rejected }),
      queueBytes: options.queueBytes ?? 32 * MIB,
      ...(spill === undefined ? {} : { spill }),
    },
    CLOCK,
    createRandom(),
  );
  const detached = detach();
  return {
    name,
    patient: true,
    export: (batch: ExportBatch) => {
      if (traceUrl !== undefined) for (const segment of batch.segments) urls.set(segment, traceUrl(segment.traceId));
      detached(() => shipper.add(batch.segments));
    },
    flush: (deadline) => detached(() => shipper.flush(deadline)),
    shutdown: (deadline) => detached(() => shipper.shutdown(deadline)),
    exit: () => shipper.exit(),
    hide: () => shipper.hide(),
    stats: () => shipper.stats(),
  };
}

/** Runs work in the async context of the start: a request's own context would live as long as our connection does. */
function detach(): <T>(work: () => T) => T {
  const hooks = builtin('node:async_hooks');
  if (hooks?.AsyncResource === undefined) return (work) => work();
  const resource = new hooks.AsyncResource('captureflow', { requireManualDestroy: true });
  return (work) => resource.runInAsyncScope(work);
}
