/**
 * Takes kept segments from the recorder, encodes them at once (their chunks are lent; those of large ones are borrowed, and encoded piece by piece) and hands them to the exporters in
 * batches: at the end of the turn of the event loop, or at once when much has gathered. Nothing thrown here or in an exporter
 * reaches the program. Must not know any exporter by name.
 */
import { redactRepeated, SegmentEncoder } from '@captureflow/trace';
import type { Segment } from '@captureflow/trace/segment';
import type { EncodedSegment, Exporter } from './exporter.ts';
import { countWork, ENCODING, EXPORT } from './cost-meter.ts';
import { afterMs, laterTurn, performanceNow } from './primordials.ts';
import type { Borrow, RootSummary } from './recorder-config.ts';
import type { ExporterStats } from './runtime-api.ts';
import { warnOnce } from './warn.ts';

/** Queued bytes that are not left to wait for the end of the turn. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * How long after a delivery the next one waits where all exporters are patient, in ms. Writing each small trace by itself took 9 us of a request of 350, and what a SIGKILL
 * takes is what waits.
 */
const PATIENCE_MS = 10;

/** Encoded at once; of a segment that weighs more the rest comes in such pieces, one a turn of the event loop (some 2 ms each). */
const PIECE = 100_000;

/** What a synchronous hand-over may take at most, by the clock. Exporters that wait are asked to keep to it. */
const DEFAULT_DEADLINE_MS = 2000;

/** A segment that is being encoded: what it will be queued as, and the way to give its chunks back. */
interface Unfinished {
  readonly encoder: SegmentEncoder;
  readonly about: Omit<EncodedSegment, 'bytes'>;
  readonly giveBack: () => void;
}

/** What is hidden in texts before anything leaves the recorder's memory. */
export interface TextRules {
  /** Secrets that the built-in rules know. */
  readonly redact: boolean;
  /** Names of attributes of which the value is hidden. Default: the built-in ones, where `redact` is set. */
  readonly hidesName?: (name: string) => boolean;
  /** The program's own rule, asked for at each segment: it belongs to the recording that is under way. Never throws. */
  readonly own?: () => ((text: string) => string) | undefined;
}

interface Outlet {
  readonly exporter: Exporter;
  segments: number;
  errors: number;
  readonly pending: Set<Promise<void>>;
}

// Kept from load time: fake timers replace the globals (H97).
const {
  setTimeout: timeout,
  Date: { now },
} = globalThis;

export class Delivery {
  encodeErrors: number = 0;
  /** Segments so far. */
  accepted: number = 0;
  readonly #outlets: readonly Outlet[];
  readonly #quietly: (work: () => void) => void;
  readonly #rules: TextRules;
  #queue: EncodedSegment[] = [];
  #queuedBytes: number = 0;
  #scheduled: boolean = false;
  readonly #patience: number;
  #delivered: number = Number.NEGATIVE_INFINITY;
  readonly #unfinished: Unfinished[] = [];
  #encodingScheduled: boolean = false;

  /**
   * `quietly` runs its argument with recording paused: exporters and listeners may be instrumented code.
   */
  constructor(exporters: readonly Exporter[], quietly: (work: () => void) => void, rules: TextRules = { redact: true }) {
    this.#outlets = exporters.map((exporter) => ({ exporter, segments: 0, errors: 0, pending: new Set<Promise<void>>() }));
    this.#patience = exporters.every(({ patient }) => patient === true) ? PATIENCE_MS : 0;
    this.#quietly = quietly;
    this.#rules = rules;
  }

  accept(segment: Segment, summary: RootSummary, borrow?: Borrow): void {
    const { header } = segment;
    // An implicit root in which nothing instrumented ran tells nothing.
    if (summary.spans === 0 && (header.root.kind === 'script' || header.root.kind === 'task') && segment.chunks.length === 0) return;
    this.accepted++;
    const about = {
      traceId: header.traceId,
      part: header.part,
      kind: header.root.kind,
      name: this.#clean(header.root.name),
      ended: summary.ended,
    };
    try {
      const own = this.#rules.own?.();
      const { redact, hidesName } = this.#rules;
      const encoder = new SegmentEncoder(segment, {
        redact,
        ...(hidesName === undefined ? {} : { hidesName }),
        ...(own === undefined ? {} : { redactText: own }),
      });
      if (encoder.step(borrow === undefined ? Number.POSITIVE_INFINITY : PIECE)) {
        this.#enqueue({ ...about, bytes: encoder.result() });
      } else if (borrow !== undefined) {
        this.#unfinished.push({ encoder, about, giveBack: borrow() });
        this.#scheduleEncoding();
      }
    } catch {
      this.encodeErrors++;
    }
  }

