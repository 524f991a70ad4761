/**
 * What the demo asks of the shop: steps one after the other, the requests of a step at the same moment.
 * `show`: 'services' leaves out what lies below repositories and domain functions.
 */

const order = (customerId, network, lines, cardToken = 'tok_4f9a81c2') => ({
  method: 'POST',
  path: '/orders',
  body: { customerId, lines, payment: { network, cardToken } },
});

export const STEPS = [
  { title: 'Somebody looks around', show: 'all', requests: [{ method: 'GET', path: '/products?search=tea' }] },
  {
    title: 'Three customers order at the same moment: three trees, nothing mixed',
    note: 'Each has its own awaits, listeners and timer (⤷). What repositories do inside is left out here.',
    show: 'services',
    requests: [
      order(1, 'visto', [
        { sku: 'tea-assam', quantity: 12 },
        { sku: 'pot-iron', quantity: 1 },
      ]),
      order(2, 'mastero', [{ sku: 'cup-blue', quantity: 6 }]),
      order(4, 'visto', [{ sku: 'whisk', quantity: 2 }]),
    ],
  },
  {
    title: 'A bank breaks: from the throw to the 500, with the locals of every function on the way',
    note: 'Everything is shown. Follow the two errors up: ✗ where one was thrown, ✗ ↑ where it passed.',
    show: 'all',
    requests: [order(3, 'nordbank', [{ sku: 'pot-glass', quantity: 2 }])],
  },
  {
    title: 'A report streams 500 rows through three async generators',
    show: 'services',
    requests: [{ method: 'GET', path: '/reports/sales' }],
  },
  {
    title: 'A job goes on behind its response, three shelves at a time',
    show: 'services',
    requests: [{ method: 'POST', path: '/jobs/stock-reconciliation' }],
  },
];

/** Sends one request and reads the whole answer. */
export async function send(address, { method, path, body }) {
  const response = await fetch(address + path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, bytes: text.length };
}
