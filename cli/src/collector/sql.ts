/** Statements of one database, prepared once each, and always read to their end. */
import type { Database, Statement } from 'node-sqlite3-wasm';

export type SQLiteValue = number | string | Uint8Array | null;
export type Row = Record<string, SQLiteValue | bigint>;

export class Sql {
  readonly #db: Database;
  readonly #statements: Map<string, Statement> = new Map();

  constructor(db: Database) {
    this.#db = db;
  }

  run(sql: string, ...values: SQLiteValue[]): { readonly changes: number; readonly lastInsertRowid: number } {
    const { changes, lastInsertRowid } = this.#statement(sql).run(values);
    return { changes, lastInsertRowid: Number(lastInsertRowid) };
  }

  get(sql: string, ...values: SQLiteValue[]): Row | undefined {
    // Not the library's `get`: it leaves the statement open, and an open reader keeps the log from ever being emptied into the database.
    return this.all(sql, ...values)[0];
  }

  all(sql: string, ...values: SQLiteValue[]): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }

  /** For statements that are another one each time. */
  once(sql: string, values: readonly SQLiteValue[]): Row[] {
    return this.#db.all(sql, [...values]) as Row[];
  }

  /** All of `work`, or, when it throws, nothing of it. */
  transaction<T>(work: () => T): T {
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

  close(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    this.#db.close();
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}
