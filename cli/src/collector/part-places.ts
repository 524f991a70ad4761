/** Where the parts of a trace lie, as its row says it: `part@batch:offset:length`, separated by blanks. */
import type { Sql } from './sql.ts';
import type { StoredTrace } from './stored-trace.ts';

export interface Place {
  readonly part: number;
  readonly batch: number;
  readonly offset: number;
  readonly length: number;
}

export function parsePlaces(parts: string): Place[] {
  return parts.split(' ').map((place) => {
    const [part = 0, batch = 0, offset = 0, length = 0] = place.split(/[@:]/).map(Number);
    return { part, batch, offset, length };
  });
}

export function hasPart(parts: string | undefined, part: number): boolean {
  return parts !== undefined && parsePlaces(parts).some((place) => place.part === part);
}

/** With the bodies that the places are in; what was taken away is left out. */
export function storedAt(sql: Sql, about: Pick<StoredTrace, 'source' | 'traceId' | 'rootId'>, places: string): StoredTrace {
  const bodies: (Uint8Array | string)[] = [];
  const indexes = new Map<number, number>();
  const parts = parsePlaces(places).flatMap(({ part, batch, offset, length }) => {
    let body = indexes.get(batch);
    if (body === undefined) {
      const row = sql.get('SELECT body, path FROM batches WHERE id = ?', batch);
      if (row === undefined) return [];
      body = bodies.push((row['path'] ?? row['body']) as Uint8Array | string) - 1;
      indexes.set(batch, body);
    }
    return [{ part, offset, length, body }];
  });
  return { ...about, parts, bodies };
}
