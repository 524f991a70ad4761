/** An exporter out of a protocol: the shipper with the real clock and network. */
import { builtin } from '../builtin.ts';
import type { ExportBatch, Exporter } from '../exporter.ts';
import { createRandom } from '../random.ts';
import { createPost } from './http-post.ts';
import { Shipper } from './shipper.ts';
import type { Clock, Protocol } from './shipper.ts';
import { Spill } from './spill.ts';

export interface ShippingOptions {
  /** ms for one request. Default 10,000. */
  readonly timeoutMs?: number;
  /** Default 'gzip'. */
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
  after(ms, run) {
    const timer = timeout(run, ms) as { ref?: () => void; unref?: () => void };
    timer.unref?.();
    return {
      cancel: () => cancel(timer as ReturnType<typeof setTimeout>),
      hold: (on) => (on ? timer.ref?.() : timer.unref?.()),
    };
  },
};

export function createShipExporter(protocol: Protocol, options: ShippingOptions): Exporter {
  const path = builtin('node:path');
  const { spillDir = '.captureflow/unsent' } = options;
  const shipper = new Shipper(
    protocol,
    {
      queueBytes: options.queueBytes ?? 32 * MIB,
      timeoutMs: options.timeoutMs ?? 10_000,
      gzip: options.compression !== 'none',
      ...(spillDir === null || path === undefined
        ? {}
        : { spill: new Spill({ dir: path.resolve(spillDir), name: protocol.name, maxBytes: options.spillBytes ?? 64 * MIB }) }),
    },
    createPost(),
    CLOCK,
    createRandom(),
  );
  const detached = detach();
  return {
    name: protocol.name,
    export: (batch: ExportBatch) => detached(() => shipper.add(batch.segments)),
    flush: (deadline) => detached(() => shipper.flush(deadline)),
    shutdown: (deadline) => detached(() => shipper.shutdown(deadline)),
    exit: () => shipper.exit(),
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
