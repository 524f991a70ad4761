/** New traces come into the list as the collector gets them, and leave it when they are gone. Asks again when the collector went away. */
import type { TraceSummary } from '@captureflow/trace';
import { signal, type Signal } from '@preact/signals';
import { apiFetch } from './api.ts';
import { remoteTrace } from './collector.ts';
import { readEvents } from './event-stream.ts';
import { reportProblem } from './state.ts';
import { matchesFilters } from './trace-filters.ts';
import { filters, remoteTraces } from './trace-list.ts';

export type LiveState = 'off' | 'on' | 'away';

export const liveState: Signal<LiveState> = signal('off');
/** While true, what comes is counted in `waitingTraces` only, so that the list stands still. */
export const livePaused: Signal<boolean> = signal(false);
export const waitingTraces: Signal<readonly TraceSummary[]> = signal([]);

/** Of a file that `captureflow view` reads. */
interface LiveProblem {
  readonly file: string;
  readonly message: string;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

export function followLive(): void {
  void follow();
}

/** Shows what came while the list stood still. */
export function resumeLive(): void {
  livePaused.value = false;
  const waiting = waitingTraces.value;
  waitingTraces.value = [];
  for (const summary of waiting) show(summary);
}

async function follow(): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const { body } = await apiFetch('api/live');
      if (body === null) return;
      liveState.value = 'on';
      pause = FIRST_PAUSE_MS;
      for await (const { event, data } of readEvents(body)) take(event, data);
    } catch {
      // Said by `liveState`; the list itself says what is wrong with the collector.
    }
    liveState.value = 'away';
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function take(event: string, data: string): void {
  if (event === 'gone') {
    const { id } = JSON.parse(data) as { readonly id: string };
    remoteTraces.value = remoteTraces.value.filter(({ summary }) => summary.id !== id);
    waitingTraces.value = waitingTraces.value.filter((summary) => summary.id !== id);
  } else if (event === 'skipped') {
    // More came than a page is told of: the list is asked for as when a filter changes.
    filters.value = { ...filters.value };
  } else if (event === 'problems') {
    for (const { file, message } of (JSON.parse(data) as { readonly problems: readonly LiveProblem[] }).problems)
      reportProblem(`${file}: ${message}`);
  } else if (event === 'trace') {
    const summary = JSON.parse(data) as TraceSummary;
    if (livePaused.value) waitingTraces.value = [summary, ...waitingTraces.value.filter(({ id }) => id !== summary.id)];
    else show(summary);
  }
}

function show(summary: TraceSummary): void {
  if (!matchesFilters(summary, filters.value)) return;
  const others = remoteTraces.value.filter((trace) => trace.summary.id !== summary.id);
  const at = others.findIndex((trace) => trace.summary.startTime <= summary.startTime);
  remoteTraces.value = others.toSpliced(at < 0 ? others.length : at, 0, remoteTrace(summary));
}
