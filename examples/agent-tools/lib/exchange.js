/** A library as one finds it: converts money, after asking a (pretended) rate service. */
import { setTimeout as sleep } from 'node:timers/promises';

const RATES = { EUR: 1, GBP: 0.85, USD: 1.1 };

export async function convert(amount, from, to) {
  await sleep(5);
  if (!(from in RATES) || !(to in RATES)) throw new RangeError(`no rate from ${from} to ${to}`);
  return Math.round((amount / RATES[from]) * RATES[to] * 100) / 100;
}
