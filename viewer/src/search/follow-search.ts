/** Keeps `matches` as `searchText` says: functions at once, then values block by block, so that the page stays quick and shows what it has. */
import { effect, signal, type Signal } from '@preact/signals';
import type { LoadedTrace } from '../state/loaded-trace.ts';
import { matches, openTrace, searchText } from '../state/state.ts';
import { detailsHave, findByFunction, fits } from './find-spans.ts';
import { parseQuery } from './search-query.ts';

export interface SearchProgress {
  /** Share of the values that were looked through; 1: all. */
  readonly done: number;
  /** Spans whose values could not be read. */
  readonly unread: number;
}

export const searchProgress: Signal<SearchProgress> = signal({ done: 1, unread: 0 });

/** Typing asks once it pauses. */
const PAUSE_MS = 120;
/** Shorter texts are in nearly every value. */
const SHORTEST = 2;
/** ms between two looks at what was found so far; a look at very many takes its time, and may take this share of the whole. */
const SHOW_MS = 100;
const SHOW_SHARE = 0.2;

/** Returns what ends it. */
export function followSearch(): () => void {
  let run = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const trace = openTrace.value;
    const text = searchText.value;
    const mine = ++run;
    clearTimeout(timer);
    if (trace === undefined || text.trim() === '') {
      matches.value = new Uint32Array();
      searchProgress.value = { done: 1, unread: 0 };
      return;
    }
    timer = setTimeout(() => void search(trace, text, () => run === mine), PAUSE_MS);
  });
  return () => {
    run++;
    clearTimeout(timer);
    stop();
  };
}

async function search(trace: LoadedTrace, text: string, isWanted: () => boolean): Promise<void> {
  const { columns, header } = trace;
  const query = parseQuery(text);
  const byFunction = findByFunction(columns, header.functions, query);
  matches.value = byFunction;
  if (query.text.length < SHORTEST) {
    searchProgress.value = { done: 1, unread: 0 };
    return;
  }
  const isFound = new Uint8Array(columns.count);
  for (const span of byFunction) isFound[span] = 1;
  let turned = performance.now();
  let shown = turned;
  let pause = SHOW_MS;
  let found = byFunction.length;
  let unread = 0;
  const size = header.blockSize;
  searchProgress.value = { done: 0, unread };
  let number = 0;
  for await (const block of trace.allBlocks()) {
    if (!isWanted()) return;
    const from = number++ * size;
    if (block instanceof Error) unread += Math.min(size, columns.count - from);
    else {
      block.forEach((details, index) => {
        const span = from + index;
        if (span >= columns.count || isFound[span] === 1 || !fits(columns, span, query) || !detailsHave(details, query.text)) return;
        isFound[span] = 1;
        found++;
      });
    }
    const now = performance.now();
    if (now - turned < SHOW_MS) continue;
    if (now - shown > pause) {
      matches.value = spansOf(isFound, found);
      searchProgress.value = { done: number / trace.blockCount, unread };
    }
    // A turn for drawing and keys: promises alone would not let them in.
    await new Promise((resolve) => setTimeout(resolve));
    if (!isWanted()) return;
    turned = performance.now();
    if (now - shown <= pause) continue;
    pause = Math.max(SHOW_MS, (turned - now) / SHOW_SHARE);
    shown = turned;
  }
  if (found > byFunction.length) matches.value = spansOf(isFound, found);
  searchProgress.value = { done: 1, unread };
}

function spansOf(isFound: Uint8Array, count: number): Uint32Array {
  const spans = new Uint32Array(count);
  let at = 0;
  for (let span = 0; span < isFound.length; span++) if (isFound[span] === 1) spans[at++] = span;
  return spans;
}
