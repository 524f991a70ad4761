/** A small shop with a history, the same on every start. */
import type { Bindable, Database } from './database.ts';

const PRODUCTS: readonly (readonly [sku: string, name: string, price: number, stock: number, counted: number])[] = [
  ['tea-assam', 'Assam breakfast tea', 690, 120, 120],
  ['tea-sencha', 'Sencha green tea', 1150, 80, 77],
  ['tea-rooibos', 'Rooibos', 540, 200, 200],
  ['pot-iron', 'Cast-iron teapot', 5900, 9, 9],
  ['pot-glass', 'Glass teapot', 3200, 14, 15],
  ['cup-blue', 'Blue cup', 1450, 60, 58],
  ['cup-white', 'White cup', 1250, 75, 75],
  ['whisk', 'Bamboo whisk', 1900, 22, 22],
];

const CUSTOMERS: readonly (readonly [name: string, email: string, tier: string])[] = [
  ['Ada Byron', 'ada@example.com', 'gold'],
  ['Grace Murray', 'grace@example.com', 'regular'],
  ['Alan Mathison', 'alan@example.com', 'new'],
  ['Edsger Wybe', 'edsger@example.com', 'regular'],
];

/** Fills an empty database with products, customers and `pastOrders` paid orders. */
export function seedDatabase(db: Database, pastOrders: number): void {
  const { orders, lines } = inventHistory(pastOrders);
  db.transaction(() => {
    db.runMany('INSERT INTO products VALUES (?, ?, ?, ?, ?)', PRODUCTS);
    db.runMany('INSERT INTO customers (name, email, tier) VALUES (?, ?, ?)', CUSTOMERS);
    db.runMany('INSERT INTO orders VALUES (?, ?, ?, ?, 0, ?, ?, ?)', orders);
    db.runMany('INSERT INTO order_lines VALUES (?, ?, ?, ?, ?)', lines);
  });
}

function inventHistory(count: number): { orders: Bindable[][]; lines: Bindable[][] } {
  const orders: Bindable[][] = [];
  const lines: Bindable[][] = [];
  for (let id = 1; id <= count; id++) {
    const [sku, name, price] = PRODUCTS[(id * 5) % PRODUCTS.length] as (typeof PRODUCTS)[number];
    const quantity = 1 + ((id * 7) % 4);
    const subtotal = price * quantity;
    const tax = Math.round(subtotal * 0.2);
    orders.push([id, 1 + ((id * 3) % CUSTOMERS.length), 'paid', subtotal, tax, subtotal + tax, `seed-${id}`]);
    lines.push([id, sku, name, quantity, price]);
  }
  return { orders, lines };
}
