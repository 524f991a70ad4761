/** The SQLite connection with typed rows. The only file that knows the driver. */
import sqlite from 'node-sqlite3-wasm';
import { z } from 'zod';

export type Bindable = string | number | null;

export class Database {
  readonly #driver: InstanceType<typeof sqlite.Database>;

  /** Opens or creates `file`. */
  constructor(file: string) {
    this.#driver = new sqlite.Database(file);
    this.#driver.exec('PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = ON');
  }

  /** Runs statements without parameters or result. */
  execute(sql: string): void {
    this.#driver.exec(sql);
  }

  /** Runs one statement and says which id it gave to a new row. */
  run(sql: string, values: Bindable[]): number {
    return Number(this.#driver.run(sql, values).lastInsertRowid);
  }

  /** Runs one statement for each entry of `rows`. */
  runMany(sql: string, rows: Iterable<readonly Bindable[]>): void {
    const statement = this.#driver.prepare(sql);
    for (const row of rows) statement.run([...row]);
    statement.finalize();
  }

  /** All rows of a query, checked against `row`. */
  all<Row>(sql: string, values: Bindable[], row: z.ZodType<Row>): Row[] {
    return z.array(row).parse(this.#driver.all(sql, values));
  }

  /** The first row of a query, checked against `row`; undefined when there is none. */
  first<Row>(sql: string, values: Bindable[], row: z.ZodType<Row>): Row | undefined {
    return row.optional().parse(this.#driver.get(sql, values) ?? undefined);
  }

  /** Runs `work` in one transaction: all of it, or none when it throws. */
  transaction<T>(work: () => T): T {
    this.#driver.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#driver.exec('COMMIT');
      return result;
    } catch (error) {
      this.#driver.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#driver.close();
  }
}
