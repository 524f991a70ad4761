/** Instrumented pages in a real Chromium, built by Vite for production: what arrives, what a page notices, what is left when it goes. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chromiumOptions } from '../../scripts/chromium-options.mjs';
import { servePage, type TraceReceiver, traceReceiver } from './chromium-page.ts';
import { HostWorkspace } from './host-workspace.ts';

const SHOP: Readonly<Record<string, string>> = {
  'index.html': `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title></head>
<body><h1>Shop</h1><button id="order">Order</button><button id="many">Many</button><button id="wrong">Wrong</button><button id="fail">Fail</button><button id="reject">Reject</button><p id="answer">nothing yet</p>
<script type="module" src="/src/page.ts"></script></body></html>
`,
  // Before all others: what is started here has seen every proxy of the page.
  'src/recording.ts': `import { otlpExporter, start, stats } from '@captureflow/runtime';

const query = new URLSearchParams(location.search);
start({
  exporters: [otlpExporter({ endpoint: query.get('receiver') + '/v1/traces', ...(query.has('gzip') ? { compression: 'gzip' } : {}) })],
  service: 'shop-page',
  budget: 1,
  objects: 'all',
  proxies: query.has('proxies') ? 'watched' : 'unknown',
});
Object.assign(globalThis, { stats });
`,
  'src/page.ts': `import './recording.ts';
import { runRoot } from '@captureflow/runtime';
import { placeOrder, refuse, handOut } from './orders.ts';

const answer = document.querySelector('#answer') as HTMLElement;
const on = (id: string, run: () => unknown) => (document.querySelector(id) as HTMLElement).addEventListener('click', run);

on('#order', async function clicked() {
  answer.textContent = 'total ' + (await placeOrder({ sku: 'tea', quantity: 3 }, 'Ada'));
});
on('#many', function many() {
  for (let batch = 0; batch < 4; batch++) {
    runRoot('batch ' + batch, function handOutAll() {
      for (let i = 0; i < 60; i++) handOut(i, 'x'.repeat(200));
    });
  }
});
on('#wrong', function wrong() {
  try {
    refuse('no tea');
  } catch (error) {
    answer.textContent = (error as Error).message;
  }
});
on('#fail', function fail() {
  refuse('no cups');
});
on('#reject', async function reject() {
  await placeOrder({ sku: 'tea', quantity: 1 }, 'Ada');
  refuse('no milk');
});

export const traps: string[] = [];
const guarded = new Proxy({ secret: 1 }, {
  get(target, key, self) { traps.push('get'); return Reflect.get(target, key, self); },
  ownKeys(target) { traps.push('ownKeys'); return Reflect.ownKeys(target); },
  getPrototypeOf(target) { traps.push('getPrototypeOf'); return Reflect.getPrototypeOf(target); },
  getOwnPropertyDescriptor(target, key) { traps.push('gopd'); return Reflect.getOwnPropertyDescriptor(target, key); },
});
handOut(guarded as unknown as number, 'a proxy');
Object.assign(globalThis, { traps });
`,
  'src/orders.ts': `export interface Order { sku: string; quantity: number }

export async function placeOrder(order: Order, customer: string): Promise<number> {
  const price = await priceOf(order.sku);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return sum(price, order.quantity);
}

async function priceOf(sku: string): Promise<number> {
  const response = await fetch('/index.html?' + sku);
  await response.text();
  return 7;
}

function sum(price: number, quantity: number): number {
  return price * quantity;
}

export function refuse(what: string): never {
  throw new RangeError(what);
}

export function handOut(what: unknown, to: string): string {
  return to.slice(0, 3) + typeof what;
}
`,
  'vite.config.mjs': `import captureflow from '@captureflow/hosts/vite';
export default { plugins: [captureflow()], build: { outDir: 'out', sourcemap: false }, logLevel: 'error' };
`,
};

type Counts = Readonly<Record<string, number>>;
interface Stats {
  stats(): { readonly exporters: readonly { readonly counts: Counts }[] };
}

let workspace: HostWorkspace;
let browser: Browser;
let receiver: TraceReceiver;
let page: Page;
let site: { readonly url: string; close(): void };
let noticed: string[];

beforeAll(async () => {
  workspace = await HostWorkspace.create();
  workspace.delete('src');
  workspace.write(SHOP);
  const built = await workspace.node([workspace.command('vite'), 'build']);
  if (built.code !== 0) throw new Error(`the page could not be built: ${built.stderr}`);
  browser = await chromium.launch(chromiumOptions());
}, 240_000);

afterAll(async () => {
  await browser?.close();
  workspace?.remove();
});

beforeEach(async () => {
  receiver = await traceReceiver();
  site = await servePage(join(workspace.folder, 'out'), receiver.url);
  page = await browser.newPage();
  noticed = [];
  page.on('pageerror', (error) => noticed.push(String(error)));
  page.on('console', (message) => noticed.push(message.text()));
});

afterEach(async () => {
  await page.close();
  receiver.close();
  site.close();
});

const open = (more = ''): Promise<unknown> => page.goto(`${site.url}/?receiver=${encodeURIComponent(receiver.url)}${more}`);
const answered = (text: string): Promise<unknown> => page.getByText(text, { exact: true }).waitFor();

/**
 * Clicks the button and says that the page is hidden before anything else can happen, as when another tab comes in front of it: headless Chromium never hides a page. Answers
 * with the exporter's counts right after it.
 */
