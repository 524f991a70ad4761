/** Facts while they are being read: where a reader's walk is, and functions that still grow. Types only, shared by every reader. */
import type { FunctionFacts, PauseFacts, ReturnFacts } from './facts.ts';

/** Where the walk is. */
export interface Place {
  readonly scope: number;
  /** -1 at file level. */
  readonly fn: number;
  /** Scope that a `var` declared here belongs to. */
  readonly varScope: number;
  readonly underFinally: boolean;
  readonly underAwait: boolean;
  readonly underWith: boolean;
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type OpenFunction = Mutable<FunctionFacts> & { returns: ReturnFacts[]; pauses: PauseFacts[] };
