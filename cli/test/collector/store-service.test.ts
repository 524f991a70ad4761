import { afterEach, expect, it, vi } from 'vitest';
import { packArrival } from '../../src/collector/delivery.ts';
import { StoreService } from '../../src/collector/store-service.ts';
import type { StoreNews } from '../../src/collector/store-service.ts';
import { TraceStore } from '../../src/collector/trace-store.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('says once that old traces cannot be taken away, and again when it happens anew', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const told: StoreNews[] = [];
  const retain = vi.spyOn(TraceStore.prototype, 'retain');
  const service = new StoreService({ kind: 'store', path: ':memory:', retention: { maxAge: 1, maxBytes: 1 } }, (news) => told.push(news));
  const full = (): never => {
    throw new Error('database or disk is full');
  };
  retain.mockImplementation(full);
  vi.advanceTimersByTime(10_000);
  retain.mockReturnValue({ gone: [], more: false });
  vi.advanceTimersByTime(10_000);
  retain.mockImplementation(full);
  vi.advanceTimersByTime(10_000);
  expect(told.map(({ problem }) => problem)).toEqual(Array(2).fill('old traces cannot be taken away: database or disk is full'));
  service.stop();
});

it('answers what the page asks before it stores what came earlier', async () => {
  const service = new StoreService({ kind: 'store', path: ':memory:' }, () => undefined);
  const done: string[] = [];
  const order = (name: string, asked: Promise<unknown>): Promise<unknown> => asked.then(() => done.push(name));
  // More than a commit holds.
  const add = (n: number) => {
    const body = new Uint8Array(3 * 1024 * 1024);
    return service
      .handle({ kind: 'add', arrival: packArrival({ source: 'native', pieces: [], rejected: 0, message: '' }), body })
      .then(() => n);
  };
  await Promise.all([
    order('add', add(1)),
    order('add', add(2)),
    order('add', add(3)),
    order('list', service.handle({ kind: 'list', query: {} })),
  ]);
  expect(done[0]).toBe('list');
  service.stop();
});
