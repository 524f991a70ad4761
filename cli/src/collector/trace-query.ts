/** What may be asked of a list of traces: from the URL, checked, and as SQL. */
import { matchOf } from './search-text.ts';
import type { SQLiteValue } from './sql.ts';

export interface TraceQuery {
  readonly text?: string;
  /** Part of the name, of the route; case does not matter. */
  readonly name?: string;
  readonly route?: string;
  /** A status, `404`, or a class of them, `5xx`. */
  readonly status?: string;
  /** True: something threw. */
  readonly error?: boolean;
  /** ms. */
  readonly minDuration?: number;
  readonly kind?: string;
  /** Unix ms of the start: from, and before. */
  readonly after?: number;
  readonly before?: number;
  /** Default 50, at most 1,000. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

const DEFAULT_LIMIT = 50;
const MOST = 1000;

/** @returns the query, or what is wrong with it, for the answer. */
export function readQuery(parameters: URLSearchParams): TraceQuery | string {
  const query: Record<string, string | number | boolean> = {};
  for (const key of ['text', 'name', 'route', 'kind'] as const) {
    const value = parameters.get(key);
    if (value !== null && value !== '') query[key] = value.slice(0, 1000);
  }
  for (const key of ['minDuration', 'after', 'before', 'limit'] as const) {
    const value = parameters.get(key);
    if (value === null || value === '') continue;
    const number = Number(value);
    if (!Number.isFinite(number)) return `${key} must be a number`;
    query[key] = number;
  }
  const status = parameters.get('status') ?? '';
  if (status !== '' && !/^[1-9](\d\d|xx)$/i.test(status)) return 'status must be three digits, or a digit and xx';
  if (status !== '') query['status'] = status.toLowerCase();
  const error = parameters.get('error');
  if (error !== null && error !== '') query['error'] = error === '1' || error === 'true';
  const cursor = parameters.get('cursor');
  if (cursor !== null && cursor !== '') {
    if (!/^\d{1,16}$/.test(cursor)) return 'cursor must be what the page before said';
    query['cursor'] = cursor;
  }
  return query as TraceQuery;
}

export interface ListStatement {
  readonly sql: string;
  readonly values: readonly SQLiteValue[];
  readonly limit: number;
}

/** Rows that are worth being looked for in the search index by their numbers. */
export const FEW = 2000;

/**
 * Of a search with filters that the index knows nothing of: the ids of rows that pass these, `FEW` and one at most. Where they are few, the list is made of
 * them alone: a word of every trace would otherwise be looked up row by row (140 ms among 100,000).
 */
export function fewStatement({ text, error: _, status: __, ...filters }: TraceQuery): ListStatement | undefined {
  const { name, route, minDuration, kind, after, before } = filters;
  if (text === undefined || [name, route, minDuration, kind, after, before].every((filter) => filter === undefined)) return undefined;
  const statement = listStatement(filters);
  return statement && { ...statement, sql: statement.sql.replace('t.*', 't.id').replace(/LIMIT \d+$/, `LIMIT ${FEW + 1}`), limit: FEW };
}

/** One row more than `limit` is asked for: it tells whether there is another page. `few`: only these ids. Undefined: nothing can match. */
export function listStatement(query: TraceQuery, few?: readonly number[]): ListStatement | undefined {
  const where: string[] = [];
  const values: SQLiteValue[] = [];
  const also = (condition: string, ...bound: SQLiteValue[]): void => {
    where.push(condition);
    values.push(...bound);
  };
  const { text, name, route, status, error, minDuration, kind, after, before, cursor } = query;
  let from = 'traces t';
  let order = 't.id';
  if (text !== undefined) {
    const match = matchOf(text);
    if (match === undefined) return undefined;
    const facets = facetsOf(query);
    from = 'texts f JOIN traces t ON t.id = f.rowid';
    order = 'f.rowid';
    also('texts MATCH ?', `said : (${match})${facets === '' ? '' : ` AND facets : (${facets})`}`);
  }
  // The plus keeps the index from being asked once for each of them.
  if (few !== undefined) also(`+${order} IN (SELECT value FROM json_each(?))`, JSON.stringify(few));
  if (cursor !== undefined) also(`${order} < ?`, Number(cursor));
  if (name !== undefined) also("t.name LIKE ? ESCAPE '\\'", like(name));
  if (route !== undefined) also("t.route LIKE ? ESCAPE '\\'", like(route));
  if (status?.endsWith('xx')) also('t.status BETWEEN ? AND ?', Number(status[0]) * 100, Number(status[0]) * 100 + 99);
  else if (status !== undefined) also('t.status = ?', Number(status));
  if (error !== undefined) also(error ? "(t.errors > 0 OR t.outcome = 'error')" : "(t.errors = 0 AND t.outcome <> 'error')");
  if (minDuration !== undefined) also('t.duration >= ?', minDuration);
  if (kind !== undefined) also('t.kind = ?', kind);
  if (after !== undefined) also('t.start >= ?', after);
  if (before !== undefined) also('t.start < ?', before);
  const limit = Math.min(MOST, Math.max(1, Math.floor(query.limit ?? DEFAULT_LIMIT)));
  const sql = `SELECT t.* FROM ${from}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`} ORDER BY ${order} DESC LIMIT ${limit + 1}`;
  return { sql, values, limit };
}

/**
 * Filters that the search index knows, too: a word that stands in every trace together with one of these would otherwise be looked up trace by trace
 * (100,000 of them: 115 ms instead of 1).
 */
export function facetsOf({ error, status }: Pick<TraceQuery, 'error' | 'status'>): string {
  const facets: string[] = [];
  if (error === true) facets.push('failed');
  if (status !== undefined) facets.push(`s${status}`);
  return facets.join(' AND ');
}

/** What is indexed for `facetsOf`. */
export function facetsIn(failed: boolean, status: number | undefined): string {
  return `${failed ? 'failed ' : ''}${status === undefined ? '' : `s${status} s${Math.floor(status / 100)}xx`}`;
}

function like(part: string): string {
  return `%${part.replace(/[\\%_]/g, '\\$&')}%`;
}
