import { describe, expect, it } from 'vitest';
import { buildTrace, summarize } from '../src/index.ts';
import type { SegmentHeader, TraceSummary } from '../src/index.ts';
import { functions, StreamBuilder } from './stream-builder.ts';

const FUNCTIONS = functions({ name: 'a' }, { name: 'b' });

/** Root > a > b; `thrown`: which of them throw. */
function summaryOf(thrown: readonly ('a' | 'b')[], header: Partial<SegmentHeader> = {}): Omit<TraceSummary, 'id'> {
  const s = new StreamBuilder().stack(1);
  const a = s.enterAt(0, 0, 'TOP');
  const b = s.enter(1);
  if (thrown.includes('b')) s.throw(b, 0, 1, 'reason');
  else s.exit(b);
  if (thrown.includes('a')) s.throw(a, 0, 1, 'reason');
  else s.exit(a);
  return summarize(buildTrace([s.segment({ functions: FUNCTIONS, ...header })]));
}

describe('the summary of a trace', () => {
  it('says what the root says: name, kind, times, service', () => {
    expect(summaryOf([])).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      name: 'test',
      kind: 'run',
      startTime: 1_700_000_000_100,
      duration: 100,
      spans: 2,
      errors: 0,
      outcome: 'ok',
      service: 'svc',
      source: 'native',
      dropped: 0,
    });
  });

  it('counts an error that was caught, and leaves the outcome as it was', () => {
    expect(summaryOf(['b'])).toMatchObject({ errors: 1, outcome: 'ok' });
  });

  it('is no error when the root ended well: code that is not recorded caught it', () => {
    for (const kind of ['script', 'run', 'task'] as const) {
      const root = { kind, name: 'main.ts', attributes: {} };
      expect(summaryOf(['a', 'b'], { root })).toMatchObject({ errors: 2, outcome: 'ok' });
      expect(summaryOf(['a', 'b'], { root, end: null })).toMatchObject({ errors: 2, outcome: 'open' });
    }
    const answered = { kind: 'http', name: 'GET /', attributes: { 'http.response.status_code': 404 } } as const;
    expect(summaryOf(['a', 'b'], { root: answered })).toMatchObject({ errors: 2, outcome: 'ok' });
    const failed = { kind: 'http', name: 'GET /', attributes: { 'http.response.status_code': 500 } } as const;
    expect(summaryOf([], { root: failed })).toMatchObject({ errors: 0, outcome: 'error' });
  });

  it('is an error when one leaves the recorded code of a root that cannot tell, or when the root says so', () => {
    for (const kind of ['event', 'test', 'http'] as const) {
      expect(summaryOf(['a', 'b'], { root: { kind, name: 'click', attributes: {} } })).toMatchObject({ errors: 2, outcome: 'error' });
    }
    expect(summaryOf([], { error: { type: 'Error', message: 'no' } })).toMatchObject({ errors: 0, outcome: 'error' });
    expect(summaryOf([], { root: { kind: 'http', name: 'GET /', attributes: { 'error.type': '500' } } })).toMatchObject({
      outcome: 'error',
    });
  });

  it('is open and without duration while the root has not ended', () => {
    const summary = summaryOf([], { end: null });
    expect(summary.outcome).toBe('open');
    expect(summary).not.toHaveProperty('duration');
  });

  it('knows route and status of a request, by the old name of the status, too, and takes nothing else for one', () => {
    const of = (attributes: Record<string, unknown>) => summaryOf([], { root: { kind: 'http', name: 'GET /', attributes } });
    expect(of({ 'http.route': '/orders/:id', 'http.response.status_code': 404 })).toMatchObject({ route: '/orders/:id', status: 404 });
    expect(of({ 'http.status_code': '201' })).toMatchObject({ status: 201 });
    const hostile = of({ 'http.route': { toString: 1 }, 'http.response.status_code': { toString: 1, valueOf: 1 } });
    expect(hostile).not.toHaveProperty('route');
    expect(hostile).not.toHaveProperty('status');
  });

  it('adds up what was lost, the ring’s events once', () => {
    expect(summaryOf([], { dropped: { ring: 7, poolFull: 2 } }).dropped).toBe(9);
  });
});
