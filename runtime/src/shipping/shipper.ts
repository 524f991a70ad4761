/**
 * Sends segments to one receiver, one request at a time: queue, retry, deadlines, spill, counts. It knows neither protocol nor network nor thread (`Carrier`
 * makes requests and sends them) nor the clock (`Clock`). It holds every segment until it is settled. Nothing here rejects or throws into its caller.
 */
import type { EncodedSegment } from '../exporter.ts';
import { warnOnce } from '../warn.ts';
import type { Carrier, Consignment, Load } from './carrier.ts';
import type { Posting } from './post.ts';
import type { Protocol } from './protocol.ts';
import { nextStep } from './retry.ts';
import type { Answer } from './retry.ts';
import { SendQueue } from './send-queue.ts';
import type { Spill } from './spill.ts';

export interface Clock {
  /** Unix ms; may be set back. */
  now(): number;
  /** ms since some moment; never goes back. */
  elapsed(): number;
  /** Calls `run` after `ms`. Returns what cancels it; `hold` says whether it keeps the process alive, which it does not at first. */
  after(ms: number, run: () => void): { cancel(): void; hold(on: boolean): void };
}

export interface ShipperOptions {
  /** Name of the exporter. */
  readonly name: string;
  readonly carrier: Carrier;
  /** What the receiver did not take although it answered with success. */
  readonly rejected?: Protocol['rejected'];
  /** Bytes of segments that wait; over it the oldest are dropped. */
  readonly queueBytes: number;
  /** Where what cannot be sent goes; undefined: it is dropped and counted. */
  readonly spill?: Spill;
}

/** ms that segments wait for more to share their request. */
const GATHER_MS = 1000;
/** HTTP: the request is larger than the receiver takes. */
const TOO_LARGE = 413;

export class Shipper {
  readonly #options: ShipperOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #queue: SendQueue;
  readonly #counts: Record<
    | 'delivered'
    | 'requests'
    | 'retries'
    | 'refused'
    | 'away'
    | 'dropped'
    | 'encode'
    | 'rejected'
    | 'spilled'
    | 'replayed'
    | 'skipped'
    | 'noRoom',
    number
  > = {
    delivered: 0,
    requests: 0,
    retries: 0,
    refused: 0,
    away: 0,
    dropped: 0,
    encode: 0,
    rejected: 0,
    spilled: 0,
    replayed: 0,
    skipped: 0,
    noRoom: 0,
  };
  /** Taken from the queue and not delivered yet. */
  readonly #sending: Set<EncodedSegment> = new Set();
  /** Requests that are made and not begun. */
  readonly #ready: Set<Consignment> = new Set();
  #running: Promise<void> | undefined;
  #gathering: { cancel(): void } | undefined;
  #posting: Posting | undefined;
  #pause: { hold(on: boolean): void; end(): void } | undefined;
  /** Of each flush that waits, the time by `elapsed` after which no attempt is made. */
  readonly #deadlines: Set<{ readonly at: number }> = new Set();
  #closed: boolean = false;