  #clean(text: string): string {
    const clean = this.#rules.redact ? redactRepeated(text) : text;
    return this.#rules.own?.()?.(clean) ?? clean;
  }

  #enqueue(segment: EncodedSegment): void {
    this.#queue.push(segment);
    this.#queuedBytes += segment.bytes.length;
    if (this.#queuedBytes >= BATCH_BYTES) this.deliver();
    else this.#schedule();
  }

  /** Encodes a piece of weight `most` of the segment that has waited longest. */
  #encodePiece(most: number): void {
    const first = this.#unfinished[0];
    if (first === undefined) return;
    const { encoder, about, giveBack } = first;
    let bytes: Uint8Array | undefined;
    try {
      if (!encoder.step(most)) return;
      bytes = encoder.result();
    } catch {
      this.encodeErrors++;
    }
    this.#unfinished.shift();
    giveBack();
    if (bytes !== undefined) this.#enqueue({ ...about, bytes });
  }

  #scheduleEncoding(): void {
    if (this.#encodingScheduled) return;
    this.#encodingScheduled = true;
    // Unreferenced, as delivery is: an exit encodes the rest at once.
    laterTurn(() => {
      this.#encodingScheduled = false;
      countWork(ENCODING, () => this.#quietly(() => this.#encodePiece(PIECE)));
      if (this.#unfinished.length > 0) this.#scheduleEncoding();
    });
  }

  /** Hands over what is queued, now. Exporters that return promises go on by themselves. */
  deliver(deadline: number = now() + DEFAULT_DEADLINE_MS): void {
    if (this.#queue.length === 0) return;
    const segments = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#delivered = performanceNow();
    countWork(EXPORT, () =>
      this.#each((outlet) => {
        outlet.segments += segments.length;
        return outlet.exporter.export({ segments }, deadline);
      }),
    );
  }

  /** Delivers and waits for what exporters promised, up to `deadlineMs`. Its synchronous part is all that exporters do synchronously. */
  flush(deadlineMs: number = DEFAULT_DEADLINE_MS): Promise<void> {
    const deadline = now() + deadlineMs;
    this.#deliverAll(deadline);
    this.#each((outlet) => outlet.exporter.flush(deadline));
    return this.#settled(deadlineMs);
  }

  /** The page is hidden: what exporters can send at once, they send. Synchronous. */
  hide(): void {
    this.#deliverAll(now() + DEFAULT_DEADLINE_MS);
    this.#each((outlet) => outlet.exporter.hide?.());
  }

  #deliverAll(deadline: number): void {
    while (this.#unfinished.length > 0) this.#encodePiece(Number.POSITIVE_INFINITY);
    this.deliver(deadline);
  }

  /** After a `flush`, at the end of the process: synchronous. */
  exit(): void {
    this.#each((outlet) => outlet.exporter.exit?.());
  }

  /** Delivers, flushes and shuts the exporters down. */
  async shutdown(deadlineMs: number = DEFAULT_DEADLINE_MS): Promise<void> {
    const began = performanceNow();
    const flushed = this.flush(deadlineMs);
    // Exporters that work synchronously are done before the first await: a `stop()` that nobody awaits closes their files.
    const waits = this.#outlets.some((outlet) => outlet.pending.size > 0);
    if (waits) await flushed;
    // The clock may have been set meanwhile.
    const left = Math.max(0, deadlineMs - (performanceNow() - began));
    const deadline = now() + left;
    this.#each((outlet) => outlet.exporter.shutdown(deadline));
    await this.#settled(left);
  }

  stats(): readonly ExporterStats[] {
    return this.#outlets.map(({ exporter, segments, errors }) => ({ name: exporter.name, segments, errors, counts: readCounts(exporter) }));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const work = (): void => {
      this.#scheduled = false;
      this.deliver();
    };
    // Waiting traces never keep the process alive; the exit hands them over.
    const wait = this.#delivered + this.#patience - performanceNow();
    if (wait > 0) afterMs(wait, work);
    else laterTurn(work);
  }

  #each(work: (outlet: Outlet) => void | Promise<void>): void {
    this.#quietly(() => {
      for (const outlet of this.#outlets) {
        try {
          const promise = work(outlet);
          if (promise === undefined) continue;
          const done: Promise<void> = promise.then(
            () => void outlet.pending.delete(done),
            (error: unknown) => {
              outlet.pending.delete(done);
              fail(outlet, error);
            },
          );
          outlet.pending.add(done);
        } catch (error) {
          fail(outlet, error);
        }
      }
    });
  }

  #settled(deadlineMs: number): Promise<void> {
    const pending = this.#outlets.flatMap((outlet) => [...outlet.pending]);
    if (pending.length === 0) return Promise.resolve();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = timeout(resolve, deadlineMs);
      (timer as { unref?: () => void }).unref?.();
    });
    return Promise.race([Promise.all(pending).then(() => undefined), late]).finally(() => clearTimeout(timer));
  }
}

function fail(outlet: Outlet, error: unknown): void {
  outlet.errors++;
  warnOnce(
    `exporter:${outlet.exporter.name}`,
    `exporter ${outlet.exporter.name} failed (${describe(error)}); the program goes on, its errors are counted in stats()`,
  );
}

function readCounts(exporter: Exporter): Readonly<Record<string, number>> {
  try {
    return exporter.stats?.() ?? {};
  } catch {
    return {};
  }
}

function describe(error: unknown): string {
  try {
    return error instanceof Error ? error.message : typeof error;
  } catch {
    return 'unknown error';
  }
}
