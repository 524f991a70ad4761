/** Orders in the database. */
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Order, OrderLine, OrderStatus, Quote } from '../domain/order.ts';

const orderRow = z.object({
  id: z.number(),
  customer_id: z.number(),
  status: z.enum(['pending', 'paid', 'failed']),
  subtotal: z.number(),
  discount: z.number(),
  tax: z.number(),
  total: z.number(),
  receipt: z.string().nullable(),
});
const lineRow = z.object({ sku: z.string(), name: z.string(), quantity: z.number(), unitPrice: z.number() });
const SELECT_LINES = 'SELECT sku, name, quantity, unit_price AS unitPrice FROM order_lines WHERE order_id = ? ORDER BY sku';

/** One order as the sales report reads it. */
export interface SaleRow {
  readonly id: number;
  readonly customer: string;
  readonly pieces: number;
  readonly total: number;
}
const saleRow = z.object({ id: z.number(), customer: z.string(), pieces: z.number(), total: z.number() });

export class OrderRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores a pending order and returns it with its id. */
  create(customerId: number, lines: readonly OrderLine[], quote: Quote): Order {
    const id = this.#db.transaction(() => this.#insert(customerId, lines, quote));
    return { id, customerId, status: 'pending', lines, quote, receipt: null };
  }

  #insert(customerId: number, lines: readonly OrderLine[], quote: Quote): number {
    const orderId = this.#db.run('INSERT INTO orders (customer_id, status, subtotal, discount, tax, total) VALUES (?, ?, ?, ?, ?, ?)', [
      customerId,
      'pending',
      quote.subtotal,
      quote.discount,
      quote.tax,
      quote.total,
    ]);
    for (const line of lines) {
      this.#db.run('INSERT INTO order_lines VALUES (?, ?, ?, ?, ?)', [orderId, line.sku, line.name, line.quantity, line.unitPrice]);
    }
    return orderId;
  }

  setStatus(id: number, status: OrderStatus, receipt: string | null): void {
    this.#db.run('UPDATE orders SET status = ?, receipt = ? WHERE id = ?', [status, receipt, id]);
  }

  /** @throws NotFoundError */
  get(id: number): Order {
    const row = this.#db.first('SELECT * FROM orders WHERE id = ?', [id], orderRow);
    if (row === undefined) throw new NotFoundError(`order ${id}`);
    const { customer_id: customerId, status, receipt, subtotal, discount, tax, total } = row;
    const lines = this.#db.all(SELECT_LINES, [id], lineRow);
    return { id, customerId, status, lines, quote: { subtotal, discount, tax, total }, receipt };
  }

  /** Up to `limit` paid orders with an id above `after`, in order of their id. */
  salesAfter(after: number, limit: number): SaleRow[] {
    return this.#db.all(
      `SELECT o.id, c.name AS customer, SUM(l.quantity) AS pieces, o.total
         FROM orders o JOIN customers c ON c.id = o.customer_id JOIN order_lines l ON l.order_id = o.id
        WHERE o.status = 'paid' AND o.id > ? GROUP BY o.id ORDER BY o.id LIMIT ?`,
      [after, limit],
      saleRow,
    );
  }
}
