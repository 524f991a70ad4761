/** What the public entry offers, as one type: the first copy of the runtime implements it, later copies pass it on. */
import type { Trace } from '@captureflow/trace';
import type { CapturedTree } from './capture-tree.ts';
import type { FrameworkRoutes } from './framework-routes.ts';
import type { GovernorStats } from './governed-functions.ts';
import type { StartOptions } from './options.ts';
import type { RecorderStats, Root, RootMeta } from './recorder-config.ts';
import type { TraceFunction } from './trace-wrapper.ts';
import type { ParentContext, TraceCarrier } from './traceparent.ts';

/** `kind` defaults to 'run'. */
export type RunRootMeta = Omit<RootMeta, 'kind'> &
  Partial<Pick<RootMeta, 'kind'>> & {
    /** What `traceCarrier()` gave where the work was asked for: a job's data, a message's headers. Anything else in it is ignored, so is what is malformed. */
    readonly carrier?: TraceCarrier | undefined;
  };

export interface ExporterStats {
  readonly name: string;
  /** Segments handed to `export`. */
  readonly segments: number;
  /** Throws and rejections of `export`, `flush` and `shutdown`. */
  readonly errors: number;
  /** What the exporter says about itself. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface RuntimeStats extends RecorderStats {
  /** Why nothing is recorded, or undefined while something is. */
  readonly offBecause: string | undefined;
  readonly exporters: readonly ExporterStats[];
  /** Parts of roots that were kept, by reason, and that were not, by cause. */
  readonly roots: { readonly kept: Readonly<Record<string, number>>; readonly dropped: Readonly<Record<string, number>> };
  /** Undefined with `budget: 1` and while nothing is recorded. */
  readonly governor: GovernorStats | undefined;
  /** Segments that could not be encoded. */
  readonly encodeErrors: number;
  /** Throws of `onTrace` listeners. */
  readonly listenerErrors: number;
}

export interface RuntimeApi extends FrameworkRoutes {
  start(options?: StartOptions): void;
  stop(deadlineMs?: number): Promise<void>;
  flush(deadlineMs?: number): Promise<void>;
  stats(): RuntimeStats;
  runRoot<T>(meta: string | RunRootMeta, fn: (root: Root | undefined) => T): T;
  beginRoot(meta: string | RunRootMeta): (error?: unknown) => void;
  readonly trace: TraceFunction;
  annotate(data: unknown): void;
  keep(): void;
  onTrace(listener: (trace: Trace) => void): () => void;
  currentTrace(): Root | undefined;
  traceCarrier(): TraceCarrier;
  traceEnv(): { readonly TRACEPARENT?: string; readonly TRACESTATE?: string };
  captureTree<T>(fn: () => T): Promise<CapturedTree<T>>;
  /**
   * Another tracer in the program: `active` says under what roots that are opened now hang. Undefined takes it away. Answers with what tells that a request
   * hangs under a span of the other's. Not public.
   */
  bridge(active: (() => ParentContext | undefined) | undefined): (parent: ParentContext) => void;
  /** Starts by the environment, once, unless `start` or `stop` was called before. Not public. */
  autostart(): void;
}
