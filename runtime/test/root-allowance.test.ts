/** Which requests are written where the budget does not pay for all: on a simulated clock. */
import { describe, expect, it } from 'vitest';
import type { RootSummary } from '../src/recorder-config.ts';
import { RootAllowance } from '../src/root-allowance.ts';

const BUDGET = 0.05;
/** Ms that writing one takes. */
const WRITING = 0.1;

interface Request extends Partial<Omit<RootSummary, 'root'>> {
  readonly name?: string;
}

/** A server of which only writing costs anything. */
class Server {
  time = 0;
  writing = WRITING;
  private cost = 0;
  readonly written: (Request & { readonly reason: string })[] = [];
  private readonly allowance: RootAllowance = new RootAllowance(0, 0);

  end(request: Request = {}): string | undefined {
    const { name = 'GET /', ...rest } = request;
    const root = { kind: 'http', name, attributes: {}, traceId: '', spanId: '', ended: true, keep: () => {} } as const;
    const common = { part: 0, ended: true, duration: 5, spans: 3, throws: 0, failed: false, droppedEvents: 0, asked: false, rare: false };
    const reason = this.allowance.reasonFor({ root, ...common, earlierKept: false, ...rest }, this.time, this.cost, BUDGET);
    if (reason === undefined) return undefined;
    this.cost += this.writing;
    this.written.push({ ...request, reason });
    return reason;
  }

  /** `perSecond` requests for so many ms; returns how many of them were written. */
  load(perSecond: number, ms: number, request: (i: number) => Request = () => ({})): number {
    const before = this.written.length;
    const requests = (perSecond * ms) / 1000;
    for (let i = 0; i < requests; i++) {
      this.time += ms / requests;
      this.end(request(i));
    }
    return this.written.length - before;
  }
}

/** Half of the budget, in requests a second, and what is saved up of it. */
const PAID = (BUDGET * 1000) / 2 / WRITING;
const SAVED = PAID / 4;

/** The first requests of a program are over, and the next second has begun with plenty. */
function warm(): Server {
  const server = new Server();
  server.load(100, 5000);
  server.time += 2000;
  return server;
}

describe('requests', () => {
  it('are all written while half of the budget pays for them', () => {
    const server = new Server();
    expect(server.load(PAID * 0.9, 20_000)).toBe(PAID * 0.9 * 20);
    expect(new Set(server.written.map(({ reason }) => reason))).toEqual(new Set(['all']));
  });

  it('of a burst after quiet time are written as many as a quarter of a second pays for', () => {
    const server = warm();
    const written = server.load(100_000, 20);
    expect(written).toBeGreaterThan(SAVED * 0.95);
    expect(written).toBeLessThan(SAVED * 1.2);
  });

  it('are all written at first, whatever they cost', () => {
    expect(new Server().load(100_000, 5)).toBe(500);
  });

  it('are written, sixteen a second, whatever they cost', () => {
    const server = warm();
    server.writing = 100;
    expect(server.load(10, 10_000)).toBe(100);
    expect(server.load(1000, 10_000)).toBeLessThan(200);
  });

  it('under a load that lasts are written as many as half of the budget pays for, and said to be a sample', () => {
    const server = new Server();
    server.load(5000, 2000);
    const from = server.written.length;
    const written = server.load(5000, 10_000);
    expect(written).toBeGreaterThan(PAID * 10 * 0.95);
    expect(written).toBeLessThan(PAID * 10 * 1.05);
    expect(new Set(server.written.slice(from).map(({ reason }) => reason))).toEqual(new Set(['sample']));
  });

  it('are all written again, and called so, when the load has gone for a second', () => {
    const server = new Server();
    server.load(5000, 5000);
    server.time += 1000;
    expect(server.end()).toBe('all');
  });
});

describe('under a load that the budget does not pay for', () => {
  it('every failed one is written as long as they are few, and every one that was asked for', () => {
    const server = new Server();
    server.load(5000, 5000, (i) => (i % 100 === 0 ? { failed: true } : i % 100 === 50 ? { asked: true } : {}));
    expect(server.written.filter(({ failed }) => failed)).toHaveLength(250);
    expect(server.written.filter(({ asked }) => asked)).toHaveLength(250);
    expect(server.written.filter(({ asked }) => asked).every(({ reason }) => reason === 'asked')).toBe(true);
  });

  it('where most of them fail no more are written than the budget pays for and a second owes', () => {
    const server = warm();
    const written = server.load(5000, 10_000, () => ({ failed: true }));
    expect(written).toBeGreaterThan(PAID * 10 + SAVED * 4);
    expect(written).toBeLessThan((PAID * 10 + SAVED * 5) * 1.02);
  });

  it('one that takes much longer than the others is written', () => {
    const server = new Server();
    server.load(5000, 5000, (i) => ({ duration: i % 500 === 499 ? 100 : 5 }));
    const slow = server.written.filter(({ duration }) => duration === 100);
    expect(slow).toHaveLength(50);
    expect(slow.at(-1)?.reason).toBe('slow');
  });

  it('every name is written once a second at least', () => {
    const server = new Server();
    server.load(5000, 10_000, (i) => (i % 1000 === 999 ? { name: `GET /rare/${(i / 1000) | 0}` } : {}));
    expect(server.written.filter(({ name }) => name?.startsWith('GET /rare'))).toHaveLength(50);
  });

  it('names that are as many as the requests change nothing', () => {
    const server = new Server();
    server.load(5000, 2000, (i) => ({ name: `GET /orders/${i}` }));
    expect(server.load(5000, 10_000, (i) => ({ name: `GET /products/${i}` }))).toBeLessThan(PAID * 10 * 1.05);
  });

  it('what is still open when the process ends is written, and what a request does after its end goes where its beginning went', () => {
    const server = new Server();
    server.load(5000, 5000);
    expect(server.end({ ended: false })).toBe('all');
    expect(server.end({ part: 1, earlierKept: true })).toBe('earlier');
    expect(server.end({ part: 1, name: 'GET /new' })).toBeUndefined();
  });
});
