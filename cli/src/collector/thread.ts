/**
 * A service in a thread of its own: orders in, replies out, and news in between. Tests, which run from sources, have it in their own thread, since Node 20
 * knows no TypeScript; its contract is the same. Must not import a service: the main thread has no use for a database.
 */
import { Worker } from 'node:worker_threads';
import type { createService, ServiceSpec } from './services.ts';

/** What went wrong in a service, for whoever answers. Can be cloned. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly status?: number;
  readonly code?: string;
  readonly problems?: readonly unknown[];
}

export type FromThread =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly news: unknown };

export interface Thread<Order, News> {
  /** @throws {ServiceError} */
  ask<T>(order: Order, transfer?: readonly ArrayBuffer[]): Promise<T>;
  onNews(listener: (news: News) => void): void;
  /** Lets the service end its work. */
  stop(): Promise<void>;
}

/** A `Failure` on the side of who asked. */
export class ServiceError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Makes services for those who have no thread for them. */
export type CreateService = typeof createService;

/** What threads make is short-lived: more room only makes them larger (`view` of 2 GB: 239 MB against 193, at the same speed). */
const YOUNG_MB = 12;

/** `onEnd`: the thread ended without being asked to, and why. `create`: no thread is started. */
export function startThread<Order, News>(spec: ServiceSpec, onEnd: (reason: string) => void, create?: CreateService): Thread<Order, News> {
  return create === undefined ? workerThread(spec, onEnd) : localThread(spec, create);
}

/** Starts with its first order: what nobody has asked for yet takes no time from what somebody waits for. */
export function startThreadLater<Order>(...parameters: Parameters<typeof startThread>): Thread<Order, never> {
  let thread: Thread<Order, never> | undefined;
  return {
    ask: (order, transfer) => (thread ??= startThread<Order, never>(...parameters)).ask(order, transfer),
    onNews: () => undefined,
    stop: async () => thread?.stop(),
  };
}

function workerThread<Order, News>(spec: ServiceSpec, onEnd: (reason: string) => void): Thread<Order, News> {
  // The bundled command has its threads' programs beside it.
  const worker = new Worker(new URL(`./${spec.kind}-thread.js`, import.meta.url), {
    workerData: spec,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners: ((news: News) => void)[] = [];
  let last = 0;
  let ended = false;
  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    for (const { reject } of waiting.values()) reject(new ServiceError({ name: 'ThreadEnded', message: reason, status: 503 }));
    waiting.clear();
    onEnd(reason);
  };
  worker.on('error', (error) => end((error as Error).message));
  worker.on('exit', () => end(`the thread of the ${spec.kind} ended`));
  worker.on('message', (message: FromThread) => {
    if ('news' in message) return listeners.forEach((listener) => listener(message.news as News));
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failure' in message) asked?.reject(new ServiceError(message.failure));
    else asked?.resolve(message.value as never);
  });
  const ask = <T>(order: Order | 'stop', transfer: readonly ArrayBuffer[] = []): Promise<T> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(new ServiceError({ name: 'ThreadEnded', message: `the thread of the ${spec.kind} ended`, status: 503 }));
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, order }, [...transfer]);
    });
  return {
    ask,
    onNews: (listener) => void listeners.push(listener),
    stop: async () => {
      if (ended) return;
      await ask('stop').catch(() => undefined);
      ended = true;
      await worker.terminate();
    },
  };
}

function localThread<Order, News>(spec: ServiceSpec, create: CreateService): Thread<Order, News> {
  const listeners: ((news: News) => void)[] = [];
  const service = create(spec, (news) => listeners.forEach((listener) => listener(news as News)));
  return {
    ask: async <T>(order: Order) => {
      try {
        return (await service.handle(order)) as T;
      } catch (error) {
        throw new ServiceError(failureOf(error));
      }
    },
    onNews: (listener) => void listeners.push(listener),
    stop: async () => service.stop(),
  };
}

/** What of an error can be told across threads. */
export function failureOf(error: unknown): Failure {
  const { name, message, status, code, problems } = error as Failure;
  return {
    name: name ?? 'Error',
    message: message ?? String(error),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    ...(Array.isArray(problems) ? { problems } : {}),
  };
}
