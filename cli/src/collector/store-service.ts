/**
 * The store as a service: takes what has come together in a turn of the event loop into one commit, answers only after it, and takes away old traces in small
 * steps between orders. Questions come before what is still to be stored.
 */
import { unpackArrival } from './delivery.ts';
import type { Delivery, PackedDelivery } from './delivery.ts';
import type { Service } from './services.ts';
import type { TraceQuery } from './trace-query.ts';
import { TraceStore } from './trace-store.ts';
import type { Changes, Retention } from './trace-store.ts';

export interface StoreSpec {
  readonly kind: 'store';
  /** ':memory:' for one that ends with the process. */
  readonly path: string;
  readonly retention?: Retention;
}

export type StoreOrder =
  | ({ readonly kind: 'add' } & PackedDelivery)
  /** The file is not what it was: what came from it is gone. */
  | { readonly kind: 'forget'; readonly path: string }
  | { readonly kind: 'count' }
  /** Whether somebody looks at the list. */
  | { readonly kind: 'watched'; readonly watched: boolean }
  | { readonly kind: 'list'; readonly query: TraceQuery }
  | { readonly kind: 'find' | 'read' | 'delete'; readonly id: string }
  | { readonly kind: 'remember'; readonly key: string; readonly value: string };

/** `traces`: only while the list is watched, since telling of a trace costs as much as storing half of it. */
export type StoreNews = Changes & { readonly problem?: string };

interface Waiting {
  readonly order: StoreOrder;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Bytes of bodies in one commit: what a list may have to wait for. An eighth of it costs twice the processor time, since the search index merges what each commit adds. */
const COMMIT_BYTES = 4 * 1024 * 1024;
const RETAIN_MS = 2000;

/** Questions of the page. They see what was stored, which is all that anybody was told of, so they need not wait for what is still to be stored. */
const QUESTIONS: ReadonlySet<StoreOrder['kind']> = new Set(['list', 'find', 'read']);

export class StoreService implements Service<StoreOrder> {
  readonly #store: TraceStore;
  readonly #spec: StoreSpec;
  readonly #tell: (news: StoreNews) => void;
  readonly #queue: Waiting[] = [];
  readonly #questions: Waiting[] = [];
  readonly #timer: NodeJS.Timeout;
  #watched: boolean = false;
  #scheduled: boolean = false;
  #failing: boolean = false;

  constructor(spec: StoreSpec, tell: (news: StoreNews) => void) {
    this.#spec = spec;
    this.#tell = tell;
    this.#store = new TraceStore(spec.path);
    this.#timer = setInterval(() => this.#retain(), RETAIN_MS);
    this.#timer.unref();
  }

  handle(order: StoreOrder): Promise<unknown> {
    return new Promise((resolve, reject) => {
      (QUESTIONS.has(order.kind) ? this.#questions : this.#queue).push({ order, resolve, reject });
      this.#schedule();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    while (this.#queue.length > 0 || this.#questions.length > 0) this.#work();
    this.#store.close();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What else has arrived comes first, and goes into the same commit.
    setImmediate(() => {
      this.#scheduled = false;
      this.#work();
      if (this.#queue.length > 0 || this.#questions.length > 0) this.#schedule();
    });
  }

  #work(): void {
    for (const question of this.#questions.splice(0))
      settle(question, () => this.#carryOut(question.order as Exclude<StoreOrder, { kind: 'add' }>));
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
      group.push({ waiting: next, delivery: { arrival: unpackArrival(next.order.arrival), body: next.order.body } });
    }
    try {
      this.#news(
        this.#store.add(
          group.map(({ delivery }) => delivery),
          Date.now(),
        ),
      );
      for (const { waiting } of group) waiting.resolve(undefined);
    } catch (error) {
      // Disk full, file gone: nothing of it was stored, and whoever sent it keeps it.
      for (const { waiting } of group) waiting.reject(Object.assign(error as Error, { status: 503 }));
    }
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
      case 'count':
        return this.#store.count();
      case 'forget':
        return this.#news(this.#store.forgetFile(order.path));
      case 'watched':
        this.#watched = order.watched;
        return undefined;
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
      this.#news({ traces: [], again: [], gone });
      if (more) setImmediate(() => this.#retain());
      this.#failing = false;
    } catch (error) {
      // The next look may find room: said once, until it has.
      if (!this.#failing)
        this.#tell({ traces: [], again: [], gone: [], problem: `old traces cannot be taken away: ${(error as Error).message}` });
      this.#failing = true;
    }
  }

  #news(changes: Changes): void {
    const { again, gone } = changes;
    const traces = this.#watched ? changes.traces : [];
    if (traces.length > 0 || again.length > 0 || gone.length > 0) this.#tell({ traces, again, gone });
  }
}

function settle({ resolve, reject }: Waiting, work: () => unknown): void {
  try {
    resolve(work());
  } catch (error) {
    reject(error);
  }
}
