import { describe, expect, it } from 'vitest';
import { buildTrace, formatTree, formatValue, fromOtlpJson, otlpRequest, otlpSpans, toOtlpJson } from '../src/index.ts';
import type { Span, Trace } from '../src/index.ts';
import { PARENT, randomTrace, sampleTrace } from './otlp-samples.ts';
import { createRandom } from './random.ts';
import { functions, StreamBuilder } from './stream-builder.ts';

/** What OTLP carries of a span. Times to the microsecond: the start of a trace is no more exact. */
function essence({ spanId, parent, function: { name, module, line }, start, end, args, outcome, link }: Span): object {
  const micros = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms * 1000));
  const names = args.map((arg) => arg.name);
  return { spanId, parent, name, module, line, start: micros(start), end: micros(end), kind: outcome.kind, names, link };
}

describe('fromOtlpJson', () => {
  it('reads back what was written: tree, times, arguments, outcomes', () => {
    const trace = sampleTrace();
    const [read] = fromOtlpJson(JSON.parse(JSON.stringify(toOtlpJson([trace]))));
    expect(read?.spans.map(essence)).toEqual(trace.spans.map(essence));
    expect(read?.children).toEqual(trace.children);
    expect(read?.root).toMatchObject({ kind: 'http', name: 'GET /orders', error: { type: 'RangeError', message: 'too far' } });
    expect(read?.duration).toBe(100);
    expect(read?.process).toMatchObject({ pid: 7, service: 'svc' });
    const outer = read?.spans[0];
    expect(outer?.args.map(({ name, value }) => `${name}=${formatValue(value)}`)).toEqual(['items=["a"]', 'limit=2']);
    expect(read?.spans[1]).toMatchObject({
      outcome: { kind: 'returned', value: { value: 'row' } },
      suspensions: [{ kind: 'await', from: 12, to: 20 }],
    });
    expect(read?.spans[2]?.outcome).toMatchObject({ kind: 'threw', errorId: 1, error: { className: 'RangeError', message: 'too far' } });
    expect(formatTree(read as Trace)).toContain('Api.get');
  });

  it('is so for 50 random traces', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const trace = randomTrace(seed);
      const [read] = fromOtlpJson(toOtlpJson([trace]));
      const byId = (spans: readonly Span[]): string[] =>
        spans.map(({ spanId, parent, outcome }) => `${spanId} ${parent === 0 ? '' : spans[parent - 1]?.spanId} ${outcome.kind}`).sort();
      expect(byId(read?.spans ?? []), `seed ${seed}`).toEqual(byId(trace.spans));
    }
  });

  it('joins a span with what was sent of it later', () => {
    const s = new StreamBuilder().time(100);
    const f = s.enterAt(0, 0, 'TOP', 1);
    const fns = functions({ name: 'f', parameters: ['n'] });
    const first = s.segment({ functions: fns, end: null });
    const before = otlpSpans(buildTrace([first]));
    const end = new StreamBuilder().stack(2, [f, 0, 0, 1]).time(150).exit(f, 'done').segment({ part: 1, functions: fns });
    const trace = buildTrace([first, end]);
    const requests = [before.spans, otlpSpans(trace, {}, before.sent).spans].map((spans) => otlpRequest([{ trace, spans }]));
    const [read, ...others] = fromOtlpJson(...requests);
    expect(others).toEqual([]);
    expect(read?.spans.map(essence)).toEqual(trace.spans.map(essence));
    expect(read?.duration).toBe(trace.duration);
  });

  it('reads spans of others, and makes a root of each without a parent among them', () => {
    const span = {
      traceId: 'A'.repeat(32),
      spanId: 'B'.repeat(16),
      name: 'GET',
      kind: 2,
      startTimeUnixNano: '1700000000000000000',
      endTimeUnixNano: 1_700_000_000_005_000_000,
    };
    const child = { ...span, spanId: 'c'.repeat(16), parentSpanId: 'b'.repeat(16), name: 'query', kind: 3 };
    const [trace, other] = fromOtlpJson({
      resourceSpans: [{ scopeSpans: [{ spans: [child, span, { ...span, spanId: 'd'.repeat(16), parentSpanId: PARENT.spanId }] }] }],
    });
    expect(trace).toMatchObject({ traceId: 'a'.repeat(32), root: { kind: 'http', name: 'GET' }, duration: 5 });
    expect(trace?.spans.map(({ function: { name } }) => name)).toEqual(['query']);
    expect(other?.root.parent).toEqual({ traceId: 'a'.repeat(32), spanId: PARENT.spanId });
  });

  it('counts spans that make no sense or are each other’s parents', () => {
    const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x', startTimeUnixNano: '5000000' };
    const loop = ['c', 'd'].map((id, i) => ({ ...span, spanId: id.repeat(16), parentSpanId: 'dc'[i]?.repeat(16) }));
    const [trace] = fromOtlpJson({ resourceSpans: [{ scopeSpans: [{ spans: [span, ...loop, { ...span, spanId: 'zz' }, null] }] }] });
    expect(trace?.dropped).toEqual({ 'decoder.span': 4 });
  });

  it('gives what can be read and never throws, whatever it is given', () => {
    expect(
      fromOtlpJson(undefined, null, 1, 'x', {}, [], { resourceSpans: 3 }, { resourceSpans: [{ scopeSpans: [{ spans: [[], 1] }] }] }),
    ).toEqual([]);
    const random = createRandom(3);
    const junk = [null, 7, '', 'x', [], {}, { values: 1 }, '99999999999999999999', -1];
    for (let i = 0; i < 100; i++) {
      const text = JSON.stringify(toOtlpJson([randomTrace(1 + (i % 10))]), (_key, value: unknown) =>
        random(60) === 0 ? junk[random(junk.length)] : value,
      );
      for (const trace of fromOtlpJson(JSON.parse(text))) expect(typeof formatTree(trace)).toBe('string');
    }
  });
});
