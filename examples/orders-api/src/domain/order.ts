/** An order, from the wish to the stored record. */
import type { Cents } from './money.ts';

export type OrderStatus = 'pending' | 'paid' | 'failed';

/** What a customer asks for. */
export interface OrderRequest {
  readonly customerId: number;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly payment: PaymentMethod;
}

export interface PaymentMethod {
  /** Which bank's network the card belongs to. */
  readonly network: string;
  readonly cardToken: string;
}

export interface OrderLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Cents;
}

export interface Quote {
  readonly subtotal: Cents;
  readonly discount: Cents;
  readonly tax: Cents;
  readonly total: Cents;
}

export interface Order {
  readonly id: number;
  readonly customerId: number;
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  readonly quote: Quote;
  /** The bank's receipt, once paid. */
  readonly receipt: string | null;
}
