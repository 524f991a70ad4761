/** The address mirrors what is shown, so that a link shows the same: what is behind `#` never leaves the browser. */
import { batch, effect } from '@preact/signals';
import { useToken } from './api.ts';
import { activeView, comparedTrace, openTrace, searchText, selectedSpan, visibleRange } from './state.ts';
import type { ViewName } from './state.ts';
import { filters } from './trace-list.ts';
import { fromQuery, toQuery } from './trace-filters.ts';

const VIEWS: readonly ViewName[] = ['chart', 'tree', 'merged', 'sandwich', 'graph', 'source', 'diff'];
/** A gesture changes the range with every frame; browsers count how often an address changes. */
const PAUSE_MS = 250;

/** What an address says, for when the trace that it names is there. */
export interface Address {
  readonly trace?: string;
  /** The trace that it is compared with. */
  readonly compared?: string;
  readonly view: ViewName;
  readonly span: number;
  readonly from: number;
  readonly to: number;
  readonly search: string;
  readonly filters: ReturnType<typeof fromQuery>;
}

export function readAddress(hash: string): Address {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const trace = query.get('trace');
  const compared = query.get('with');
  const view = query.get('view') as ViewName;
  const number = (key: string): number => (query.get(key) === null ? Number.NaN : Number(query.get(key)));
  return {
    ...(trace === null ? {} : { trace }),
    ...(compared === null ? {} : { compared }),
    view: VIEWS.includes(view) ? view : 'chart',
    span: number('span') >= 1 ? Math.floor(number('span')) - 1 : -1,
    from: number('from'),
    to: number('to'),
    search: query.get('q') ?? '',
    filters: fromQuery(query),
  };
}

/** Takes the token out of the address, which people share. */
export async function takeToken(): Promise<void> {
  const query = new URLSearchParams(location.hash.slice(1));
  const token = query.get('token') ?? undefined;
  query.delete('token');
  if (token !== undefined) replace(query.toString());
  await useToken(token);
}

/** Shows of the open trace what the address says. */
export function applyAddress(address: Address): void {
  const trace = openTrace.peek();
  batch(() => {
    activeView.value = address.view;
    searchText.value = address.search;
    filters.value = address.filters;
    if (trace === undefined) return;
    selectedSpan.value = address.span < trace.columns.count ? address.span : -1;
    visibleRange.value = address.to > address.from ? { from: address.from, to: address.to } : trace.extent;
  });
}

/** Keeps the address as the signals say. A new trace or view is a step back for the browser's button, all else is not. */
export function followState(): void {
  let step = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const query = writeAddress();
    const now = `${query.get('trace') ?? ''} ${query.get('view') ?? ''}`;
    clearTimeout(timer);
    const text = query.toString();
    if (now === step) timer = setTimeout(() => replace(text), PAUSE_MS);
    else if (step === '') replace(text);
    else if (location.hash.slice(1) !== text) history.pushState(null, '', `#${text}`);
    step = now;
  });
}

/** Address of what is shown at this moment, without the token: the bar of the browser follows a little later. */
export function presentLink(): string {
  return `${location.href.split('#')[0] ?? ''}#${writeAddress().toString()}`;
}

function writeAddress(): URLSearchParams {
  const query = toQuery(filters.value);
  const trace = openTrace.value;
  if (searchText.value !== '') query.set('q', searchText.value);
  if (trace === undefined) return query;
  query.set('trace', trace.summary.id);
  query.set('view', activeView.value);
  if (activeView.value === 'diff' && comparedTrace.value !== undefined) query.set('with', comparedTrace.value.summary.id);
  if (selectedSpan.value >= 0) query.set('span', String(selectedSpan.value + 1));
  const { from, to } = visibleRange.value;
  if (from !== trace.extent.from || to !== trace.extent.to) {
    query.set('from', shortTime(from));
    query.set('to', shortTime(to));
  }
  return query;
}

/** Nanoseconds are finer than anything that can be seen. */
function shortTime(ms: number): string {
  return String(Math.round(ms * 1e6) / 1e6);
}

function replace(text: string): void {
  if (location.hash.slice(1) !== text) history.replaceState(null, '', text === '' ? location.pathname + location.search : `#${text}`);
}
