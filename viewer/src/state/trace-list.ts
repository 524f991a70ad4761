/** The traces that can be opened: those in the page, those dropped onto it, those the collector lists. */
import type { TraceSummary } from '@captureflow/trace';
import { computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { LoadedTrace } from './loaded-trace.ts';
import { emptyFilters, matchesFilters } from './trace-filters.ts';
import type { TraceFilters } from './trace-filters.ts';
import { comparedTrace, openTrace, reportProblem, showTrace } from './state.ts';

export interface ListedTrace {
  readonly summary: TraceSummary;
  load(): Promise<LoadedTrace>;
}

export const filters: Signal<TraceFilters> = signal(emptyFilters);
/** In the page, or dropped onto it. */
export const localTraces: Signal<readonly ListedTrace[]> = signal([]);
/** What the collector found for the filters, newest first. */
export const remoteTraces: Signal<readonly ListedTrace[]> = signal([]);
/** There are more than `remoteTraces` has; asks for them. */
export const loadMore: Signal<(() => void) | undefined> = signal(undefined);
/** A list or a trace is on its way. */
export const loading: Signal<string | undefined> = signal(undefined);

/** What the list shows, newest first. */
export const listedTraces: ReadonlySignal<readonly ListedTrace[]> = computed(() => {
  const local = localTraces.value.filter(({ summary }) => matchesFilters(summary, filters.value));
  if (local.length === 0) return remoteTraces.value;
  return [...local, ...remoteTraces.value].sort((a, b) => b.summary.startTime - a.summary.startTime);
});

/** Only the last trace that was asked for is shown. */
let asked = 0;

/** Opens a trace of the list; says so when it cannot. */
export async function openListed(trace: ListedTrace): Promise<void> {
  const mine = ++asked;
  loading.value = trace.summary.name;
  try {
    const loaded = await trace.load();
    if (mine === asked) showTrace(loaded);
  } catch (error) {
    if (mine === asked) reportProblem(`${trace.summary.name} could not be opened: ${(error as Error).message}`);
  } finally {
    if (mine === asked) loading.value = undefined;
  }
}

/** Makes a trace of the list the one that the open trace is compared with; says so when it cannot. */
export async function compareListed(trace: ListedTrace): Promise<void> {
  try {
    comparedTrace.value = await trace.load();
  } catch (error) {
    reportProblem(`${trace.summary.name} could not be opened: ${(error as Error).message}`);
  }
}

/** Back to the list. */
export function closeTrace(): void {
  asked++;
  loading.value = undefined;
  showTrace(undefined);
}

/** The trace `step` places further in the list than the open one; undefined at the ends. */
export function neighbourTrace(step: number): ListedTrace | undefined {
  const list = listedTraces.value;
  const at = list.findIndex(({ summary }) => summary.id === openTrace.value?.summary.id);
  return at < 0 ? undefined : list[at + step];
}
