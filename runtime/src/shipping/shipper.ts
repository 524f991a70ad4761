/**
 * Sends segments to one receiver, one request at a time: queue, retry, deadlines, counts. It knows neither the protocol (`Protocol` turns segments
 * into requests and reads answers) nor the network (`post`) nor the clock (`Clock`). Nothing here rejects or throws into its caller.
 */
import type { EncodedSegment } from '../exporter.ts';
import { warnOnce } from '../warn.ts';
import type { Post, Posting } from './http-post.ts';
import { nextStep } from './retry.ts';
import type { Answer } from './retry.ts';
import { SendQueue } from './send-queue.ts';
import type { Spill } from './spill.ts';

export interface Parcel {
  readonly url: string;
  readonly body: Uint8Array;
  /** What is in it, for giving it back when it could not be sent. */
  readonly segments: readonly EncodedSegment[];
}

export interface Protocol {
  /** Name of the exporter. */
  readonly name: string;
  /** Everything but content-length and content-encoding. */
  readonly headers: Readonly<Record<string, string>>;
  /** May throw; then the segments are counted as `encode`. */
  parcels(segments: readonly EncodedSegment[]): readonly Parcel[];
  /** What the receiver did not take although it answered with success: how much of what it counts, and its words. */
  rejected?(answer: Answer): { readonly count: number; readonly message: string } | undefined;
  /** More of what it holds or left out. */
  stats?(): Readonly<Record<string, number>>;
}

export interface Clock {
  /** Unix ms. */
  now(): number;
  /** Calls `run` after `ms`. Returns what cancels it; `hold` says whether it keeps the process alive, which it does not at first. */
  after(ms: number, run: () => void): { cancel(): void; hold(on: boolean): void };
}

export interface ShipperOptions {
  /** Bytes of segments that wait; over it the oldest are dropped. */
  readonly queueBytes: number;
  /** ms for one request. */
  readonly timeoutMs: number;
  readonly gzip: boolean;
  /** Where what cannot be sent goes; undefined: it is dropped and counted. */
  readonly spill?: Spill;
}

/** ms that segments wait for more to share their request. */
const GATHER_MS = 1000;
/** Bytes of segments in one request: what is turned into JSON in one turn of the event loop. JSON makes several times as much of them. */
const PARCEL_BYTES = 16 * 1024;

export class Shipper {
  readonly #protocol: Protocol;
  readonly #options: ShipperOptions;
  readonly #post: Post;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #queue: SendQueue;
  readonly #counts: Record<
    'delivered' | 'requests' | 'retries' | 'refused' | 'away' | 'encode' | 'rejected' | 'spilled' | 'replayed',
    number
  > = {
    delivered: 0,
    requests: 0,
    retries: 0,
    refused: 0,
    away: 0,
    encode: 0,
    rejected: 0,
    spilled: 0,
    replayed: 0,
  };
  /** Taken from the queue and not delivered yet. */
  #sending: Set<EncodedSegment> = new Set();
  #running: Promise<void> | undefined;
  #gathering: { cancel(): void } | undefined;
  #posting: Posting | undefined;
  #pause: { hold(on: boolean): void; end(): void } | undefined;
  /** Unix ms after which no attempt is made; Infinity while nobody waits. */
  #deadline: number = Number.POSITIVE_INFINITY;
  #closed: boolean = false;

  constructor(protocol: Protocol, options: ShipperOptions, post: Post, clock: Clock, random: () => number) {
    this.#protocol = protocol;
    this.#options = options;
    this.#post = post;
    this.#clock = clock;
    this.#random = random;
    this.#queue = new SendQueue(options.queueBytes);
  }

