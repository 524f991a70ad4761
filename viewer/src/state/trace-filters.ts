/** What the list is narrowed to: the same fields as the collector's query, here for traces that are in the page. */
import type { TraceSummary } from '@captureflow/trace';

export interface TraceFilters {
  /** Every word must be in name, route, service or id; the collector looks into arguments, too. */
  readonly text: string;
  readonly kind: string;
  /** `2xx`, `5xx` or one code. */
  readonly status: string;
  readonly error: boolean;
  /** ms; '' none. */
  readonly minDuration: string;
}

export const emptyFilters: TraceFilters = { text: '', kind: '', status: '', error: false, minDuration: '' };

export function matchesFilters(summary: TraceSummary, filters: TraceFilters): boolean {
  if (filters.error && summary.outcome !== 'error') return false;
  if (filters.kind !== '' && summary.kind !== filters.kind) return false;
  if (filters.minDuration !== '' && !((summary.duration ?? Number.POSITIVE_INFINITY) >= Number(filters.minDuration))) return false;
  if (filters.status !== '' && !matchesStatus(summary.status, filters.status)) return false;
  const words = filters.text.toLowerCase().split(/\s+/);
  const text = `${summary.name} ${summary.route ?? ''} ${summary.service} ${summary.traceId}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function matchesStatus(status: number | undefined, wanted: string): boolean {
  return status !== undefined && (wanted.endsWith('xx') ? String(status)[0] === wanted[0] : String(status) === wanted);
}

/** As the collector's query; only what is set. */
export function toQuery(filters: TraceFilters): URLSearchParams {
  const query = new URLSearchParams();
  if (filters.text.trim() !== '') query.set('text', filters.text.trim());
  if (filters.kind !== '') query.set('kind', filters.kind);
  if (filters.status !== '') query.set('status', filters.status);
  if (filters.error) query.set('error', '1');
  if (filters.minDuration !== '') query.set('minDuration', filters.minDuration);
  return query;
}

/** The other way of `toQuery`. */
export function fromQuery(query: URLSearchParams): TraceFilters {
  const text = (key: string): string => query.get(key) ?? '';
  return { text: text('text'), kind: text('kind'), status: text('status'), error: text('error') === '1', minDuration: text('minDuration') };
}
