/** What the shop does when an order is paid: loyalty points at once, a receipt a little later. */
import { formatMoney } from '../domain/money.ts';
import type { Customer } from '../domain/customer.ts';
import type { Order } from '../domain/order.ts';
import type { CustomerRepository } from '../repositories/customer-repository.ts';
import type { OutboxRepository } from '../repositories/outbox-repository.ts';
import type { DelayedWork } from '../jobs/delayed-work.ts';
import type { OrderEvents } from './order-events.ts';

const RECEIPT_DELAY_MS = 40;

export interface ListenerParts {
  readonly customers: CustomerRepository;
  readonly outbox: OutboxRepository;
  readonly delayed: DelayedWork;
}

export function listenToOrders(events: OrderEvents, parts: ListenerParts): void {
  const { customers, outbox, delayed } = parts;

  events.on('paid', function awardPoints(order: Order, customer: Customer) {
    const points = Math.floor(order.quote.total / 100);
    customers.addPoints(customer.id, points);
  });

  events.on('paid', function scheduleReceipt(order: Order, customer: Customer) {
    delayed.after(RECEIPT_DELAY_MS, function sendReceipt() {
      const body = writeReceipt(order, customer);
      const messageId = outbox.add(order.id, customer.email, body);
      events.emit('notified', order.id, messageId);
    });
  });
}

function writeReceipt(order: Order, customer: Customer): string {
  const items = order.lines.map((line) => `${line.quantity} x ${line.name}`).join(', ');
  return `Dear ${customer.name}, we received ${formatMoney(order.quote.total)} for ${items}.`;
}
