import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TraceSource } from '@captureflow/trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArrival } from '../../src/collector/arrival.ts';
import { readStoredTrace } from '../../src/collector/stored-trace.ts';
import { TraceStore } from '../../src/collector/trace-store.ts';
import type { Changes } from '../../src/collector/trace-store.ts';
import type { TraceQuery } from '../../src/collector/trace-query.ts';
import { captureFlowJson, otlpJson, segment, traceFile, traceIdOf } from './sample-traces.ts';

let folder: string;
let store: TraceStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'captureflow-store-'));
  store = new TraceStore(join(folder, 'traces.db'));
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(source: TraceSource, body: Uint8Array | object, now: number = 0): Changes {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  return store.add([{ arrival: readArrival(source, bytes), body: gzipSync(bytes) }], now);
}

function names(query: TraceQuery = {}): string[] {
  return store.list(query).traces.map(({ name }) => name);
}

function traceOf(id: string) {
  const stored = store.read(id);
  return stored && readStoredTrace(stored);
}

describe('the store', () => {
  it('lists what was added, newest first, with what a summary says', () => {
    add('native', traceFile(segment(1, { name: 'first' }), segment(3, { name: 'third' }), segment(2, { name: 'second', throws: true })));
    const { traces } = store.list({});
    expect(traces.map(({ name }) => name)).toEqual(['third', 'second', 'first']);
    expect(traces[1]).toEqual({
      id: '1700000000002000',
      traceId: traceIdOf(2),
      name: 'second',
      kind: 'event',
      startTime: 1_700_000_000_002,
      duration: 5,
      spans: 1,
      errors: 1,
      outcome: 'error',
      service: 'shop',
      source: 'native',
      dropped: 0,
    });
  });

  it('gives each trace back from a body that it shares with others', () => {
    add('native', traceFile(segment(1, { texts: ['one'] }), segment(2, { texts: ['two'] })));
    const [second, first] = store.list({}).traces;
    expect(traceOf(first!.id)?.spans[0]?.args).toEqual([{ name: 'p0', value: { kind: 'string', value: 'one' } }]);
    expect(traceOf(second!.id)?.spans[0]?.args).toEqual([{ name: 'p0', value: { kind: 'string', value: 'two' } }]);
  });

  it('joins late work with its trace, in the same place of the list', () => {
    const { traces } = add('native', traceFile(segment(1)));
    const later = add('native', traceFile(segment(2), segment(1, { part: 1, texts: ['late'] })));
    expect(later.traces.find(({ traceId }) => traceId === traceIdOf(1))).toMatchObject({ id: traces[0]!.id, spans: 2 });
    expect(traceOf(traces[0]!.id)?.spans).toHaveLength(2);
    expect(names()).toHaveLength(2);
    expect(store.list({ text: 'late' }).traces).toMatchObject([{ id: traces[0]!.id }]);
  });

  it('takes late work that comes before its trace, and both in one body', () => {
    add('native', traceFile(segment(1, { part: 1 })));
    add('native', traceFile(segment(1), segment(2), segment(2, { part: 1 })));
    expect(store.list({}).traces.map(({ spans }) => spans)).toEqual([2, 2]);
  });

  it('takes a trace that is sent twice once, and keeps no second copy of its bytes', () => {
    const body = traceFile(segment(1, { texts: ['x'.repeat(200)] }));
    add('native', body);
    const bytes = store.bytes();
    for (let i = 0; i < 200; i++) expect(add('native', body)).toEqual({ traces: [], again: [], gone: [] });
    expect(store.bytes()).toBe(bytes);
  });

  it('keeps traces apart that begin in the same microsecond', () => {
    add('native', traceFile(...Array.from({ length: 50 }, (_, i) => segment(i + 1, { start: 7 }))));
    expect(new Set(store.list({}).traces.map(({ id }) => id)).size).toBe(50);
  });

  it('survives a start that is no time', () => {
    add('native', traceFile(segment(1, { start: -1e300 }), segment(2, { start: 1e300 })));
    expect(store.list({}).traces).toHaveLength(2);
  });

  it('pages through the list without gap or repetition', () => {
    add('native', traceFile(...Array.from({ length: 25 }, (_, i) => segment(i + 1))));
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = store.list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.traces.map(({ traceId }) => traceId));
      cursor = page.next;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => traceIdOf(25 - i)));
  });

  it('is there after it was closed and opened again', () => {
    add('native', traceFile(segment(1, { name: 'kept' })));
    store.close();
    store = new TraceStore(join(folder, 'traces.db'));
    expect(names()).toEqual(['kept']);
  });
});

