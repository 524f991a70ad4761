/** Customers in the database. */
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { Customer } from '../domain/customer.ts';
import { NotFoundError } from '../domain/errors.ts';

const customerRow = z.object({
  id: z.number(),
  name: z.string(),
  email: z.string(),
  tier: z.enum(['new', 'regular', 'gold']),
  points: z.number(),
});

export class CustomerRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @throws NotFoundError */
  get(id: number): Customer {
    const customer = this.#db.first('SELECT * FROM customers WHERE id = ?', [id], customerRow);
    if (customer === undefined) throw new NotFoundError(`customer ${id}`);
    return customer;
  }

  /** Adds loyalty points and says how many there are now. */
  addPoints(id: number, points: number): number {
    this.#db.run('UPDATE customers SET points = points + ? WHERE id = ?', [points, id]);
    return this.get(id).points;
  }
}
