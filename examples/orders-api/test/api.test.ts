/** The shop as its clients see it, from source and untraced. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp, type App } from '../src/app.ts';

const PAST_ORDERS = 250;
let folder: string;
let app: App;
let address: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orders-api-test-'));
  app = createApp({ databaseFile: join(folder, 'shop.db'), pastOrders: PAST_ORDERS });
  address = await app.listen(0);
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(address + path);
  return { status: response.status, body: await response.json() };
}

async function post(path: string, body: unknown = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

function orderOf(sku: string, quantity: number, network = 'visto', cardToken = 'card-1234'): Record<string, unknown> {
  return { customerId: 1, lines: [{ sku, quantity }], payment: { network, cardToken } };
}

async function stockOf(sku: string): Promise<number | undefined> {
  const { body } = await get('/products');
  return (body as { sku: string; stock: number }[]).find((product) => product.sku === sku)?.stock;
}

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('orders', () => {
  it('takes stock and money and returns the priced order', async () => {
    const { status, body } = await post('/orders', orderOf('tea-assam', 10));
    expect(status).toBe(201);
    // gold customer 8 %, volume 2 %: 6900 - 690 = 6210, plus 20 % tax
    expect(body).toMatchObject({
      id: PAST_ORDERS + 1,
      status: 'paid',
      quote: { subtotal: 6900, discount: 690, tax: 1242, total: 7452 },
      receipt: 'visto-7452',
    });
    expect(await stockOf('tea-assam')).toBe(110);
    expect(await get(`/orders/${PAST_ORDERS + 1}`)).toEqual({ status: 200, body });
  });

  it('sends a receipt a little later', async () => {
    const { body } = await post('/orders', orderOf('whisk', 2));
    const id = (body as { id: number }).id;
    const messages = await until(
      () => get(`/orders/${id}/messages`),
      (answer) => (answer.body as unknown[]).length > 0,
    );
    expect(messages.body).toMatchObject([{ recipient: 'ada@example.com', body: expect.stringContaining('2 x Bamboo whisk') }]);
  });

  it('keeps concurrent orders apart', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((customerId) => post('/orders', { ...orderOf('cup-white', customerId), customerId })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    expect(answers.map(({ body }) => (body as { lines: { quantity: number }[] }).lines[0]?.quantity)).toEqual([1, 2, 3, 4]);
    expect(await stockOf('cup-white')).toBe(65);
  });

  it('answers 500 without a detail when the bank is broken, and puts the stock back', async () => {
    expect(await post('/orders', orderOf('pot-iron', 2, 'nordbank'))).toEqual({ status: 500, body: { error: 'internal error' } });
    expect(await stockOf('pot-iron')).toBe(9);
    expect((await get(`/orders/${PAST_ORDERS + 1}`)).body).toMatchObject({ status: 'failed', receipt: null });
  });

  it('answers 402 to an empty card, and puts the stock back', async () => {
    const answer = await post('/orders', orderOf('pot-iron', 2, 'visto', 'card-empty'));
    expect(answer).toEqual({ status: 402, body: { error: 'card declined: insufficient funds' } });
    expect(await stockOf('pot-iron')).toBe(9);
  });

  it('answers 409 and takes nothing when one line is short', async () => {
    const request = {
      ...orderOf('tea-assam', 1),
      lines: [
        { sku: 'tea-assam', quantity: 1 },
        { sku: 'pot-iron', quantity: 10 },
      ],
    };
    expect(await post('/orders', request)).toEqual({
      status: 409,
      body: { error: 'pot-iron is short by 1', details: { sku: 'pot-iron', missing: 1 } },
    });
    expect(await stockOf('tea-assam')).toBe(120);
  });

  it('answers 400 with the key path to a bad body', async () => {
    const answer = await post('/orders', orderOf('tea-assam', 0));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ details: [expect.stringMatching(/^lines\.0\.quantity: /)] });
  });

  it('answers 404 to an unknown order, product or customer', async () => {
    expect((await get('/orders/9999')).status).toBe(404);
    expect((await post('/orders', orderOf('tea-none', 1))).status).toBe(404);
    expect((await post('/orders', { ...orderOf('whisk', 1), customerId: 99 })).status).toBe(404);
  });
});

describe('the sales report', () => {
  it('streams every paid order as one JSON line with a running sum', async () => {
    const response = await fetch(`${address}/reports/sales`);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { order: number; running: number });
    expect(lines.map((line) => line.order)).toEqual(Array.from({ length: PAST_ORDERS }, (_, index) => index + 1));
    expect(lines.every((line, index) => index === 0 || line.running > (lines[index - 1]?.running ?? 0))).toBe(true);
  });
});

describe('stock reconciliation', () => {
  it('runs behind the response and corrects the books', async () => {
    const started = await post('/jobs/stock-reconciliation');
    expect(started).toMatchObject({ status: 202, body: { id: 1, state: 'running' } });
    const done = await until(
      () => get('/jobs/1'),
      (answer) => (answer.body as { state: string }).state !== 'running',
    );
    expect(done.body).toMatchObject({
      state: 'done',
      result: [
        { sku: 'cup-blue', difference: -2 },
        { sku: 'pot-glass', difference: 1 },
        { sku: 'tea-sencha', difference: -3 },
      ],
    });
    expect(await stockOf('tea-sencha')).toBe(77);
  });
});