const clickAndHide = (button: string): Promise<Counts> =>
  page.evaluate((selector) => {
    const { document, dispatchEvent } = globalThis as unknown as {
      document: { querySelector(selector: string): { click(): void } };
      dispatchEvent(event: Event): void;
    };
    document.querySelector(selector).click();
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    dispatchEvent(new Event('visibilitychange'));
    return (globalThis as unknown as Stats).stats().exporters[0]?.counts ?? {};
  }, button);

test('a click is a trace with the names, arguments and asynchronous spans of the minified code', async () => {
  await open('&proxies');
  await page.click('#order');
  await answered('total 21');
  const root = await receiver.has('click button#order');
  const spans = receiver.sent.flatMap((request) => request.spans).filter(({ traceId }) => traceId === root.traceId);
  const parentOf = (name: string): string | undefined => {
    const child = spans.find((span) => span.name === name);
    return spans.find(({ spanId }) => spanId === child?.parentSpanId)?.name;
  };
  const names = ['click button#order', 'clicked', 'placeOrder', 'placeOrder.<anonymous>', 'priceOf', 'sum'];
  expect(spans.map(({ name }) => name).sort()).toEqual(names);
  expect(names.map(parentOf)).toEqual([undefined, 'click button#order', 'clicked', 'placeOrder', 'placeOrder', 'placeOrder']);
  const { attributes } = await receiver.has('placeOrder');
  expect(attributes).toMatchObject({
    'code.file.path': 'src/orders.ts',
    'code.line.number': '3',
    'captureflow.args': '{"order":{"sku":"tea","quantity":3},"customer":"Ada"}',
    'captureflow.return': '21',
    'captureflow.async': true,
  });
  // What only waited is not what took time.
  expect(Number(attributes['captureflow.suspended_ms'])).toBeGreaterThan(0);
  if (process.env['SCREENSHOT'] !== undefined) await page.screenshot({ path: process.env['SCREENSHOT'] });
  expect(noticed).toEqual([]);
});

test('bodies are compressed where that is asked for, but for those that a hidden page sends at once', async () => {
  await open('&gzip');
  await page.click('#order');
  await answered('total 21');
  await receiver.has('placeOrder');
  expect(receiver.sent.map(({ encoding }) => encoding)).toEqual(receiver.sent.map(() => 'gzip'));
  const before = receiver.sent.length;
  expect((await clickAndHide('#wrong'))['requests']).toBeGreaterThan(before);
  await receiver.has('refuse');
  expect(receiver.sent.filter(({ spans }) => spans.some(({ name }) => name === 'refuse')).map(({ encoding }) => encoding)).toEqual([
    undefined,
  ]);
  expect(noticed).toEqual([]);
});

