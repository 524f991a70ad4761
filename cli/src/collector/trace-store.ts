/**
 * Traces in one SQLite file: bodies of requests as they came, a row and an entry of the search index a trace. Synchronous: it belongs into a thread of its own
 * (`store-service.ts`). Must not know what a request or a page is.
 */
import type { Database, Statement } from 'node-sqlite3-wasm';
import { buildTrace, decodeSegment, fromOtlpJson } from '@captureflow/trace';
import type { TraceSource, TraceSummary } from '@captureflow/trace';
import { listedOf } from './arrival.ts';
import type { Arrival, Listed, Piece } from './arrival.ts';
import type { Delivery } from './delivery.ts';
import { eraseTrace } from './erase-trace.ts';
import { openDatabase } from './store-schema.ts';
import { readParts, readStoredTrace } from './stored-trace.ts';
import type { StoredTrace } from './stored-trace.ts';
import { facetsIn, FEW, fewStatement, listStatement } from './trace-query.ts';
import type { TraceQuery } from './trace-query.ts';

export type SQLiteValue = number | string | Uint8Array | null;

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

type Row = Record<string, SQLiteValue | bigint>;

const INSERT = `INSERT OR IGNORE INTO traces (id, root_key, batch, trace_id, root_id, source, kind, name, route, service, start, duration, spans, errors, outcome, status,
  dropped, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** Traces that one step of `retain` takes away: some ms. */
const STEP = 500;
/** The latest start that an id can say, in µs; some 285 years from 1970. */
const LATEST = 9e15;

/** What has to be known of a row before more is written to it. */
interface KnownRow {
  readonly id: number;
  readonly traceId: string;
  readonly batch: number;
  readonly parts: string;
}

/** A row to write: what is known of a trace, and where its parts lie. */
interface Entry {
  readonly piece: Piece;
  readonly listed: Listed;
  readonly batch: number;
  readonly parts: string;
  /** Of the row that this one takes the place of. */
  readonly id?: number;
}

export class TraceStore {
  readonly #db: Database;
  readonly #statements: Map<string, Statement> = new Map();

  /** @throws {StoreError} */
  constructor(path: string) {
    this.#db = openDatabase(path);
  }

  /** Stores all of it in one transaction: when this returns, it is there after any end of the process. */
  add(deliveries: readonly Delivery[], now: number): Changes {
    return this.#transaction(() => {
      const gone: string[] = [];
      const traces: TraceSummary[] = [];
      const again: string[] = [];
      let pending = new Map<string, Entry>();
      const write = (): void => {
        // The search index takes rows in ascending order without flushing what it gathered.
        const entries = [...pending.values()].sort((a, b) => a.listed.summary.startTime - b.listed.summary.startTime);
        for (const entry of entries) {
          const trace = this.#write(entry);
          traces.push(trace);
          if (entry.id !== undefined) again.push(trace.id);
        }
        pending = new Map();
      };
      for (const { arrival, body } of deliveries) {
        // Spans of one trace come in several requests: the rows of the one before must be there.
        if (arrival.source === 'otlp') write();
        this.#take(arrival, body, now, pending, gone);
      }
      write();
      const ids = new Set(traces.map(({ id }) => id));
      return { traces, again, gone: gone.filter((id) => !ids.has(id)) };
    });
  }

  list(query: TraceQuery): TracePage {
    const filtered = fewStatement(query);
    const ids = filtered && (this.#db.all(filtered.sql, [...filtered.values]) as Row[]).map((row) => Number(row['id']));
    const statement = listStatement(query, ids !== undefined && ids.length <= FEW ? ids : undefined);
    if (statement === undefined || ids?.length === 0) return { traces: [] };
    const rows = this.#db.all(statement.sql, [...statement.values]) as Row[];
    const traces = rows.slice(0, statement.limit).map(summaryOf);
    const last = traces.at(-1);
    return rows.length > statement.limit && last !== undefined ? { traces, next: last.id } : { traces };
  }

  find(id: string): TraceSummary | undefined {
    const row = this.#row(id);
    return row && summaryOf(row);
  }

  /** With the bytes; undefined: it is not there (any more). */
  read(id: string): StoredTrace | undefined {
    const row = this.#row(id);
    return row && this.#stored(row);
  }

  delete(id: string): Changes {
    return this.#transaction(() => {
      const row = this.#row(id);
      if (row === undefined) return { traces: [], again: [], gone: [] };
      const stored = this.#stored(row);
      this.#remove([id]);
      // Its spans are those of other roots, too: they go with the last of these.
      if (stored.source === 'otlp' && this.#hasTrace(stored.traceId)) return { traces: [], again: [], gone: [id] };
      const places = parsePlaces(String(row['parts']));
      for (const batch of new Set(places.map((place) => place.batch))) this.#eraseFrom(batch, stored, places);
      return { traces: [], again: [], gone: [id] };
    });
  }

  /** Takes away some of what is too old or too much, the oldest first; nothing to do gives no ids and false. `more`: call again. */
  retain({ maxAge, maxBytes }: Retention, now: number): { readonly gone: readonly string[]; readonly more: boolean } {
    const oldest = this.#get('SELECT id, received FROM batches ORDER BY id LIMIT 1');
    if (oldest === undefined || (Number(oldest['received']) >= now - maxAge && this.bytes() <= maxBytes)) return { gone: [], more: false };
    return this.#transaction(() => {
      const rows = this.#all(`SELECT id FROM traces WHERE batch = ? LIMIT ${STEP}`, Number(oldest['id']));
      const gone = rows.map((row) => String(row['id']));
      this.#remove(gone);
      if (gone.length < STEP) this.#run('DELETE FROM batches WHERE id = ?', Number(oldest['id']));
      return { gone, more: true };
    });
  }

  count(): number {
    return Number(this.#get('SELECT count(*) AS n FROM traces')?.['n']);
  }

  /** Takes away what came from a file. */
  forgetFile(path: string): Changes {
    return this.#transaction(() => {
      const gone = this.#all('SELECT t.id FROM batches b JOIN traces t ON t.batch = b.id WHERE b.path = ?', path).map((row) =>
        String(row['id']),
      );
      this.#remove(gone);
      this.#run('DELETE FROM batches WHERE path = ?', path);
      return { traces: [], again: [], gone };
    });
  }

  /** Bytes of the database that are in use. */
  bytes(): number {
    const number = (pragma: string): number => Number(Object.values(this.#get(`PRAGMA ${pragma}`) ?? {})[0]);
    return (number('page_count') - number('freelist_count')) * number('page_size');
  }

  /** A text that outlives the process; `make` is asked when there is none. */
  remember(key: string, make: () => string): string {
    const known = this.#get('SELECT value FROM meta WHERE key = ?', key)?.['value'];
    if (typeof known === 'string') return known;
    const made = make();
    this.#run('INSERT INTO meta VALUES (?, ?)', key, made);
    return made;
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    this.#db.close();
  }

  /** What the user deletes is gone from the body that it came in, too. */
  #eraseFrom(batch: number, stored: StoredTrace, places: readonly Place[]): void {
    const shared =
      this.#get('SELECT 1 FROM traces WHERE batch = ? UNION SELECT 1 FROM batches WHERE id = ? AND late = 1', batch, batch) !== undefined;
    const body = stored.parts[places.findIndex((place) => place.batch === batch)]?.body;
    const left = shared && body !== undefined ? eraseTrace(stored, body) : undefined;
    if (left !== undefined) this.#run('UPDATE batches SET body = ? WHERE id = ?', left, batch);
    else if (!shared) this.#run('DELETE FROM batches WHERE id = ?', batch);
  }

  #take({ source, pieces }: Arrival, body: Uint8Array | string, now: number, pending: Map<string, Entry>, gone: string[]): void {
    const rows = this.#rowsOf(pieces, source);
    const keyOf = (piece: Piece): string => `${source}-${piece.traceId}-${piece.rootId}`;
    const placesOf = (piece: Piece): string | undefined => pending.get(keyOf(piece))?.parts ?? rows.get(keyOf(piece))?.parts;
    const fresh = source === 'native' ? pieces.filter((piece) => !hasPart(placesOf(piece), piece.part)) : pieces;
    if (fresh.length === 0) return;
    const stored = typeof body === 'string' ? { body: null, path: body } : { body, path: null };
    const inserted = this.#statement('INSERT INTO batches (received, body, path) VALUES (?, ?, ?)').run([now, stored.body, stored.path]);
    const batch = Number(inserted.lastInsertRowid);
    const known = new Set([...rows.values()].map(({ traceId }) => traceId));
    const regrouped = new Set<string>();
    for (const piece of fresh) {
      const key = keyOf(piece);
      const { id, parts, batch: first = batch } = pending.get(key) ?? rows.get(key) ?? {};
      const entry = { piece, batch, parts: `${piece.part}@${batch}:${piece.offset}:${piece.length}`, ...(id === undefined ? {} : { id }) };
      if (source === 'otlp' && known.has(piece.traceId)) regrouped.add(piece.traceId);
      // CaptureFlow sends again, whole: the last one counts, as with the real server.
      else if (piece.listed !== undefined && (parts === undefined || source === 'captureflow'))
        pending.set(key, { ...entry, listed: piece.listed });
      else {
        const all = parts === undefined ? entry.parts : `${parts} ${entry.parts}`;
        const listed = this.#listWhole(piece, source, all);
        if (first !== batch) this.#run('UPDATE batches SET late = 1 WHERE id = ?', batch);
        if (listed !== undefined) pending.set(key, { ...entry, listed, batch: first, parts: all });
      }
    }
    for (const traceId of regrouped) this.#regroup(traceId, batch, fresh, pending, gone);
  }

  /** OTLP: spans of a trace that is there already may join its trees, or make two of them one. */
  #regroup(traceId: string, batch: number, fresh: readonly Piece[], pending: Map<string, Entry>, gone: string[]): void {
    const rows = this.#all("SELECT * FROM traces WHERE root_key = ? AND trace_id = ? AND source = 'otlp'", rootKey(traceId), traceId);
    const length = fresh.find((piece) => piece.traceId === traceId)?.length ?? 0;
    const places = new Set([...rows.flatMap((row) => String(row['parts']).split(' ')), `0@${batch}:0:${length}`]);
    const parts = [...places].join(' ');
    const first = Math.min(batch, ...rows.map((row) => Number(row['batch'])));
    if (first !== batch) this.#run('UPDATE batches SET late = 1 WHERE id = ?', batch);
    const jsons = readParts(this.#storedOf({ source: 'otlp', traceId, rootId: '' }, parts)).map(
      (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
    );
    const ids = new Map(rows.map((row) => [String(row['root_id']), Number(row['id'])]));
    this.#remove([...ids.values()].map(String));
    gone.push(...[...ids.values()].map(String));
    for (const trace of fromOtlpJson(...jsons)) {
      if (trace.traceId !== traceId) continue;
      const piece: Piece = { traceId, rootId: trace.root.spanId, part: 0, offset: 0, length };
      const id = ids.get(trace.root.spanId);
      const key = `otlp-${traceId}-${piece.rootId}`;
      pending.set(key, { piece, listed: listedOf(trace, 'otlp'), batch: first, parts, ...(id === undefined ? {} : { id }) });
    }
  }

  #listWhole({ traceId, rootId }: Piece, source: TraceSource, parts: string): Listed | undefined {
    const stored = this.#storedOf({ source, traceId, rootId }, parts);
    const trace = source === 'native' ? buildTrace(readParts(stored).map((bytes) => decodeSegment(bytes))) : readStoredTrace(stored);
    return trace && listedOf(trace, source);
  }

  #write({ piece, listed, batch, parts, id: known }: Entry): TraceSummary {
    const { summary, text } = listed;
    if (known !== undefined) this.#remove([String(known)]);
    const { traceId, name, kind, startTime, duration, spans, errors, outcome, status, route, service, source, dropped } = summary;
    const values = [name, route ?? null, service, startTime, duration ?? null, spans, errors, outcome, status ?? null, dropped, parts];
    let id = known ?? idOf(startTime);
    for (
      let tries = 1;
      this.#statement(INSERT).run([id, rootKey(traceId), batch, traceId, piece.rootId, source, kind, ...values]).changes === 0;
      tries++
    ) {
      // Very many with one start: somewhere in the second behind it is a place.
      id += tries < 8 ? 1 : 1 + Math.floor(Math.random() * 1e6);
    }
    this.#statement('INSERT INTO texts (rowid, said, facets) VALUES (?, ?, ?)').run([
      id,
      text,
      facetsIn(errors > 0 || outcome === 'error', status),
    ]);
    return { id: String(id), ...summary };
  }

  #remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#run('DELETE FROM traces WHERE id = ?', Number(id));
      this.#run('DELETE FROM texts WHERE rowid = ?', Number(id));
    }
  }

  #row(id: string): Row | undefined {
    return /^\d{1,16}$/.test(id) ? this.#get('SELECT * FROM traces WHERE id = ?', Number(id)) : undefined;
  }

  /** Rows of these traces by source, trace and root: in one question, which costs a tenth of one for each. */
  #rowsOf(pieces: readonly Piece[], source: TraceSource): Map<string, KnownRow> {
    const keys = JSON.stringify(pieces.map(({ traceId }) => rootKey(traceId)));
    const sql = 'SELECT id, trace_id, root_id, batch, parts FROM traces WHERE root_key IN (SELECT value FROM json_each(?)) AND source = ?';
    return new Map(
      this.#all(sql, keys, source).map((row) => [
        `${source}-${String(row['trace_id'])}-${String(row['root_id'])}`,
        { id: Number(row['id']), traceId: String(row['trace_id']), batch: Number(row['batch']), parts: String(row['parts']) },
      ]),
    );
  }

  #hasTrace(traceId: string): boolean {
    return (
      this.#get("SELECT 1 FROM traces WHERE root_key = ? AND trace_id = ? AND source = 'otlp'", rootKey(traceId), traceId) !== undefined
    );
  }

  #stored(row: Row): StoredTrace {
    const about = { source: row['source'] as TraceSource, traceId: String(row['trace_id']), rootId: String(row['root_id']) };
    return this.#storedOf(about, String(row['parts']));
  }

  #storedOf(about: Pick<StoredTrace, 'source' | 'traceId' | 'rootId'>, places: string): StoredTrace {
    const bodies: (Uint8Array | string)[] = [];
    const indexes = new Map<number, number>();
    const parts = parsePlaces(places).flatMap(({ part, batch, offset, length }) => {
      let body = indexes.get(batch);
      if (body === undefined) {
        const row = this.#get('SELECT body, path FROM batches WHERE id = ?', batch);
        if (row === undefined) return [];
        body = bodies.push((row['path'] ?? row['body']) as Uint8Array | string) - 1;
        indexes.set(batch, body);
      }
      return [{ part, offset, length, body }];
    });
    return { ...about, parts, bodies };
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }

  #run(sql: string, ...values: SQLiteValue[]): void {
    this.#statement(sql).run(values);
  }

  #get(sql: string, ...values: SQLiteValue[]): Row | undefined {
    // Not `get`: it leaves the statement open, and an open reader keeps the log from ever being emptied into the database.
    return this.#all(sql, ...values)[0];
  }

  #all(sql: string, ...values: SQLiteValue[]): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }
}

/** µs since 1970, within what an id can say. */
function idOf(startTime: number): number {
  return Number.isFinite(startTime) ? Math.round(Math.min(LATEST, Math.max(0, startTime * 1000))) : 0;
}

/** An integer that few other traces have: an index of it is half as large as one of the ids. */
function rootKey(traceId: string): number {
  const digits = Number.parseInt(traceId.slice(0, 12), 16);
  if (Number.isSafeInteger(digits)) return digits;
  let hash = 0;
  for (let i = 0; i < traceId.length && i < 100; i++) hash = (Math.imul(hash, 31) + traceId.charCodeAt(i)) | 0;
  return hash;
}

interface Place {
  readonly part: number;
  readonly batch: number;
  readonly offset: number;
  readonly length: number;
}

function parsePlaces(parts: string): Place[] {
  return parts.split(' ').map((place) => {
    const [part = 0, batch = 0, offset = 0, length = 0] = place.split(/[@:]/).map(Number);
    return { part, batch, offset, length };
  });
}

function hasPart(parts: string | undefined, part: number): boolean {
  return parts !== undefined && parsePlaces(parts).some((place) => place.part === part);
}

function summaryOf(row: Row): TraceSummary {
  const { id, trace_id, name, kind, start, duration, spans, errors, outcome, status, route, service, source, dropped } = row as Record<
    string,
    string | number | null
  >;
  return {
    id: String(id),
    traceId: String(trace_id),
    name: String(name),
    kind: kind as TraceSummary['kind'],
    startTime: Number(start),
    ...(duration === null ? {} : { duration: Number(duration) }),
    spans: Number(spans),
    errors: Number(errors),
    outcome: outcome as TraceSummary['outcome'],
    ...(status === null ? {} : { status: Number(status) }),
    ...(route === null ? {} : { route: String(route) }),
    service: String(service),
    source: source as TraceSource,
    dropped: Number(dropped),
  };
}