  add(segments: readonly EncodedSegment[]): void {
    if (this.#closed) return this.#giveUp(segments);
    this.#queue.add(segments);
    if (this.#running !== undefined) return;
    if (this.#queue.bytes >= PARCEL_BYTES) void this.#start();
    else
      this.#gathering ??= this.#clock.after(GATHER_MS, () => {
        this.#gathering = undefined;
        void this.#start();
      });
  }

  /** Sends what waits; resolves when it is sent, spilled or counted, at `deadline` (Unix ms) at the latest. Keeps the process alive meanwhile. */
  async flush(deadline: number): Promise<void> {
    if (this.#queue.count === 0 && this.#running === undefined) return;
    this.#deadline = deadline;
    this.#hold(true);
    let timer: ReturnType<Clock['after']> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = this.#clock.after(Math.max(0, deadline - this.#clock.now()), resolve);
      timer.hold(true);
    });
    await Promise.race([this.#start(), late]);
    timer?.cancel();
    this.#hold(false);
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  async shutdown(deadline: number): Promise<void> {
    await this.flush(deadline);
    this.exit();
  }

  /** The process ends: what is not delivered goes to the spill, now, or is counted. */
  exit(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gathering?.cancel();
    const left = [...this.#sending, ...this.#queue.takeAll()];
    this.#sending = new Set();
    this.#pause?.end();
    this.#giveUp(left);
  }

  stats(): Readonly<Record<string, number>> {
    return { ...this.#counts, waiting: this.#queue.count + this.#sending.size, dropped: this.#queue.dropped, ...this.#protocol.stats?.() };
  }

  #start(): Promise<void> {
    this.#gathering?.cancel();
    this.#gathering = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // What came in after the last look.
      if (this.#queue.count > 0 && !this.#closed) void this.#start();
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.count > 0 && !this.#closed) {
      const segments = this.#queue.take(PARCEL_BYTES);
      this.#sending = new Set(segments);
      let parcels: readonly Parcel[] = [];
      try {
        parcels = this.#protocol.parcels(segments);
      } catch {
        this.#counts.encode += segments.length;
      }
      for (const parcel of parcels) {
        await this.#send(parcel);
        if (this.#closed) return;
        for (const segment of parcel.segments) this.#sending.delete(segment);
      }
      this.#sending.clear();
    }
  }

  async #send(parcel: Parcel): Promise<void> {
    const { timeoutMs, gzip } = this.#options;
    for (let attempt = 1; ; attempt++) {
      this.#counts.requests++;
      this.#posting = this.#post({ url: parcel.url, body: parcel.body, headers: this.#protocol.headers, gzip, timeoutMs });
      if (this.#deadline !== Number.POSITIVE_INFINITY) this.#posting.hold(true);
      const answer = await this.#posting.answer;
      this.#posting = undefined;
      // Given up and counted meanwhile, which a late success cannot take back.
      if (this.#closed) return;
      const step = nextStep(answer, attempt, this.#random(), this.#clock.now());
      switch (step.kind) {
        case 'delivered':
          this.#delivered(parcel, answer as Answer);
          return;
        case 'refused':
          this.#refused(parcel, answer as Answer);
          return;
        case 'wait':
          if (this.#clock.now() + step.ms <= this.#deadline) {
            this.#counts.retries++;
            await this.#wait(step.ms);
            if (this.#closed) return;
            continue;
          }
      }
      this.#giveUp(parcel.segments);
      return;
    }
  }

  #delivered({ segments }: Parcel, answer: Answer): void {
    this.#counts.delivered += segments.length;
    this.#replay();
    const rejected = this.#protocol.rejected?.(answer);
    if (rejected === undefined) return;
    this.#counts.rejected += rejected.count;
    const { name } = this.#protocol;
    warnOnce(
      `rejected:${name}`,
      `the receiver of exporter ${name} did not take everything (${clip(rejected.message)}); counted in stats()`,
    );
  }

  #refused({ segments, body }: Parcel, { status, body: words }: Answer): void {
    this.#counts.refused += segments.length;
    const { name } = this.#protocol;
    const kept = this.#options.spill?.reject(body, `HTTP ${status}\n${words}`);
    const where = kept === undefined ? '' : `; what was refused and the answer are in ${kept}`;
    warnOnce(
      `refused:${name}`,
      `the receiver of exporter ${name} refused traces with HTTP ${status} (${clip(words)})${where}; counted in stats()`,
    );
  }

  /** The receiver is there: what earlier outages and processes left behind follows, a file at a time. */
  #replay(): void {
    const earlier = this.#options.spill?.takeOldest() ?? [];
    if (earlier.length === 0) return;
    this.#counts.replayed += earlier.length;
    this.#queue.add(earlier);
  }

  #giveUp(segments: readonly EncodedSegment[]): void {
    if (segments.length === 0) return;
    const spilled = this.#options.spill?.add(segments) ?? 0;
    this.#counts.spilled += spilled;
    this.#counts.away += segments.length - spilled;
    const { name } = this.#protocol;
    if (spilled < segments.length)
      warnOnce(`away:${name}`, `exporter ${name} could not deliver all traces; the lost are counted in stats()`);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#pause = undefined;
        resolve();
      };
      const timer = this.#clock.after(ms, end);
      this.#pause = { hold: (on) => timer.hold(on), end };
      if (this.#deadline !== Number.POSITIVE_INFINITY) timer.hold(true);
    });
  }

  #hold(on: boolean): void {
    this.#posting?.hold(on);
    this.#pause?.hold(on);
  }
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
