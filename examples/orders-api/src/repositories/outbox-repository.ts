/** Messages that went out to customers. */
import { z } from 'zod';
import { type Database, selectAll } from '../db/database.ts';

const messageRow = z.object({ id: z.number(), recipient: z.string(), body: z.string() });
export type Message = z.infer<typeof messageRow>;

export class OutboxRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(orderId: number, recipient: string, body: string): number {
    const { lastInsertRowid } = this.#db.run('INSERT INTO outbox (order_id, recipient, body) VALUES (?, ?, ?)', [orderId, recipient, body]);
    return Number(lastInsertRowid);
  }

  ofOrder(orderId: number): Message[] {
    return selectAll(this.#db, messageRow, 'SELECT id, recipient, body FROM outbox WHERE order_id = ? ORDER BY id', [orderId]);
  }
}
