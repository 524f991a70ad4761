/**
 * Traces in one SQLite file: bodies of requests as they came, a row and an entry of the search index a trace. Synchronous: it belongs into a thread of its own
 * (`store-service.ts`). Must not know what a request or a page is.
 */
import type { TraceSource, TraceSummary } from '@captureflow/trace';
import { Addition } from './addition.ts';
import type { Delivery } from './delivery.ts';
import { eraseTrace } from './erase-trace.ts';
import { parsePlaces, storedAt } from './part-places.ts';
import type { Place } from './part-places.ts';
import { Sql } from './sql.ts';
import type { Row } from './sql.ts';
import { openDatabase } from './store-schema.ts';
import type { StoredTrace } from './stored-trace.ts';
import { FEW, fewStatement, listStatement } from './trace-query.ts';
import type { TraceQuery } from './trace-query.ts';
import { summaryOf, TraceRows } from './trace-rows.ts';

/** For those who show the list. */
export interface Changes {
  readonly traces: readonly TraceSummary[];
  /** Of these the ids of those that were there before. */
  readonly again: readonly string[];
  readonly gone: readonly string[];
}

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Cursor of the next page; undefined: this is the last. */
  readonly next?: string;
}

export interface Retention {
  /** ms since a trace arrived. */
  readonly maxAge: number;
  /** Bytes in use in the database. */
  readonly maxBytes: number;
}

/** Traces that one step of `retain` takes away: some ms. */
const STEP = 500;

export class TraceStore {
  readonly #sql: Sql;
  readonly #rows: TraceRows;

  /** @throws {StoreError} */
  constructor(path: string) {
    this.#sql = new Sql(openDatabase(path));
    this.#rows = new TraceRows(this.#sql);
  }

  /** Stores all of it in one transaction: when this returns, it is there after any end of the process. */
  add(deliveries: readonly Delivery[], now: number): Changes {
    return this.#sql.transaction(() => {
      const addition = new Addition(this.#sql, this.#rows);
      for (const { arrival, body } of deliveries) {
        // Spans of one trace come in several requests: the rows of the one before must be there.
        if (arrival.source === 'otlp') addition.write();
        addition.take(arrival, body, now);
      }
      addition.write();
      const { traces, again, gone } = addition;
      return { traces, again, gone };
    });
  }

  list(query: TraceQuery): TracePage {
    const filtered = fewStatement(query);
    const ids = filtered && this.#sql.once(filtered.sql, filtered.values).map((row) => Number(row['id']));
    const statement = listStatement(query, ids !== undefined && ids.length <= FEW ? ids : undefined);
    if (statement === undefined || ids?.length === 0) return { traces: [] };
    const rows = this.#sql.once(statement.sql, statement.values);
    const traces = rows.slice(0, statement.limit).map(summaryOf);
    const last = traces.at(-1);
    return rows.length > statement.limit && last !== undefined ? { traces, next: last.id } : { traces };
  }

  find(id: string): TraceSummary | undefined {
    const row = this.#rows.find(id);
    return row && summaryOf(row);
  }

  /** With the bytes; undefined: it is not there (any more). */
  read(id: string): StoredTrace | undefined {
    const row = this.#rows.find(id);
    return row && this.#stored(row);
  }

  delete(id: string): Changes {
    return this.#sql.transaction(() => {
      const row = this.#rows.find(id);
      if (row === undefined) return { traces: [], again: [], gone: [] };
      const stored = this.#stored(row);
      this.#rows.remove([id]);
      // Its spans are those of other roots, too: they go with the last of these.
      if (stored.source === 'otlp' && this.#rows.hasTrace(stored.traceId)) return { traces: [], again: [], gone: [id] };
      const places = parsePlaces(String(row['parts']));
      for (const batch of new Set(places.map((place) => place.batch))) this.#eraseFrom(batch, stored, places);
      return { traces: [], again: [], gone: [id] };
    });
  }

  /** Takes away some of what is too old or too much, the oldest first; nothing to do gives no ids and false. `more`: call again. */
  retain({ maxAge, maxBytes }: Retention, now: number): { readonly gone: readonly string[]; readonly more: boolean } {
    const oldest = this.#sql.get('SELECT id, received FROM batches ORDER BY id LIMIT 1');
    if (oldest === undefined || (Number(oldest['received']) >= now - maxAge && this.bytes() <= maxBytes)) return { gone: [], more: false };
    return this.#sql.transaction(() => {
      const rows = this.#sql.all(`SELECT id FROM traces WHERE batch = ? LIMIT ${STEP}`, Number(oldest['id']));
      const gone = rows.map((row) => String(row['id']));
      this.#rows.remove(gone);
      if (gone.length < STEP) this.#sql.run('DELETE FROM batches WHERE id = ?', Number(oldest['id']));
      return { gone, more: true };
    });
  }

  count(): number {
    return Number(this.#sql.get('SELECT count(*) AS n FROM traces')?.['n']);
  }

  /** Takes away what came from a file. */
  forgetFile(path: string): Changes {
    return this.#sql.transaction(() => {
      const gone = this.#sql
        .all('SELECT t.id FROM batches b JOIN traces t ON t.batch = b.id WHERE b.path = ?', path)
        .map((row) => String(row['id']));
      this.#rows.remove(gone);
      this.#sql.run('DELETE FROM batches WHERE path = ?', path);
      return { traces: [], again: [], gone };
    });
  }

  /** Bytes of the database that are in use. */
  bytes(): number {
    const number = (pragma: string): number => Number(Object.values(this.#sql.get(`PRAGMA ${pragma}`) ?? {})[0]);
    return (number('page_count') - number('freelist_count')) * number('page_size');
  }

  /** A text that outlives the process; `make` is asked when there is none. */
  remember(key: string, make: () => string): string {
    const known = this.#sql.get('SELECT value FROM meta WHERE key = ?', key)?.['value'];
    if (typeof known === 'string') return known;
    const made = make();
    this.#sql.run('INSERT INTO meta VALUES (?, ?)', key, made);
    return made;
  }

  close(): void {
    this.#sql.close();
  }

  /** What the user deletes is gone from the body that it came in, too. */
  #eraseFrom(batch: number, stored: StoredTrace, places: readonly Place[]): void {
    const shared =
      this.#sql.get('SELECT 1 FROM traces WHERE batch = ? UNION SELECT 1 FROM batches WHERE id = ? AND late = 1', batch, batch) !==
      undefined;
    const body = stored.parts[places.findIndex((place) => place.batch === batch)]?.body;
    const left = shared && body !== undefined ? eraseTrace(stored, body) : undefined;
    if (left !== undefined) this.#sql.run('UPDATE batches SET body = ? WHERE id = ?', left, batch);
    else if (!shared) this.#sql.run('DELETE FROM batches WHERE id = ?', batch);
  }

  #stored(row: Row): StoredTrace {
    const about = { source: row['source'] as TraceSource, traceId: String(row['trace_id']), rootId: String(row['root_id']) };
    return storedAt(this.#sql, about, String(row['parts']));
  }
}
