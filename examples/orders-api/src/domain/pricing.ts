/** What an order costs. Pure: no clock, no database. */
import { type Customer, TIER_DISCOUNT } from './customer.ts';
import { type Cents, shareOf } from './money.ts';
import type { OrderLine, Quote } from './order.ts';

const TAX_PERCENT = 20;
const VOLUME_STEP = 10;

/** Two percent off for every ten pieces, six at most. */
export function volumeDiscount(lines: readonly OrderLine[]): number {
  const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
  return Math.min(6, Math.floor(pieces / VOLUME_STEP) * 2);
}

export function priceOrder(lines: readonly OrderLine[], customer: Customer): Quote {
  let subtotal: Cents = 0;
  for (const line of lines) subtotal += line.quantity * line.unitPrice;
  const percent = TIER_DISCOUNT[customer.tier] + volumeDiscount(lines);
  const discount = shareOf(subtotal, percent);
  const tax = shareOf(subtotal - discount, TAX_PERCENT);
  return { subtotal, discount, tax, total: subtotal - discount + tax };
}
