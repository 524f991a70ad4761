/**
 * The thread that converts and sends, from the side of who asks: one for all exporters of a realm, started when there is something to send. It never keeps the
 * process alive, writes to no stream of the program and gets none of its flags or hooks. Where threads are refused there is none, without a word.
 */
import { builtin } from '../builtin.ts';
import type { FromWorker, Order, Reply } from './worker-messages.ts';

/** Its own heap, in MB: a trace too large for it ends the worker, not the program. */
const OLD_SPACE_MB = 256;
const YOUNG_SPACE_MB = 16;
/** After that a worker that has not said a word is none. */
const PATIENCE_MS = 10_000;

type Thread = import('node:worker_threads').Worker;

// Kept from load time: fake timers replace the globals (H97).
const { setTimeout: timeout, clearTimeout: cancel, setImmediate: immediate } = globalThis;

export class ShipWorker {
  /** Starts one; undefined: it cannot be. */
  static async start(code: string): Promise<ShipWorker | undefined> {
    const threads = builtin('node:worker_threads');
    if (threads?.Worker === undefined) return undefined;
    try {
      const worker = new ShipWorker(
        new threads.Worker(code, {
          eval: true,
          name: 'captureflow',
          // Neither the program's `--import` and `--require` nor those of NODE_OPTIONS: nothing instruments the worker.
          execArgv: [],
          env: quietEnvironment(),
          stdin: false,
          stdout: true,
          stderr: true,
          resourceLimits: { maxOldGenerationSizeMb: OLD_SPACE_MB, maxYoungGenerationSizeMb: YOUNG_SPACE_MB },
        }),
      );
      return (await worker.#ready) ? worker : undefined;
    } catch {
      return undefined;
    }
  }

  /** It is over: nothing it was asked will be answered. */
  gone: boolean = false;
  readonly #thread: Thread;
  readonly #asked: Map<number, (reply: Reply | 'crashed') => void> = new Map();
  readonly #ready: Promise<boolean>;
  #last: number = 0;

  private constructor(thread: Thread) {
    this.#thread = thread;
    this.#ready = new Promise((resolve) => {
      let settled = false;
      const settle = (ready: boolean): void => {
        settled = true;
        cancel(timer);
        resolve(ready);
      };
      // A program that was busy meanwhile reads its messages first.
      const timer = timeout(() => immediate(() => settled || this.#end()).unref(), PATIENCE_MS);
      timer.unref();
      thread.on('message', (message: FromWorker) => {
        if (message === 'ready') {
          // Not before: what unref() did to a thread that starts is undone when it runs.
          thread.unref();
          return settle(true);
        }
        const answer = this.#asked.get(message.id);
        this.#asked.delete(message.id);
        answer?.(message.reply);
      });
      const end = (): void => {
        settle(false);
        this.#lose();
      };
      thread.on('error', end);
      thread.on('messageerror', end);
      thread.on('exit', end);
    });
  }

  /** Resolves with 'crashed' when the worker ends before it has answered. Never rejects. */
  ask(order: Order, transfer: readonly ArrayBuffer[] = []): Promise<Reply | 'crashed'> {
    return new Promise((resolve) => {
      const id = ++this.#last;
      this.#asked.set(id, resolve);
      if (!this.#post(id, order, transfer)) {
        this.#asked.delete(id);
        resolve('crashed');
      }
    });
  }

  tell(order: Order): void {
    this.#post(0, order, []);
  }

  close(): void {
    this.#end();
  }

  #post(id: number, order: Order, transfer: readonly ArrayBuffer[]): boolean {
    if (this.gone) return false;
    try {
      this.#thread.postMessage({ id, order }, transfer);
      return true;
    } catch {
      return false;
    }
  }

  #end(): void {
    this.#lose();
    void this.#thread.terminate().catch(() => {});
  }

  #lose(): void {
    this.gone = true;
    const waiting = [...this.#asked.values()];
    this.#asked.clear();
    for (const answer of waiting) answer('crashed');
  }
}

/** What proxies and certificates are set by, without the flags, and with recording forbidden. */
function quietEnvironment(): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...process.env, CAPTUREFLOW: 'off' };
  delete env['NODE_OPTIONS'];
  return env;
}
