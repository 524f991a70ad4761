/** Places orders: stock, price, payment, and telling the others. */
import type { Database } from '../db/database.ts';
import { CardDeclinedError, OrderFailedError } from '../domain/errors.ts';
import type { Order, OrderLine, OrderRequest } from '../domain/order.ts';
import { priceOrder } from '../domain/pricing.ts';
import type { OrderEvents } from '../events/order-events.ts';
import type { CustomerRepository } from '../repositories/customer-repository.ts';
import type { OrderRepository } from '../repositories/order-repository.ts';
import type { ProductRepository } from '../repositories/product-repository.ts';
import type { PaymentService } from './payment-service.ts';

export interface OrderServiceParts {
  readonly db: Database;
  readonly products: ProductRepository;
  readonly customers: CustomerRepository;
  readonly orders: OrderRepository;
  readonly payments: PaymentService;
  readonly events: OrderEvents;
}

export class OrderService {
  readonly #parts: OrderServiceParts;

  constructor(parts: OrderServiceParts) {
    this.#parts = parts;
  }

  /**
   * Reserves stock, takes the money and returns the paid order.
   * @throws NotFoundError, OutOfStockError, CardDeclinedError
   * @throws OrderFailedError when something broke on our side; the stock is back on the shelf
   */
  async place(request: OrderRequest): Promise<Order> {
    const { customers, orders, payments, events } = this.#parts;
    const customer = customers.get(request.customerId);
    const lines = this.#reserve(request.lines);
    const quote = priceOrder(lines, customer);
    const pending = orders.create(customer.id, lines, quote);
    try {
      const receipt = await payments.charge(pending, request.payment);
      orders.setStatus(pending.id, 'paid', receipt);
      const order: Order = { ...pending, status: 'paid', receipt };
      events.emit('paid', order, customer);
      return order;
    } catch (error) {
      this.#release(pending);
      if (error instanceof CardDeclinedError) throw error;
      throw new OrderFailedError(pending.id, error);
    }
  }

  find(id: number): Order {
    return this.#parts.orders.get(id);
  }

  #reserve(wishes: OrderRequest['lines']): OrderLine[] {
    const { db, products } = this.#parts;
    return db.transaction(() => {
      const lines: OrderLine[] = [];
      for (const { sku, quantity } of wishes) {
        const { name, price } = products.take(sku, quantity);
        lines.push({ sku, name, quantity, unitPrice: price });
      }
      return lines;
    });
  }

  #release(order: Order): void {
    const { products, orders } = this.#parts;
    for (const { sku, quantity } of order.lines) products.putBack(sku, quantity);
    orders.setStatus(order.id, 'failed', null);
  }
}