  constructor(options: ShipperOptions, clock: Clock, random: () => number) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#queue = new SendQueue(options.queueBytes);
  }

  add(segments: readonly EncodedSegment[]): void {
    if (this.#closed) return this.#giveUp(segments, 'away');
    this.#enqueue(segments);
    if (this.#running !== undefined) return;
    if (this.#queue.bytes >= this.#options.carrier.loadBytes) void this.#start();
    else
      this.#gathering ??= this.#clock.after(GATHER_MS, () => {
        this.#gathering = undefined;
        void this.#start();
      });
  }

  /** Sends what waits; resolves when it is sent, spilled or counted, at `deadline` (Unix ms) at the latest. Keeps the process alive meanwhile. */
  async flush(deadline: number): Promise<void> {
    if (this.#queue.count === 0 && this.#running === undefined) return;
    const left = Math.max(0, deadline - this.#clock.now());
    const mine = { at: this.#clock.elapsed() + left };
    this.#deadlines.add(mine);
    this.#hold(true);
    let timer: ReturnType<Clock['after']> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = this.#clock.after(left, resolve);
      timer.hold(true);
    });
    await Promise.race([this.#start(), late]);
    timer?.cancel();
    this.#deadlines.delete(mine);
    if (!this.#isAwaited) this.#hold(false);
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
    this.#sending.clear();
    this.#ready.clear();
    this.#pause?.end();
    this.#giveUp(left, 'away');
    this.#options.spill?.release();
    this.#options.carrier.close();
  }

  /**
   * The page is hidden and may never be seen again: of what waits, so much is sent at once as requests may hold that outlive it, by whole traces, the
   * oldest first. What finds no room is counted and sent later, if there is a later.
   */
  hide(): void {
    const { carrier } = this.#options;
    if (this.#closed || carrier.loadNow === undefined) return;
    const segments = this.#queue.takeAll();
    for (const segment of segments) this.#sending.add(segment);
    for (const consignment of segments.length === 0 ? [] : this.#toSend(segments, carrier.loadNow(segments))) this.#ready.add(consignment);
    for (const consignment of this.#ready) {
      if (consignment.outlives?.() !== true) {
        this.#counts.noRoom += consignment.segments.length;
        continue;
      }
      this.#ready.delete(consignment);
      void this.#send(consignment).then(() => this.#settled(consignment.segments));
    }
    // A pause between two attempts may be longer than the page lives.
    this.#pause?.end();
    if (this.#ready.size > 0) void this.#start();
  }

  stats(): Readonly<Record<string, number>> {
    return {
      ...this.#counts,
      waiting: this.#queue.count + this.#sending.size,
      waitingBytes: this.#queue.bytes + bytesOf(this.#sending),
      ...this.#options.carrier.stats(),
    };
  }

  get #isAwaited(): boolean {
    return this.#deadlines.size > 0;
  }

  #start(): Promise<void> {
    this.#gathering?.cancel();
    this.#gathering = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // What came in after the last look.
      if (this.#queue.count + this.#ready.size > 0 && !this.#closed) void this.#start();
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { carrier } = this.#options;
    // What found no room when the page was hidden.
    await this.#sendAll([...this.#ready]);
    while (this.#queue.count > 0 && !this.#closed) {
      const { delivered } = this.#counts;
      const segments = this.#queue.take(carrier.loadBytes);
      for (const segment of segments) this.#sending.add(segment);
      const loaded = await carrier.load(segments, this.#isAwaited);
      if (this.#closed) return;
      await this.#sendAll(this.#toSend(segments, loaded));
      if (this.#closed) return;
      carrier.unload();
      this.#replay(this.#counts.delivered > delivered);
    }
  }

  /** Settles those of `segments` that are in no request: not sampled, nothing that was not sent before, or all of them, of which none could be made. */
  #toSend(segments: readonly EncodedSegment[], loaded: Load): readonly Consignment[] {
    if (typeof loaded === 'string') {
      this.#unsendable(segments, loaded);
      this.#settled(segments);
      return [];
    }
    const inRequests = new Set(loaded.flatMap((consignment) => consignment.segments));
    for (const segment of segments) {
      if (inRequests.has(segment)) continue;
      this.#sending.delete(segment);
      this.#counts.skipped++;
    }
    return loaded;
  }

  #settled(segments: readonly EncodedSegment[]): void {
    for (const segment of segments) this.#sending.delete(segment);
  }

  async #sendAll(consignments: readonly Consignment[]): Promise<void> {
    for (const consignment of consignments) this.#ready.add(consignment);
    for (const consignment of consignments) {
      // Unless it went when the page was hidden.
      if (!this.#ready.delete(consignment)) continue;
      await this.#send(consignment);
      if (this.#closed) return;
      this.#settled(consignment.segments);
    }
  }

  async #send(consignment: Consignment): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#counts.requests++;
      this.#posting = consignment.send();
      if (this.#isAwaited) this.#posting.hold(true);
      const answer = await this.#posting.answer;
      this.#posting = undefined;
      // Given up and counted meanwhile, which a late success cannot take back.
      if (this.#closed) return;
      const step = nextStep(answer, attempt, this.#random(), this.#clock.now());
      switch (step.kind) {
        case 'delivered':
          this.#delivered(consignment, answer as Answer);
          return;
        case 'refused': {
          const pieces = answer?.status === TOO_LARGE ? await consignment.split() : undefined;
          if (this.#closed) return;
          if (pieces === undefined) this.#refused(consignment, answer as Answer);
          else await this.#sendAll(pieces);
          return;
        }
        case 'wait':
          if (this.#isInTime(step.ms)) {
            this.#counts.retries++;
            await this.#wait(step.ms);
            if (this.#closed) return;
            continue;
          }
      }
      this.#giveUp(consignment.segments, 'away');
      return;
    }
  }

  /** No request can be made of them. What ended the worker must not end the next one: it is kept, but not sent again. */
  #unsendable(segments: readonly EncodedSegment[], why: 'unreadable' | 'crashed'): void {
    this.#counts.encode += segments.length;
    const { name, spill } = this.#options;
    const kept = spill?.keep(segments, why === 'crashed' ? 'the worker ended while it converted them' : 'they could not be converted');
    warnOnce(
      `${why}:${name}`,
      `exporter ${name} could not convert traces${why === 'crashed' ? ' (its worker ended over them)' : ''}${kept === undefined ? '' : `, which are in ${kept}`}; counted in stats()`,
    );
  }

  #delivered({ segments }: Consignment, answer: Answer): void {
    this.#counts.delivered += segments.length;
    const rejected = this.#options.rejected?.(answer);
    if (rejected === undefined) return;
    this.#counts.rejected += rejected.count;
    const { name } = this.#options;
    warnOnce(
      `rejected:${name}`,
      `the receiver of exporter ${name} did not take everything (${clip(rejected.message)}); counted in stats()`,
    );
  }

  #refused({ segments }: Consignment, { status, body: words, sent }: Answer): void {
    this.#counts.refused += segments.length;
    const { name, spill } = this.#options;
    const kept = sent && spill?.reject(sent, `HTTP ${status}\n${words}`);
    const where = kept === undefined ? '' : `; what was refused and the answer are in ${kept}`;
    warnOnce(
      `refused:${name}`,
      `the receiver of exporter ${name} refused traces with HTTP ${status} (${clip(words)})${where}; counted in stats()`,
    );
  }

  /** When all is settled, and the receiver is there: what earlier outages and processes left behind follows, a file at a time. */
  #replay(isThere: boolean): void {
    const { spill } = this.#options;
    if (this.#queue.count > 0 || spill === undefined) return;
    spill.release();
    if (!isThere) return;
    const earlier = spill.takeOldest();
    this.#counts.replayed += earlier.length;
    this.#enqueue(earlier);
  }

  #enqueue(segments: readonly EncodedSegment[]): void {
    const { spill, queueBytes } = this.#options;
    const over = this.#queue.add(segments);
    this.#giveUp(
      over.filter(({ bytes }) => bytes.length <= queueBytes),
      'dropped',
    );
    for (const segment of over) {
      if (segment.bytes.length <= queueBytes) continue;
      // Sent again from the spill it would not fit either.
      const kept = spill?.keep([segment], `${segment.bytes.length} bytes are more than queueBytes`);
      this.#counts[kept === undefined ? 'dropped' : 'spilled']++;
    }
  }

  #giveUp(segments: readonly EncodedSegment[], cause: 'away' | 'dropped'): void {
    if (segments.length === 0) return;
    const spilled = this.#options.spill?.add(segments) ?? 0;
    this.#counts.spilled += spilled;
    this.#counts[cause] += segments.length - spilled;
    const { name } = this.#options;
    if (spilled < segments.length)
      warnOnce(`away:${name}`, `exporter ${name} could not deliver all traces; the lost are counted in stats()`);
  }

  /** Whether somebody waits until then, or nobody waits at all. */
  #isInTime(ms: number): boolean {
    const at = this.#clock.elapsed() + ms;
    return !this.#isAwaited || [...this.#deadlines].some((deadline) => at <= deadline.at);
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
      if (this.#isAwaited) timer.hold(true);
    });
  }

  #hold(on: boolean): void {
    this.#posting?.hold(on);
    this.#pause?.hold(on);
  }
}

function bytesOf(segments: Iterable<EncodedSegment>): number {
  let sum = 0;
  for (const { bytes } of segments) sum += bytes.length;
  return sum;
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
