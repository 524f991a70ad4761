/** The SQLite connection: opening, transactions and typed rows. The only file that knows the driver. */
import sqlite from 'node-sqlite3-wasm';
import type { z } from 'zod';

export type Database = InstanceType<typeof sqlite.Database>;
export type Bindable = string | number | null;

export function openDatabase(file: string): Database {
  const db = new sqlite.Database(file);
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = ON');
  return db;
}

/** Runs `work` in one transaction: all of it, or none when it throws. */
export function inTransaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** All rows of a query, checked against `row`. */
export function selectAll<Row>(db: Database, row: z.ZodType<Row>, sql: string, values: Bindable[] = []): Row[] {
  return db.all(sql, values).map((found) => row.parse(found));
}

/** The first row of a query, or undefined. */
export function selectOne<Row>(db: Database, row: z.ZodType<Row>, sql: string, values: Bindable[] = []): Row | undefined {
  const found = db.get(sql, values);
  return found === null ? undefined : row.parse(found);
}
