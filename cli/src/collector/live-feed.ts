/**
 * News of the list as Server-Sent Events. A page cannot show thousands a second, and one that is not read must not fill the memory: what is too much is left
 * out, and a page that sees `event: skipped` asks for the list again.
 */
import type { ServerResponse } from 'node:http';
import type { Changes } from './trace-store.ts';

/** Events that one page gets in one period. */
const MOST_EVENTS = 200;
const PERIOD_MS = 250;
/** Bytes that may wait in a connection. */
const MOST_WAITING = 1024 * 1024;
/** Proxies and browsers close what is silent. */
const PULSE_MS = 15_000;

export class LiveFeed {
  readonly #pages: Set<ServerResponse> = new Set();
  readonly #pulse: NodeJS.Timeout;
  readonly #onWatched: (watched: boolean) => void;
  #pending: string[] = [];
  #skipped: number = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `onWatched`: the first page has come, the last one has gone. */
  constructor(onWatched: (watched: boolean) => void) {
    this.#onWatched = onWatched;
    this.#pulse = setInterval(() => this.#send(':\n\n'), PULSE_MS);
    this.#pulse.unref();
  }

  add(response: ServerResponse): void {
    // Before the page is told that it is connected: what is stored from then on, it hears of.
    if (this.#pages.size === 0) this.#onWatched(true);
    this.#pages.add(response);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    response.write('retry: 2000\n\n');
    response.on('close', () => {
      this.#pages.delete(response);
      if (this.#pages.size === 0) this.#onWatched(false);
    });
  }

  news({ traces, gone }: Pick<Changes, 'traces' | 'gone'>): void {
    if (this.#pages.size === 0) return;
    for (const trace of traces) this.#add(`event: trace\ndata: ${JSON.stringify(trace)}\n\n`);
    for (const id of gone) this.#add(`event: gone\ndata: ${JSON.stringify({ id })}\n\n`);
  }

  /** For anything else that a page is to be told. */
  say(event: string, data: unknown): void {
    this.#send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  stop(): void {
    clearInterval(this.#pulse);
    clearTimeout(this.#timer);
    for (const page of this.#pages) page.end();
    this.#pages.clear();
  }

  #add(event: string): void {
    if (this.#pending.length < MOST_EVENTS) this.#pending.push(event);
    else this.#skipped++;
    this.#timer ??= setTimeout(() => this.#flush(), PERIOD_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#skipped > 0) this.#pending.push(`event: skipped\ndata: ${JSON.stringify({ count: this.#skipped })}\n\n`);
    const text = this.#pending.join('');
    this.#pending = [];
    this.#skipped = 0;
    this.#send(text);
  }

  #send(text: string): void {
    for (const page of this.#pages) {
      if (page.writableLength < MOST_WAITING) page.write(text);
    }
  }
}
