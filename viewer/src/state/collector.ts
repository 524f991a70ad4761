/** The list and the traces of the collector that served the page. */
import { rootSummary } from '@captureflow/trace';
import type { TraceSummary } from '@captureflow/trace';
import { readViewHead, SpanFlag } from '@captureflow/trace/view-file';
import type { TraceColumns, ViewHeader } from '@captureflow/trace/view-file';
import { effect } from '@preact/signals';
import { apiFetch } from './api.ts';
import { LoadedTrace } from './loaded-trace.ts';
import { reportProblem } from './state.ts';
import { filters, loading, loadMore, remoteTraces } from './trace-list.ts';
import type { ListedTrace } from './trace-list.ts';
import { toQuery } from './trace-filters.ts';

const PAGE = 200;
/** Typing in a filter asks once it pauses. */
const PAUSE_MS = 150;

interface ListAnswer {
  readonly traces: readonly TraceSummary[];
  readonly next?: string;
}

/** Keeps `remoteTraces` as the filters say, until the page is closed. */
export function followCollector(): void {
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const query = toQuery(filters.value);
    clearTimeout(timer);
    running?.abort();
    const controller = new AbortController();
    running = controller;
    timer = setTimeout(() => void readList(query, controller.signal), remoteTraces.peek().length === 0 ? 0 : PAUSE_MS);
  });
}

/** One trace of the collector, as the list has it. */
export function remoteTrace(summary: TraceSummary): ListedTrace {
  const base = `api/traces/${encodeURIComponent(summary.id)}`;
  const bytes = async (path: string): Promise<Uint8Array> => new Uint8Array(await (await apiFetch(path)).arrayBuffer());
  return {
    summary,
    load: async () =>
      new LoadedTrace(summary, readViewHead(await bytes(`${base}/head`)), {
        block: (index) => bytes(`${base}/blocks/${index}`),
        source: async (module) => {
          const query = new URLSearchParams({ trace: summary.id, module });
          return (await apiFetch(`api/sources?${query.toString()}`)).text();
        },
        exportPath: (format) => `${base}/export/${format}`,
      }),
  };
}

/** A trace that an address names and the list does not have (yet). */
export async function findRemote(id: string): Promise<ListedTrace | undefined> {
  const known = remoteTraces.value.find(({ summary }) => summary.id === id);
  if (known !== undefined) return known;
  const file = readViewHead(new Uint8Array(await (await apiFetch(`api/traces/${encodeURIComponent(id)}/head`)).arrayBuffer()));
  return remoteTrace(summaryOf(id, file.header, file.columns));
}

/** As `summarize` does it, from what a head knows. */
function summaryOf(
  id: string,
  { root, traceId, startTime, duration, process, dropped }: ViewHeader,
  { flags, parent }: TraceColumns,
): TraceSummary {
  let errors = 0;
  let errorLeft = false;
  for (let i = 0; i < flags.length; i++) {
    if (((flags[i] as number) & SpanFlag.THREW) === 0) continue;
    errors++;
    if (parent[i] === -1) errorLeft = true;
  }
  return {
    id,
    ...rootSummary(root, errorLeft, duration),
    traceId,
    startTime,
    spans: flags.length,
    errors,
    service: process.service,
    source: 'native',
    dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
  };
}

async function readList(query: URLSearchParams, signal: AbortSignal, cursor?: string): Promise<void> {
  query.set('limit', String(PAGE));
  if (cursor !== undefined) query.set('cursor', cursor);
  loading.value = 'traces';
  try {
    const answer = (await (await apiFetch(`api/traces?${query.toString()}`, { signal })).json()) as ListAnswer;
    const traces = answer.traces.map(remoteTrace);
    remoteTraces.value = cursor === undefined ? traces : [...remoteTraces.value, ...traces];
    loadMore.value = answer.next === undefined ? undefined : () => void readList(query, signal, answer.next);
  } catch (error) {
    if (!signal.aborted) reportProblem((error as Error).message);
  } finally {
    if (!signal.aborted) loading.value = undefined;
  }
}
