/** Messages that went out to customers. */
import { z } from 'zod';
import type { Database } from '../db/database.ts';

const messageRow = z.object({ id: z.number(), recipient: z.string(), body: z.string() });
export type Message = z.infer<typeof messageRow>;

export class OutboxRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(orderId: number, recipient: string, body: string): number {
    return this.#db.run('INSERT INTO outbox (order_id, recipient, body) VALUES (?, ?, ?)', [orderId, recipient, body]);
  }

  ofOrder(orderId: number): Message[] {
    return this.#db.all('SELECT id, recipient, body FROM outbox WHERE order_id = ? ORDER BY id', [orderId], messageRow);
  }
}
