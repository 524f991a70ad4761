/** The recorder's cold state: what it was told, its roots and its counters. One object a realm. */
import { ChunkPool } from './chunk.ts';
import { performanceNow, performanceOrigin } from './primordials.ts';
import { DEFAULT_LIMITS } from './recorder-config.ts';
import type { CaptureLimits, RecorderConfig } from './recorder-config.ts';
import { RootTable } from './root.ts';
import type { RootRecord } from './root.ts';

/** Losses that no single root can be told about, and their sums. */
export interface DropCounters {
  staleToken: number;
  tableFull: number;
  poolFull: number;
  ring: number;
  listener: number;
  reentered: number;
  capture: number;
  stackOverflow: number;
  /** Throws and wrong answers of the program's own rules for what is hidden. */
  redaction: number;
}

export interface RecorderState {
  started: boolean;
  /** User code may run now (a custom redaction, a listener): probes do nothing (H46). */
  busy: boolean;
  /** Nobody enters: exporters work, or the recording ends. */
  quiet: boolean;
  session: number;
  config: RecorderConfig | undefined;
  limits: CaptureLimits;
  precise: boolean;
  now: () => number;
  readonly pool: ChunkPool;
  readonly roots: RootTable;
  /** The root of work that belongs to no other. */
  implicit: RootRecord | undefined;
  implicitOpened: number;
  startTime: number;
  /** Unix ms of clock value 0. */
  timeOrigin: number;
  maxChunksPerRoot: number;
  readonly dropped: DropCounters;
  spansHandedOver: number;
  eventsHandedOver: number;
  rootsOpened: number;
  segmentsKept: number;
  segmentsDropped: number;
}

export const state: RecorderState = {
  started: false,
  busy: false,
  quiet: false,
  session: 0,
  config: undefined,
  limits: DEFAULT_LIMITS,
  precise: false,
  now: performanceNow,
  pool: new ChunkPool(),
  roots: new RootTable(),
  implicit: undefined,
  implicitOpened: 0,
  startTime: 0,
  timeOrigin: performanceOrigin,
  maxChunksPerRoot: 4,
  dropped: { staleToken: 0, tableFull: 0, poolFull: 0, ring: 0, listener: 0, reentered: 0, capture: 0, stackOverflow: 0, redaction: 0 },
  spansHandedOver: 0,
  eventsHandedOver: 0,
  rootsOpened: 0,
  segmentsKept: 0,
  segmentsDropped: 0,
};
