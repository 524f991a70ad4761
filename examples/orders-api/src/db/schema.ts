/** The tables. */
import type { Database } from './database.ts';

export function createSchema(db: Database): void {
  db.execute(`
    CREATE TABLE products (
      sku TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      price INTEGER NOT NULL,
      stock INTEGER NOT NULL CHECK (stock >= 0),
      counted INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE customers (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      email TEXT NOT NULL,
      tier TEXT NOT NULL,
      points INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE orders (
      id INTEGER PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customers (id),
      status TEXT NOT NULL,
      subtotal INTEGER NOT NULL,
      discount INTEGER NOT NULL,
      tax INTEGER NOT NULL,
      total INTEGER NOT NULL,
      receipt TEXT
    ) STRICT;

    CREATE TABLE order_lines (
      order_id INTEGER NOT NULL REFERENCES orders (id),
      sku TEXT NOT NULL REFERENCES products (sku),
      name TEXT NOT NULL,
      quantity INTEGER NOT NULL,
      unit_price INTEGER NOT NULL,
      PRIMARY KEY (order_id, sku)
    ) STRICT;

    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY,
      order_id INTEGER NOT NULL REFERENCES orders (id),
      recipient TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
  `);
}
