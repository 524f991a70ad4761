/** A page that esbuild built, with decorators, in a real Chromium: its traces arrive at a collector of another origin, with a token, if that lets them in. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { captureflow } from '@captureflow/esbuild-plugin';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromiumOptions } from '../../../scripts/chromium-options.mjs';
import { createService } from '../../src/collector/services.ts';
import { startCollector } from '../../src/collector/start-collector.ts';
import type { Collector } from '../../src/collector/start-collector.ts';
import { Workbench } from '../workbench.ts';

const SHOP = {
  'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true, "target": "ES2022" } }',
  'src/page.ts': `import { collectorExporter, flush, runRoot, start, stats, trace } from '@captureflow/runtime';
import { Shop } from './shop.ts';

const { COLLECTOR, TOKEN } = globalThis as unknown as { COLLECTOR: string; TOKEN: string };
start({ exporters: [collectorExporter({ url: COLLECTOR, token: TOKEN })], service: 'page', budget: 1, proxies: 'watched', events: false });

const shop = new Shop();
const outside = trace('outside', (sku: string) => sku.length);
const order = (sku: string) => runRoot('order ' + sku, async () => (await shop.order(sku)) + outside(sku));

Object.assign(globalThis, {
  async order(...skus: string[]) {
    const totals = await Promise.all(skus.map(order));
    await flush(5000);
    return { totals, calls: Shop.calls, counts: stats().exporters[0]!.counts };
  },
});
`,
  'src/shop.ts': `function counted(_prototype: object, _name: string, descriptor: PropertyDescriptor): PropertyDescriptor {
  const { value } = descriptor;
  return { ...descriptor, value(this: Shop, ...args: unknown[]) { Shop.calls++; return value.apply(this, args); } };
}
function sealed<Class extends new (...args: never[]) => object>(target: Class): Class {
  return Object.seal(target);
}

@sealed
export class Shop {
  static calls = 0;
  #prices: Record<string, number> = { tea: 3, cake: 4 };

  @counted
  async order(sku: string): Promise<number> {
    const price = await this.priceOf(sku);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return this.twice(price);
  }

  private async priceOf(sku: string): Promise<number> {
    await (await fetch('/?price')).text();
    return this.#prices[sku] ?? 0;
  }

  twice(price: number): number {
    return price * 2;
  }
}
`,
};

interface Answer {
  readonly totals: readonly number[];
  readonly calls: number;
  readonly counts: Readonly<Record<string, number>>;
}

const bench = new Workbench();
let browser: Browser;
let site: Server;
let origin: string;
let script: string;

beforeAll(async () => {
  await bench.installRuntime();
  bench.write(SHOP);
  const { outputFiles } = await build({
    absWorkingDir: bench.folder,
    entryPoints: ['src/page.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    plugins: [captureflow()],
  });
  script = outputFiles[0]?.text ?? '';
  site = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><title>Shop</title>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await chromium.launch(chromiumOptions());
}, 120_000);

afterAll(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  bench.remove();
});

/** Orders in a page; what it answered, and its errors. */
async function orderIn(
  collector: Collector,
  ...skus: readonly string[]
): Promise<{ readonly answer: Answer; readonly errors: readonly string[] }> {
  const page: Page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(origin);
  await page.evaluate(([url, token]) => Object.assign(globalThis, { COLLECTOR: url, TOKEN: token }), [collector.base, collector.token]);
  await page.addScriptTag({ type: 'module', url: '/page.js' });
  await page.waitForFunction(() => 'order' in globalThis);
  const answer = await page.evaluate(
    (wanted) => (globalThis as unknown as { order(...skus: readonly string[]): Promise<Answer> }).order(...wanted),
    skus,
  );
  await page.close();
  return { answer, errors };
}

async function collect<T>(allowedOrigins: readonly string[], use: (collector: Collector) => Promise<T>): Promise<T> {
  const collector = await startCollector({
    db: ':memory:',
    port: 0,
    root: bench.folder,
    log: () => {},
    onFailure: () => {},
    createService,
    allowedOrigins,
  });
  try {
    return await use(collector);
  } finally {
    await collector.stop();
  }
}

interface Listed {
  readonly traces: readonly { readonly name: string; readonly spans: number; readonly service: string }[];
}

/** The root's function, the decorator's, `order`, `priceOf`, what the promise is made with, `twice`, `outside` and what it wraps. */
const CALLS = 8;

it('two roots that wait beside each other arrive apart, with all calls of the decorated class', async () => {
  await collect([origin], async (collector) => {
    const { answer, errors } = await orderIn(collector, 'tea', 'cake');
    expect(errors).toEqual([]);
    expect(answer).toMatchObject({ totals: [9, 12], calls: 2, counts: { dropped: 0, away: 0, refused: 0, encode: 0 } });
    const listed = (await (
      await fetch(`${collector.base}/api/traces`, { headers: { authorization: `Bearer ${collector.token}` } })
    ).json()) as Listed;
    const orders = listed.traces.filter(({ name }) => name.startsWith('order '));
    expect(orders.map(({ name, spans }) => [name, spans]).sort()).toEqual([
      ['order cake', CALLS],
      ['order tea', CALLS],
    ]);
  });
});

it('a page that the collector does not know is not disturbed, and says how many traces nobody took', async () => {
  await collect([], async (collector) => {
    const { answer, errors } = await orderIn(collector, 'tea');
    expect(errors).toEqual([]);
    expect(answer.totals).toEqual([9]);
    expect(answer.counts['delivered']).toBe(0);
    expect((answer.counts['away'] ?? 0) + (answer.counts['refused'] ?? 0)).toBeGreaterThan(0);
  });
});
