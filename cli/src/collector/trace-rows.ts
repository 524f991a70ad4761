/** Rows of the list and their entries in the search index. Must not know bodies. */
import type { TraceSource, TraceSummary } from '@captureflow/trace';
import type { Listed, Piece } from './arrival.ts';
import type { Row, Sql } from './sql.ts';
import { facetsIn } from './trace-query.ts';

const INSERT = `INSERT OR IGNORE INTO traces (id, root_key, batch, trace_id, root_id, source, kind, name, route, service, start, duration, spans, errors, outcome, status,
  dropped, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** The latest start that an id can say, in µs; some 285 years from 1970. */
const LATEST = 9e15;

/** What has to be known of a row before more is written to it. */
export interface KnownRow {
  readonly id: number;
  readonly traceId: string;
  readonly batch: number;
  readonly parts: string;
}

/** A row to write: what is known of a trace, and where its parts lie. */
export interface Entry {
  readonly piece: Piece;
  readonly listed: Listed;
  readonly batch: number;
  readonly parts: string;
  /** Of the row that this one takes the place of. */
  readonly id?: number;
}

export class TraceRows {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  find(id: string): Row | undefined {
    return /^\d{1,16}$/.test(id) ? this.#sql.get('SELECT * FROM traces WHERE id = ?', Number(id)) : undefined;
  }

  /** Rows of these traces by source, trace and root: in one question, which costs a tenth of one for each. */
  known(pieces: readonly Piece[], source: TraceSource): Map<string, KnownRow> {
    const keys = JSON.stringify(pieces.map(({ traceId }) => rootKey(traceId)));
    const sql = 'SELECT id, trace_id, root_id, batch, parts FROM traces WHERE root_key IN (SELECT value FROM json_each(?)) AND source = ?';
    return new Map(
      this.#sql
        .all(sql, keys, source)
        .map((row) => [
          `${source}-${String(row['trace_id'])}-${String(row['root_id'])}`,
          { id: Number(row['id']), traceId: String(row['trace_id']), batch: Number(row['batch']), parts: String(row['parts']) },
        ]),
    );
  }

  hasTrace(traceId: string): boolean {
    return (
      this.#sql.get("SELECT 1 FROM traces WHERE root_key = ? AND trace_id = ? AND source = 'otlp'", rootKey(traceId), traceId) !== undefined
    );
  }

  /** OTLP's of one trace: several roots. */
  ofTrace(traceId: string): Row[] {
    return this.#sql.all("SELECT * FROM traces WHERE root_key = ? AND trace_id = ? AND source = 'otlp'", rootKey(traceId), traceId);
  }

  write({ piece, listed, batch, parts, id: known }: Entry): TraceSummary {
    const { summary, text } = listed;
    if (known !== undefined) this.remove([String(known)]);
    const { traceId, name, kind, startTime, duration, spans, errors, outcome, status, route, service, source, dropped } = summary;
    const values = [name, route ?? null, service, startTime, duration ?? null, spans, errors, outcome, status ?? null, dropped, parts];
    let id = known ?? idOf(startTime);
    for (
      let tries = 1;
      this.#sql.run(INSERT, id, rootKey(traceId), batch, traceId, piece.rootId, source, kind, ...values).changes === 0;
      tries++
    ) {
      // Very many with one start: somewhere in the second behind it is a place.
      id += tries < 8 ? 1 : 1 + Math.floor(Math.random() * 1e6);
    }
    this.#sql.run(
      'INSERT INTO texts (rowid, said, facets) VALUES (?, ?, ?)',
      id,
      text,
      facetsIn(errors > 0 || outcome === 'error', status),
    );
    return { id: String(id), ...summary };
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#sql.run('DELETE FROM traces WHERE id = ?', Number(id));
      this.#sql.run('DELETE FROM texts WHERE rowid = ?', Number(id));
    }
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

export function summaryOf(row: Row): TraceSummary {
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
