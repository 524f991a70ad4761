/**
 * The tables of the store, and how the file is opened. One connection only, in WAL mode without shared memory (the WASM build has none, and needs none with an
 * exclusive lock): a commit is one append, and what was committed is there after kill -9.
 */
import sqlite from 'node-sqlite3-wasm';
import type { Database } from 'node-sqlite3-wasm';
import { StoreError } from './store-error.ts';

export const SCHEMA_VERSION = 1;

/**
 * `traces.id`: µs of the start since 1970, moved on where two begin at once, so that the order of ids is the order of the list and of the search index.
 * `parts`: `part@batch:offset:length`, separated by blanks. `batches.body`: gzip, as it came; a file's batch has its path instead. `late`: holds parts of
 * traces that are listed with another batch. `automerge`: segments of the index that are put together at once; twice the default costs a sixth less and no
 * question of the bench more.
 */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TABLE batches (id INTEGER PRIMARY KEY, received REAL NOT NULL, body BLOB, path TEXT, late INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE traces (
    id INTEGER PRIMARY KEY, root_key INTEGER NOT NULL, batch INTEGER NOT NULL, trace_id TEXT NOT NULL, root_id TEXT NOT NULL,
    source TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, route TEXT, service TEXT NOT NULL, start REAL NOT NULL, duration REAL,
    spans INTEGER NOT NULL, errors INTEGER NOT NULL, outcome TEXT NOT NULL, status INTEGER, dropped INTEGER NOT NULL, parts TEXT NOT NULL);
  CREATE INDEX traces_root ON traces (root_key);
  CREATE INDEX traces_batch ON traces (batch);
  CREATE VIRTUAL TABLE texts USING fts5 (said, facets, content='', contentless_delete=1, tokenize='unicode61');
  INSERT INTO texts (texts, rank) VALUES ('automerge', 8);
  INSERT INTO meta VALUES ('version', '${SCHEMA_VERSION}');`;

/** `path` ':memory:' lives as long as the connection. @throws {StoreError} */
export function openDatabase(path: string): Database {
  let db: Database | undefined;
  try {
    db = new sqlite.Database(path);
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = 8192; PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF');
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2048');
    const tables = db.all("SELECT name FROM sqlite_master WHERE type = 'table'").map((row) => row['name']);
    if (tables.length === 0) db.exec(`BEGIN; ${TABLES} COMMIT`);
    else if (!tables.includes('meta') || !tables.includes('batches'))
      throw new StoreError('STORE_FOREIGN', `${path} is a database of something else; name another file with --db`);
    const version = db.get("SELECT value FROM meta WHERE key = 'version'")?.['value'];
    if (version !== String(SCHEMA_VERSION))
      throw new StoreError(
        'STORE_VERSION',
        `${path} was written by another version of captureflow (${String(version)}, this one reads ${SCHEMA_VERSION}); name another file with --db`,
      );
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof StoreError) throw error;
    const reason = (error as Error).message;
    if (/not a database/i.test(reason)) throw new StoreError('STORE_FOREIGN', `${path} is no SQLite database; name another file with --db`);
    throw new StoreError('STORE_UNUSABLE', `${path} cannot be used as a store: ${reason}; name another file with --db`);
  }
}
