/** What happens to orders, for whoever wants to know. */
import { EventEmitter } from 'node:events';
import type { Customer } from '../domain/customer.ts';
import type { Order } from '../domain/order.ts';

interface OrderEventMap {
  paid: [order: Order, customer: Customer];
  notified: [orderId: number, messageId: number];
}

export class OrderEvents extends EventEmitter<OrderEventMap> {}
