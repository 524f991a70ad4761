/**
 * What one commit adds: which parts are new, which rows they make or change. A trace may come in several bodies, in any order; OTLP's may turn out to be one tree,
 * or several.
 */
import { buildTrace, decodeSegment, fromOtlpJson } from '@captureflow/trace';
import type { TraceSource, TraceSummary } from '@captureflow/trace';
import { listedOf } from './arrival.ts';
import type { Arrival, Listed, Piece } from './arrival.ts';
import { hasPart, storedAt } from './part-places.ts';
import type { Sql } from './sql.ts';
import { readParts, readStoredTrace } from './stored-trace.ts';
import type { Entry, TraceRows } from './trace-rows.ts';

export class Addition {
  readonly traces: TraceSummary[] = [];
  readonly again: string[] = [];
  readonly #gone: string[] = [];
  readonly #sql: Sql;
  readonly #rows: TraceRows;
  #pending: Map<string, Entry> = new Map();

  constructor(sql: Sql, rows: TraceRows) {
    this.#sql = sql;
    this.#rows = rows;
  }

  /** Ids of rows that are there no more. */
  get gone(): readonly string[] {
    const ids = new Set(this.traces.map(({ id }) => id));
    return this.#gone.filter((id) => !ids.has(id));
  }

  /** Writes the rows that were gathered. */
  write(): void {
    // The search index takes rows in ascending order without flushing what it gathered.
    const entries = [...this.#pending.values()].sort((a, b) => a.listed.summary.startTime - b.listed.summary.startTime);
    for (const entry of entries) {
      const trace = this.#rows.write(entry);
      this.traces.push(trace);
      if (entry.id !== undefined) this.again.push(trace.id);
    }
    this.#pending = new Map();
  }

  take({ source, pieces }: Arrival, body: Uint8Array | string, now: number): void {
    const rows = this.#rows.known(pieces, source);
    const keyOf = (piece: Piece): string => `${source}-${piece.traceId}-${piece.rootId}`;
    const placesOf = (piece: Piece): string | undefined => this.#pending.get(keyOf(piece))?.parts ?? rows.get(keyOf(piece))?.parts;
    const fresh = source === 'native' ? pieces.filter((piece) => !hasPart(placesOf(piece), piece.part)) : pieces;
    if (fresh.length === 0) return;
    const stored = typeof body === 'string' ? { body: null, path: body } : { body, path: null };
    const batch = this.#sql.run(
      'INSERT INTO batches (received, body, path) VALUES (?, ?, ?)',
      now,
      stored.body,
      stored.path,
    ).lastInsertRowid;
    const known = new Set([...rows.values()].map(({ traceId }) => traceId));
    const regrouped = new Set<string>();
    for (const piece of fresh) {
      const key = keyOf(piece);
      const { id, parts, batch: first = batch } = this.#pending.get(key) ?? rows.get(key) ?? {};
      const entry = { piece, batch, parts: `${piece.part}@${batch}:${piece.offset}:${piece.length}`, ...(id === undefined ? {} : { id }) };
      if (source === 'otlp' && known.has(piece.traceId)) regrouped.add(piece.traceId);
      // CaptureFlow sends again, whole: the last one counts, as with the real server.
      else if (piece.listed !== undefined && (parts === undefined || source === 'captureflow'))
        this.#pending.set(key, { ...entry, listed: piece.listed });
      else {
        const all = parts === undefined ? entry.parts : `${parts} ${entry.parts}`;
        const listed = this.#listWhole(piece, source, all);
        if (first !== batch) this.#sql.run('UPDATE batches SET late = 1 WHERE id = ?', batch);
        if (listed !== undefined) this.#pending.set(key, { ...entry, listed, batch: first, parts: all });
      }
    }
    for (const traceId of regrouped) this.#regroup(traceId, batch, fresh);
  }

  /** OTLP: spans of a trace that is there already may join its trees, or make two of them one. */
  #regroup(traceId: string, batch: number, fresh: readonly Piece[]): void {
    const rows = this.#rows.ofTrace(traceId);
    const length = fresh.find((piece) => piece.traceId === traceId)?.length ?? 0;
    const places = new Set([...rows.flatMap((row) => String(row['parts']).split(' ')), `0@${batch}:0:${length}`]);
    const parts = [...places].join(' ');
    const first = Math.min(batch, ...rows.map((row) => Number(row['batch'])));
    if (first !== batch) this.#sql.run('UPDATE batches SET late = 1 WHERE id = ?', batch);
    const jsons = readParts(storedAt(this.#sql, { source: 'otlp', traceId, rootId: '' }, parts)).map(
      (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
    );
    const ids = new Map(rows.map((row) => [String(row['root_id']), Number(row['id'])]));
    this.#rows.remove([...ids.values()].map(String));
    this.#gone.push(...[...ids.values()].map(String));
    for (const trace of fromOtlpJson(...jsons)) {
      if (trace.traceId !== traceId) continue;
      const piece: Piece = { traceId, rootId: trace.root.spanId, part: 0, offset: 0, length };
      const id = ids.get(trace.root.spanId);
      const key = `otlp-${traceId}-${piece.rootId}`;
      this.#pending.set(key, { piece, listed: listedOf(trace, 'otlp'), batch: first, parts, ...(id === undefined ? {} : { id }) });
    }
  }

  #listWhole({ traceId, rootId }: Piece, source: TraceSource, parts: string): Listed | undefined {
    const stored = storedAt(this.#sql, { source, traceId, rootId }, parts);
    const trace = source === 'native' ? buildTrace(readParts(stored).map((bytes) => decodeSegment(bytes))) : readStoredTrace(stored);
    return trace && listedOf(trace, source);
  }
}