describe('the log beside the database', () => {
  it('is emptied into it again and again, also when single rows were read', () => {
    store.remember('token', () => 'abc');
    for (let i = 1; i <= 700; i++) {
      const { traces } = add('native', traceFile(segment(i, { texts: [`some ${i}`, 'x'.repeat(200)] })));
      expect(store.find(traces[0]!.id)).toBeDefined();
    }
    const size = (name: string): number => statSync(join(folder, name)).size;
    expect([size('traces.db') > 100_000, size('traces.db-wal') < 20 * 1024 * 1024]).toEqual([true, true]);
  });
});

describe('searching', () => {
  beforeEach(() => {
    const request = (route: string, status: number) => ({ 'http.route': route, 'http.response.status_code': status });
    add(
      'native',
      traceFile(
        segment(1, {
          name: 'GET /orders/:id',
          kind: 'http',
          attributes: request('/orders/:id', 200),
          texts: ['ann@example.com'],
          duration: 1,
        }),
        segment(2, {
          name: 'POST /orders',
          kind: 'http',
          attributes: request('/orders', 404),
          texts: ['ann@other.org', 'Straße'],
          duration: 20,
        }),
        segment(3, { name: 'nightly', texts: ['ord_4711'], throws: true, duration: 300 }),
        segment(4, { name: '100% of_it', duration: null }),
      ),
    );
  });

  it.each<[string, TraceQuery, number[]]>([
    ['a part of the name, in any case', { name: 'ORDERS' }, [2, 1]],
    ['a name with the wildcards of SQL', { name: '% of_' }, [4]],
    ['a part of the route', { route: '/:id' }, [1]],
    ['a status', { status: '404' }, [2]],
    ['a class of statuses', { status: '2xx' }, [1]],
    ['errors', { error: true }, [3]],
    ['no errors', { error: false }, [4, 2, 1]],
    ['a duration, which an open trace has not', { minDuration: 20 }, [3, 2]],
    ['a kind', { kind: 'http' }, [2, 1]],
    ['a time', { after: 1_700_000_000_002, before: 1_700_000_000_004 }, [3, 2]],
    ['a word of an argument', { text: 'ann' }, [2, 1]],
    ['the beginning of a word', { text: 'exam' }, [1]],
    ['marks between words as one phrase', { text: 'ann@example' }, [1]],
    ['several words, all of which occur', { text: 'ann strasse' }, []],
    ['accents and case do not matter', { text: 'STRAß' }, [2]],
    ['the message of an error', { text: '"went wrong"' }, [3]],
    ['a quoted phrase, as a whole', { text: '"went wr"' }, []],
    ['the name of a function', { text: 'work' }, [4, 3, 2, 1]],
    ['words and filters together', { text: 'ann', status: '4xx', minDuration: 5 }, [2]],
    ['words among errors', { text: 'work', error: true }, [3]],
    ['what the query language of the index would obey', { text: 'work AND NOT ord* "' }, []],
    ['a quote', { text: 'o"r' }, []],
    ['nothing but marks', { text: '-- * ()' }, []],
  ])('finds by %s', (_, query, numbers) => {
    expect(store.list(query).traces.map(({ traceId }) => traceId)).toEqual(numbers.map(traceIdOf));
  });
});

