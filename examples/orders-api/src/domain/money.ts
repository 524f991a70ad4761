/** Money is an integer number of cents everywhere; only this file turns it into text. */

export type Cents = number;

/** `formatMoney(123456)` is `'€1,234.56'`. */
export function formatMoney(amount: Cents): string {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(amount / 100);
}

/** A share of an amount, rounded to whole cents. */
export function shareOf(amount: Cents, percent: number): Cents {
  return Math.round((amount * percent) / 100);
}
