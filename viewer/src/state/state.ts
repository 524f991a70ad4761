/** What the page shows: the signals that every view reads and writes. The address mirrors them (`address.ts`). */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { LoadedTrace } from './loaded-trace.ts';

export type ViewName = 'chart' | 'tree' | 'merged' | 'sandwich' | 'graph' | 'source' | 'diff';

export interface TimeRange {
  /** ms since the trace's start. */
  readonly from: number;
  readonly to: number;
}

export const openTrace: Signal<LoadedTrace | undefined> = signal(undefined);
/** Index of a span; -1: none. */
export const selectedSpan: Signal<number> = signal(-1);
export const visibleRange: Signal<TimeRange> = signal({ from: 0, to: 1 });
export const activeView: Signal<ViewName> = signal('chart');
export const searchText: Signal<string> = signal('');
/** Spans that the search found, ascending. */
export const matches: Signal<Uint32Array> = signal(new Uint32Array());
export const comparedTrace: Signal<LoadedTrace | undefined> = signal(undefined);

export interface Problem {
  /** What happened, where, what to do. */
  readonly text: string;
}

/** Shown above everything until somebody dismisses them. */
export const problems: Signal<readonly Problem[]> = signal([]);

const NOTICE_MS = 5000;
/** Stands in the bar for a moment. */
export const notice: Signal<string> = signal('');

export function say(text: string): void {
  notice.value = text;
  setTimeout(() => {
    if (notice.value === text) notice.value = '';
  }, NOTICE_MS);
}

export function reportProblem(text: string): void {
  if (!problems.value.some((problem) => problem.text === text)) problems.value = [...problems.value, { text }];
}

/** Makes `trace` the one that is shown, from its start to its end. */
export function showTrace(trace: LoadedTrace | undefined): void {
  selectedSpan.value = -1;
  matches.value = new Uint32Array();
  if (trace !== undefined) visibleRange.value = trace.extent;
  openTrace.value = trace;
}