test('what nobody handles, an error and a rejection, is what its root failed with, and the page is told as ever; errors of others are nobody’s', async () => {
  await open('&proxies');
  await page.click('#fail');
  await page.click('#reject');
  await expect.poll(() => noticed).toEqual(['RangeError: no cups', 'RangeError: no milk']);
  await page.click('#order');
  await answered('total 21');
  await page.evaluate(() => void setTimeout(() => void Promise.reject(new TypeError('of another'))));
  await expect.poll(() => noticed.length).toBe(3);
  await page.goto('about:blank');
  const roots = ['click button#fail', 'click button#reject', 'click button#order'];
  const failures = await Promise.all(roots.map(async (name) => (await receiver.has(name)).attributes['error.type']));
  expect(failures).toEqual(['RangeError', 'RangeError', undefined]);
  // The loading of the page, too.
  const failed = receiver.sent
    .flatMap(({ spans }) => spans)
    .filter(({ attributes, parentSpanId }) => parentSpanId === '' && 'error.type' in attributes);
  expect(failed.map(({ name }) => name).sort()).toEqual(roots.slice(0, 2));
});

test('what a page leaves behind when it goes to another arrives', async () => {
  await open();
  await page.click('#wrong');
  await answered('no tea');
  await page.goto('about:blank');
  const span = await receiver.has('refuse');
  expect(span.attributes).toMatchObject({ 'captureflow.args': '{"what":"no tea"}' });
  expect(receiver.names()).toContain('click button#wrong');
  expect(noticed).toEqual([]);
});

test('a page that is hidden sends what 60 KB have room for at once, in whole traces, and the rest later', async () => {
  await open();
  const counts = await clickAndHide('#many');
  // A batch is half of it or more.
  expect(counts).toMatchObject({ delivered: 0, dropped: 0 });
  expect(counts['requests']).toBeGreaterThan(0);
  expect(counts['noRoom']).toBeGreaterThan(1);
  await expect.poll(() => receiver.names().filter((name) => name === 'handOut').length, { timeout: 20_000 }).toBe(4 * 60 + 1);
  expect(await page.evaluate(() => (globalThis as unknown as Stats).stats().exporters[0]?.counts)).toMatchObject({
    away: 0,
    dropped: 0,
    encode: 0,
  });
  expect(noticed).toEqual([]);
});

test('a page that goes leaves whole traces', async () => {
  await open();
  await page.evaluate(() => {
    const { document, location } = globalThis as unknown as {
      document: { querySelector(selector: string): { click(): void } };
      location: { href: string };
    };
    document.querySelector('#many').click();
    location.href = 'about:blank';
  });
  await receiver.has('batch 0');
  for (const { spans } of receiver.sent) expect(spans.filter(({ name }) => name === 'handOut').length % 60).toBeLessThanOrEqual(1);
  expect(noticed).toEqual([]);
});

test('no trap of a proxy runs, whether or not the page has proxies watched', async () => {
  for (const more of ['', '&proxies']) {
    await open(more);
    await page.click('#order');
    await answered('total 21');
    expect(await page.evaluate(() => (globalThis as unknown as { traps: string[] }).traps)).toEqual([]);
    await page.goto('about:blank');
  }
  const shown = (): unknown[] =>
    receiver.sent
      .flatMap(({ spans }) => spans)
      .flatMap(({ name, attributes }) => (name === 'placeOrder' || name === 'handOut' ? [attributes['captureflow.args']] : []));
  await expect
    .poll(() => shown().sort(), { timeout: 20_000 })
    .toEqual([
      // Not watched, any object might be a proxy.
      '{"order":"Object …","customer":"Ada"}',
      '{"order":{"sku":"tea","quantity":3},"customer":"Ada"}',
      '{"what":"Object …","to":"a proxy"}',
      '{"what":"Proxy","to":"a proxy"}',
    ]);
  expect(noticed).toEqual([]);
});

test('a page whose receiver is away is not disturbed', async () => {
  receiver.close();
  await open();
  await page.click('#order');
  await answered('total 21');
  expect(await clickAndHide('#wrong')).toMatchObject({ delivered: 0 });
  await answered('no tea');
  // The browser itself says what it could not reach; nothing of it is an error of the page.
  expect(noticed.filter((line) => !/Failed to load resource|captureflow: exporter otlp/.test(line))).toEqual([]);
});
