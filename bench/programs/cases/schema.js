// A schema validator: zod parses an order.
import { array, email, int, number, object, optional, string, union, literal } from 'zod';

const order = object({
  id: int(),
  customer: object({ name: string().check(), email: email() }),
  lines: array(object({ sku: string(), quantity: int(), price: number(), note: optional(string()) })),
  payment: union([object({ kind: literal('card'), token: string() }), object({ kind: literal('cash') })]),
});

const input = {
  id: 7,
  customer: { name: 'Ada', email: 'ada@example.com' },
  lines: Array.from({ length: 10 }, (_, index) => ({ sku: `s-${index}`, quantity: index, price: index / 4 })),
  payment: { kind: 'cash' },
};

export function batch() {
  let parsed = 0;
  for (let i = 0; i < 20; i++) if (order.safeParse(input).success) parsed++;
  return parsed;
}
