/**
 * The store as a service: takes what has come together in a turn of the event loop into one commit, answers only after it, and takes away old traces in small
 * steps between orders.
 */
import { gunzipSync } from 'node:zlib';
import type { TraceSource } from '@captureflow/trace';
import { readArrival } from './arrival.ts';
import { FolderWatch } from './folder-watch.ts';
import type { FileNews } from './folder-watch.ts';
import type { Service } from './services.ts';
import type { TraceQuery } from './trace-query.ts';
import { packBody, TraceStore } from './trace-store.ts';
import type { Changes, Delivery, Retention } from './trace-store.ts';

export interface StoreSpec {
  readonly kind: 'store';
  /** ':memory:' for one that ends with the process. */
  readonly path: string;
  readonly retention?: Retention;
  /** Bytes of one unpacked body. */
  readonly mostBytes: number;
  /** Files and folders to show instead of taking what is sent; they are watched. */
  readonly files?: { readonly paths: readonly string[]; readonly cwd: string };
}

export type StoreOrder =
  | { readonly kind: 'add'; readonly source: TraceSource; readonly body: Uint8Array; readonly gzip: boolean }
  | { readonly kind: 'list'; readonly query: TraceQuery }
  | { readonly kind: 'find' | 'read' | 'delete'; readonly id: string }
  | { readonly kind: 'remember'; readonly key: string; readonly value: string };

/** Answer to `add`. */
export interface Taken {
  readonly traces: number;
  readonly rejected: number;
  readonly message: string;
}

export type StoreNews = Changes & { readonly files?: ShownFiles };

/** `found`: traces in them. */
export type ShownFiles = FileNews & { readonly found: number };

interface Waiting {
  readonly order: StoreOrder;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Bytes of bodies in one commit: what a list may have to wait for. */
const COMMIT_BYTES = 4 * 1024 * 1024;
const RETAIN_MS = 2000;

/** What is to be told about a body and is no fault of the store. */
export class BodyTooLarge extends Error {
  readonly status = 413;
}

export class StoreService implements Service<StoreOrder> {
  readonly #store: TraceStore;
  readonly #spec: StoreSpec;
  readonly #tell: (news: StoreNews) => void;
  readonly #queue: Waiting[] = [];
  readonly #timer: NodeJS.Timeout;
  readonly #watch: FolderWatch | undefined;
  #scheduled: boolean = false;

  constructor(spec: StoreSpec, tell: (news: StoreNews) => void) {
    this.#spec = spec;
    this.#tell = tell;
    this.#store = new TraceStore(spec.path);
    this.#timer = setInterval(() => this.#retain(), RETAIN_MS);
    this.#timer.unref();
    if (spec.files !== undefined)
      this.#watch = new FolderWatch(spec.files.paths, spec.files.cwd, {
        add: (delivery) => this.#news(this.#store.add([delivery], Date.now())),
        forget: (path) => this.#news({ traces: [], gone: this.#store.forgetFile(path) }),
        say: (files) => tell({ traces: [], gone: [], files: { ...files, found: this.#store.count() } }),
      });
  }

  handle(order: StoreOrder): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ order, resolve, reject });
      this.#schedule();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#watch?.stop();
    while (this.#queue.length > 0) this.#work();
    this.#store.close();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What else has arrived comes first, and goes into the same commit.
    setImmediate(() => {
      this.#scheduled = false;
      this.#work();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #work(): void {
    const first = this.#queue[0];
    if (first === undefined) return;
    const { order } = first;
    if (order.kind !== 'add') {
      this.#queue.shift();
      settle(first, () => this.#carryOut(order));
      return;
    }
    const group: { readonly waiting: Waiting; readonly delivery: Delivery }[] = [];
    for (let bytes = 0; bytes < COMMIT_BYTES; ) {
      const next = this.#queue[0];
      if (next?.order.kind !== 'add') break;
      this.#queue.shift();
      bytes += next.order.body.length;
      try {
        group.push({ waiting: next, delivery: this.#unpack(next.order) });
      } catch (error) {
        next.reject(error);
      }
    }
    try {
      this.#news(
        this.#store.add(
          group.map(({ delivery }) => delivery),
          Date.now(),
        ),
      );
      for (const { waiting, delivery } of group) {
        const { pieces, rejected, message } = delivery.arrival;
        waiting.resolve({ traces: pieces.length, rejected, message } satisfies Taken);
      }
    } catch (error) {
      // Disk full, file gone: nothing of it was stored, and whoever sent it keeps it.
      for (const { waiting } of group) waiting.reject(Object.assign(error as Error, { status: 503 }));
    }
  }

  #unpack({ source, body, gzip }: Extract<StoreOrder, { kind: 'add' }>): Delivery {
    let bytes = body;
    if (gzip) {
      try {
        bytes = gunzipSync(body, { maxOutputLength: this.#spec.mostBytes });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
          throw new BodyTooLarge(`the body is larger than ${this.#spec.mostBytes} bytes`);
        throw Object.assign(new Error('the body is no gzip'), { status: 400 });
      }
    }
    return { arrival: readArrival(source, bytes), body: gzip ? body : packBody(bytes) };
  }

  #carryOut(order: Exclude<StoreOrder, { kind: 'add' }>): unknown {
    switch (order.kind) {
      case 'list':
        return this.#store.list(order.query);
      case 'find':
        return this.#store.find(order.id);
      case 'read':
        return this.#store.read(order.id);
      case 'remember':
        return this.#store.remember(order.key, () => order.value);
      case 'delete': {
        const changes = this.#store.delete(order.id);
        this.#news(changes);
        return changes.gone.length > 0;
      }
    }
  }

  #retain(): void {
    if (this.#spec.retention === undefined) return;
    try {
      const { gone, more } = this.#store.retain(this.#spec.retention, Date.now());
      this.#news({ traces: [], gone });
      if (more) setImmediate(() => this.#retain());
    } catch {
      // A disk that is full says so to whoever sends; the next look may find room.
    }
  }

  #news(changes: Changes): void {
    if (changes.traces.length > 0 || changes.gone.length > 0) this.#tell(changes);
  }
}

function settle({ resolve, reject }: Waiting, work: () => unknown): void {
  try {
    resolve(work());
  } catch (error) {
    reject(error);
  }
}