describe('foreign formats', () => {
  it('keeps the last of a trace that CaptureFlow sends again', () => {
    const [first] = add('captureflow', captureFlowJson(1, { name: 'before' })).traces;
    const again = add('captureflow', captureFlowJson(1, { name: 'before', texts: ['more'] })).traces;
    expect(again).toMatchObject([{ id: first!.id, source: 'captureflow' }]);
    expect(names()).toHaveLength(1);
    expect(store.list({ text: 'more' }).traces).toHaveLength(1);
  });

  it('makes one trace of OTLP spans that come in several requests, in any order', () => {
    const whole = otlpJson(1, { texts: ['deep'] });
    const spans = whole.resourceSpans[0]!.scopeSpans[0]!.spans;
    const request = (picked: typeof spans) => ({ resourceSpans: [{ ...whole.resourceSpans[0], scopeSpans: [{ spans: picked }] }] });
    expect(spans).toHaveLength(2);
    const child = spans.filter((span) => span.parentSpanId !== undefined && span.parentSpanId !== '');
    add('otlp', request(child));
    expect(names()).toEqual(['work']);
    const before = store.list({}).traces[0]!.id;
    const changes = add('otlp', request(spans.filter((span) => !child.includes(span))));
    expect(names()).toEqual(['job']);
    expect(changes.gone).toEqual(store.list({}).traces[0]!.id === before ? [] : [before]);
    expect(traceOf(store.list({}).traces[0]!.id)?.spans).toHaveLength(1);
  });

  it('keeps roots of one trace id apart that know nothing of each other', () => {
    const [a, b] = [otlpJson(1), otlpJson(2)];
    for (const span of b.resourceSpans[0]!.scopeSpans[0]!.spans) Object.assign(span, { traceId: traceIdOf(1) });
    add('otlp', a);
    add('otlp', b);
    expect(store.list({}).traces).toHaveLength(2);
  });
});

describe('taking away', () => {
  it('leaves nothing of a deleted trace, and its neighbours as they were', () => {
    const { traces } = add('native', traceFile(segment(1, { texts: ['secret-of-one'] }), segment(2, { texts: ['of two'] })));
    const [first, second] = traces;
    const stored = store.read(first!.id)!;
    expect(store.delete(first!.id)).toEqual({ traces: [], again: [], gone: [first!.id] });
    expect(names({ text: 'secret' })).toEqual([]);
    expect(store.read(first!.id)).toBeUndefined();
    expect(traceOf(second!.id)?.spans[0]?.args[0]?.value).toMatchObject({ value: 'of two' });
    // By the place where it lay.
    const body = store.read(second!.id)!.bodies;
    expect(readStoredTrace({ ...stored, bodies: body })).toBeUndefined();
    store.delete(second!.id);
    expect(store.delete(second!.id).gone).toEqual([]);
  });

  it('removes an OTLP trace from a request that holds others', () => {
    const [a, b] = [otlpJson(1), otlpJson(2, { texts: ['still here'] })];
    const { traces } = add('otlp', { resourceSpans: [...a.resourceSpans, ...b.resourceSpans] });
    store.delete(traces.find(({ traceId }) => traceId === traceIdOf(1))!.id);
    const [left] = store.list({}).traces;
    expect(left?.traceId).toBe(traceIdOf(2));
    expect(Buffer.from(JSON.stringify(traceOf(left!.id))).includes('still here')).toBe(true);
  });

  it('lets go of what is too old, step by step, the oldest first', () => {
    const many = (from: number) => traceFile(...Array.from({ length: 600 }, (_, i) => segment(from + i)));
    add('native', many(1), 1000);
    add('native', many(1001), 2000);
    const retention = { maxAge: 500, maxBytes: Number.POSITIVE_INFINITY };
    expect(store.retain(retention, 1500)).toEqual({ gone: [], more: false });
    const steps = [store.retain(retention, 1600), store.retain(retention, 1600), store.retain(retention, 1600)];
    expect(steps.map(({ gone, more }) => [gone.length, more])).toEqual([
      [500, true],
      [100, true],
      [0, false],
    ]);
    expect(store.list({ limit: 1000 }).traces).toHaveLength(600);
    expect(store.list({ before: 1_700_000_001_000 }).traces).toEqual([]);
  });

  it('lets go of the oldest until the rest fits', () => {
    const noise = (number: number) => Array.from({ length: 40 }, (_, i) => `${Math.sin(number * 100 + i)}`);
    for (let i = 1; i <= 60; i++)
      add('native', traceFile(...Array.from({ length: 20 }, (_, j) => segment(i * 100 + j, { texts: noise(i * 100 + j) }))), i);
    const maxBytes = store.bytes() / 2;
    const retention = { maxAge: Number.POSITIVE_INFINITY, maxBytes };
    let steps = 0;
    while (store.retain(retention, 100).more) steps++;
    expect(steps).toBeGreaterThan(5);
    expect(store.bytes()).toBeLessThanOrEqual(maxBytes);
    expect(store.list({ limit: 1 }).traces[0]?.traceId).toBe(traceIdOf(6019));
    expect(store.list({ before: 1_700_000_000_200 }).traces).toEqual([]);
  });
});
