/** What the built, traced shop wrote about requests that overlap: the assertions are about causality, never about time. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Span, Trace } from '@captureflow/trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTraces } from '../demo/read-traces.mjs';
import { startShop } from '../demo/shop-process.mjs';
import { ancestorsOf, names, plain, plainValue, spanOf, spansOf } from './span-tree.ts';

const TOKEN = 'tok_never_written_down';
const FIRST_ORDER = 501;
const ORDERS = 8;

const example = fileURLToPath(new URL('..', import.meta.url));
const output = join(example, 'dist', 'test');
let folder: string;
let files: string[];
let traces: Trace[];
let statuses: Record<string, number[]>;
let exitCode: number | null;

beforeAll(async () => {
  const tspc = join(dirname(createRequire(import.meta.url).resolve('ts-patch/package.json')), 'bin', 'tspc.js');
  execFileSync(process.execPath, [tspc, '-p', example, '--outDir', output], { stdio: 'inherit' });
  folder = mkdtempSync(join(tmpdir(), 'orders-api-traces-'));
  const shop = await startShop(join(output, 'main.js'), folder);
  const post = (path: string, body: unknown): Promise<number> =>
    send(shop.address + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const order = (index: number, network: string): unknown => ({
    customerId: 1 + (index % 4),
    lines: [{ sku: 'tea-rooibos', quantity: index + 1 }],
    payment: { network, cardToken: TOKEN },
  });
  const orders = Array.from({ length: ORDERS }, (_, index) => post('/orders', order(index, index % 2 === 0 ? 'visto' : 'mastero')));
  const others = [post('/orders', order(20, 'nordbank')), send(`${shop.address}/reports/sales`), post('/jobs/stock-reconciliation', {})];
  statuses = { orders: await Promise.all(orders), others: await Promise.all(others) };
  exitCode = await shop.stop();
  ({ files, traces } = readTraces(folder, shop.pid));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(output, { recursive: true, force: true });
});

async function send(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.text();
  return response.status;
}

function requestsTo(name: string): Trace[] {
  return traces.filter((trace) => trace.root.kind === 'http' && trace.root.name === name);
}

function orderTraces(status: number): Trace[] {
  return requestsTo('POST /orders').filter((trace) => trace.root.attributes['http.response.status_code'] === status);
}

function only(list: Trace[]): Trace {
  expect(list).toHaveLength(1);
  return list[0] as Trace;
}

describe('the traced shop', () => {
  it('answers and ends as the plain one does', () => {
    expect(exitCode).toBe(0);
    expect(statuses).toEqual({ orders: Array.from({ length: ORDERS }, () => 201), others: [500, 200, 202] });
  });

  it('writes one trace for each request, with an end for every span and nothing lost', () => {
    expect(traces.filter((trace) => trace.root.kind === 'http')).toHaveLength(ORDERS + 3);
    for (const trace of traces) {
      expect({ name: trace.root.name, dropped: trace.dropped, gaps: trace.gaps }).toEqual({ name: trace.root.name, dropped: {}, gaps: [] });
      expect(names(trace.spans.filter((span) => span.outcome.kind === 'open'))).toEqual([]);
    }
  });

  it('keeps the work of the start and of the shutdown out of the requests', () => {
    const script = traces.filter((trace) => trace.root.kind !== 'http').flatMap((trace) => names(trace.spans));
    expect(script).toContain('seedDatabase');
    expect(script).toContain('shutDown');
    const served = traces.filter((trace) => trace.root.kind === 'http').flatMap((trace) => names(trace.spans));
    expect(served).not.toContain('seedDatabase');
    expect(served).not.toContain('shutDown');
  });
});

describe('eight orders at the same moment', () => {
  it('each have the whole of their own work, once', () => {
    const once = [
      'postOrder',
      'OrderService.place',
      'priceOrder',
      'PaymentService.charge',
      'askAcquirer',
      'readReceipt',
      'awardPoints',
      'sendReceipt',
    ];
    for (const trace of orderTraces(201)) {
      expect(once.map((name) => [name, spansOf(trace, name).length])).toEqual(once.map((name) => [name, 1]));
    }
  });

  it('show only their own values in every span, before and after each await and in the timer', () => {
    const seen = orderTraces(201).map((trace) => {
      const [line] = (plainValue(argument(spanOf(trace, 'OrderService.place'), 'request')) as { lines: { quantity: number }[] }).lines;
      const id = plain(spanOf(trace, 'OrderRepository.setStatus').args)['id'];
      const placed = spanOf(trace, 'OrderService.place').outcome;
      expect(placed.kind === 'returned' && placed.value !== undefined && plainValue(placed.value)).toMatchObject({ id, status: 'paid' });
      expect(plain(spanOf(trace, 'OutboxRepository.add').args)).toMatchObject({
        orderId: id,
        body: expect.stringContaining(`${line?.quantity} x Rooibos`),
      });
      return { id, quantity: line?.quantity };
    });
    expect(new Set(seen.map(({ id }) => id)).size).toBe(ORDERS);
    expect(seen.map(({ quantity }) => quantity).sort()).toEqual(Array.from({ length: ORDERS }, (_, index) => index + 1));
  });

  it('hang what runs after an await under the function that awaited', () => {
    for (const trace of orderTraces(201)) {
      const charge = spanOf(trace, 'PaymentService.charge');
      expect(names(ancestorsOf(trace, spanOf(trace, 'readReceipt'))).slice(0, 3)).toEqual([
        'PaymentService.#authorize',
        'PaymentService.charge',
        'OrderService.place',
      ]);
      expect(charge.suspensions.map(({ kind }) => kind)).toEqual(['await']);
    }
  });

  it('hang the listeners of an event under the function that emitted it', () => {
    for (const trace of orderTraces(201)) {
      for (const name of ['awardPoints', 'scheduleReceipt']) {
        const listener = spanOf(trace, name);
        expect(names(ancestorsOf(trace, listener))[0]).toBe('OrderService.place');
        expect(listener.link).toBe('call');
      }
    }
  });

  it('hang the timer under the closure that set it, and mark it', () => {
    for (const trace of orderTraces(201)) {
      const receipt = spanOf(trace, 'sendReceipt');
      const above = ancestorsOf(trace, receipt);
      expect(names(above)).toContain('DelayedWork.after');
      expect(above).toContain(spanOf(trace, 'scheduleReceipt'));
      expect([receipt, ...above].map(({ link }) => link)).toContain('lexical');
      expect(receipt.start).toBeGreaterThan(spanOf(trace, 'OrderService.place').end as number);
    }
  });
});

describe('the order that fails', () => {
  const AT_THE_BANK = ['readReceipt', 'PaymentService.#authorize', 'PaymentService.charge'];

  it('shows the same error at three spans', () => {
    const trace = only(orderTraces(500));
    const thrown = AT_THE_BANK.map((name) => spansOf(trace, name).at(-1)?.outcome);
    expect(thrown.map((outcome) => outcome?.kind)).toEqual(['threw', 'threw', 'threw']);
    expect(new Set(thrown.map((outcome) => outcome?.kind === 'threw' && outcome.errorId)).size).toBe(1);
    for (const outcome of thrown) {
      expect(outcome?.kind === 'threw' && outcome.error).toMatchObject({
        className: 'AcquirerError',
        message: 'nordbank answered 96: system malfunction',
      });
    }
  });

  it('shows the locals of each at the throw', () => {
    const trace = only(orderTraces(500));
    const [read, authorize, charge] = AT_THE_BANK.map((name) => plain(spansOf(trace, name).at(-1)?.locals));
    expect(read).toMatchObject({ code: '96', decline: undefined, meaning: 'system malfunction' });
    expect(authorize).toMatchObject({ network: 'nordbank', cardToken: '[redacted]', answer: { code: '96' } });
    expect(charge).toMatchObject({ attempt: 2, retry: false, error: 'AcquirerError: nordbank answered 96: system malfunction' });
  });

  it('keeps the first attempt apart from the second', () => {
    const trace = only(orderTraces(500));
    const ids = spansOf(trace, 'readReceipt').map(({ outcome }) => outcome.kind === 'threw' && outcome.errorId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  it('shows the chain of causes where the error was wrapped, and the answer that was made of it', () => {
    const trace = only(orderTraces(500));
    const { outcome } = spanOf(trace, 'OrderService.place');
    expect(outcome.kind === 'threw' && outcome.error?.kind === 'error' && plain(outcome.error.entries)).toMatchObject({
      cause: 'AcquirerError: nordbank answered 96: system malfunction',
    });
    expect(spanOf(trace, 'postOrder').outcome.kind).toBe('threw');
    const answered = spanOf(trace, 'toErrorResponse').outcome;
    expect(answered.kind === 'returned' && answered.value !== undefined && plainValue(answered.value)).toEqual([
      500,
      { error: 'internal error' },
    ]);
  });

  it('puts the stock back within its own trace', () => {
    const trace = only(orderTraces(500));
    expect(names(ancestorsOf(trace, spanOf(trace, 'ProductRepository.putBack'))).slice(0, 2)).toEqual([
      'OrderService.#release',
      'OrderService.place',
    ]);
  });
});

describe('the report that streams', () => {
  it('hangs the generators under each other and the rows under theirs', () => {
    const trace = only(requestsTo('GET /reports/sales'));
    const sales = spanOf(trace, 'ReportService.sales');
    const lines = spansOf(trace, 'toReportLine');
    expect(lines.length).toBeGreaterThanOrEqual(FIRST_ORDER - 1);
    expect(new Set(lines.map(({ parent }) => parent))).toEqual(new Set([sales.number]));
    expect([sales.link, names(ancestorsOf(trace, sales))[0]]).toEqual(['loop', 'toNdjson']);
    const pages = spanOf(trace, 'ReportService.#pages');
    expect([pages.link, names(ancestorsOf(trace, pages))[0]]).toEqual(['loop', 'ReportService.sales']);
  });

  it('marks what only its root is known of', () => {
    const trace = only(requestsTo('GET /reports/sales'));
    const stream = spanOf(trace, 'toNdjson');
    expect([stream.link, stream.parent]).toEqual(['root', 0]);
  });
});

describe('the job behind the response', () => {
  it('stays in the trace of the request that started it, every shelf under its worker', () => {
    const trace = only(requestsTo('POST /jobs/stock-reconciliation'));
    expect(names(ancestorsOf(trace, spanOf(trace, 'reconcileStock')))).toContain('JobRunner.start');
    const shelves = spansOf(trace, 'checkShelf');
    expect(shelves).toHaveLength(8);
    for (const shelf of shelves) expect(names(ancestorsOf(trace, shelf))).toContain('mapConcurrently.work');
    expect(spansOf(trace, 'mapConcurrently.work')).toHaveLength(3);
  });
});

describe('the trace files', () => {
  it('never hold a card token', () => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(readFileSync(file).includes(TOKEN)).toBe(false);
  });
});

function argument(span: Span, name: string): Span['args'][number]['value'] {
  const found = span.args.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${span.function.name} has no argument ${name}`);
  return found.value;
}
