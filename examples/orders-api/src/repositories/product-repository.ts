/** Products in the database. */
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { NotFoundError, OutOfStockError } from '../domain/errors.ts';
import type { Product } from '../domain/product.ts';

const productRow = z.object({ sku: z.string(), name: z.string(), price: z.number(), stock: z.number(), counted: z.number() });

export class ProductRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(search: string): Product[] {
    return this.#db.all('SELECT * FROM products WHERE name LIKE ? ORDER BY sku', [`%${search}%`], productRow);
  }

  /** @throws NotFoundError */
  get(sku: string): Product {
    const product = this.#db.first('SELECT * FROM products WHERE sku = ?', [sku], productRow);
    if (product === undefined) throw new NotFoundError(`product ${sku}`);
    return product;
  }

  /**
   * Takes pieces off the shelf, in the books and in the last count.
   * @throws NotFoundError
   * @throws OutOfStockError and takes nothing
   */
  take(sku: string, quantity: number): Product {
    const product = this.get(sku);
    const missing = quantity - product.stock;
    if (missing > 0) throw new OutOfStockError(sku, missing);
    this.#db.run('UPDATE products SET stock = stock - ?1, counted = counted - ?1 WHERE sku = ?2', [quantity, sku]);
    return product;
  }

  putBack(sku: string, quantity: number): void {
    this.#db.run('UPDATE products SET stock = stock + ?1, counted = counted + ?1 WHERE sku = ?2', [quantity, sku]);
  }

  correctStock(sku: string, stock: number): void {
    this.#db.run('UPDATE products SET stock = ? WHERE sku = ?', [stock, sku]);
  }
}
