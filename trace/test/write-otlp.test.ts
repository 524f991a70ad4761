import { describe, expect, it } from 'vitest';
import { buildTrace, otlpSpans, toOtlpJson } from '../src/index.ts';
import type { OtlpOptions, OtlpSpan, Trace } from '../src/index.ts';
import { utf8Length } from '../src/utf8-fit.ts';
import { attributesOf, ERROR, list, PARENT, randomTrace, sampleTrace, spanNamed, wideTrace } from './otlp-samples.ts';
import { functions, StreamBuilder } from './stream-builder.ts';

function spansOf(trace: Trace, options: OtlpOptions = {}): readonly OtlpSpan[] {
  return toOtlpJson([trace], options).resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
}

describe('toOtlpJson', () => {
  it('writes the root as a server span and each function as an internal span under its caller', () => {
    const [root, outer, load] = spansOf(sampleTrace());
    expect(root).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: '00f067aa0ba902b7',
      name: 'GET /orders',
      kind: 2,
      startTimeUnixNano: '1700000000100000000',
      endTimeUnixNano: '1700000000200000000',
    });
    expect(root).not.toHaveProperty('parentSpanId');
    expect(outer).toMatchObject({ name: 'Api.get', kind: 1, spanId: '00f067aa0ba902b8', parentSpanId: root?.spanId });
    expect(load).toMatchObject({
      name: 'load',
      parentSpanId: outer?.spanId,
      startTimeUnixNano: '1700000000110000000',
      endTimeUnixNano: '1700000000121000000',
    });
  });

  it('names the code by the semantic conventions and puts arguments and return values into JSON texts', () => {
    const spans = spansOf(sampleTrace());
    expect(attributesOf(spanNamed(spans, 'Api.get'))).toMatchObject({
      'code.function.name': 'Api.get',
      'code.file.path': 'src/app.ts',
      'code.line.number': 3,
      'code.column.number': 1,
      'captureflow.args': '{"items":["a"],"limit":2}',
    });
    expect(attributesOf(spanNamed(spans, 'load'))).toMatchObject({
      'captureflow.args': '{"id":7}',
      'captureflow.return': '"row"',
      'captureflow.suspended_ms': 8,
    });
  });

  it('sets the status of what threw and of the failed root to error, and leaves it unset elsewhere', () => {
    const spans = spansOf(sampleTrace());
    for (const name of ['GET /orders', 'Api.get', 'check']) {
      expect(spanNamed(spans, name).status).toEqual({ code: 2, message: 'too far' });
      expect(attributesOf(spanNamed(spans, name))).toMatchObject({ 'error.type': 'RangeError' });
    }
    expect(spanNamed(spans, 'load').status).toEqual({});
  });

  it('records the exception where it passes, with the call path where it came up', () => {
    const spans = spansOf(sampleTrace());
    const [event] = spanNamed(spans, 'check').events ?? [];
    expect(event).toMatchObject({ name: 'exception', timeUnixNano: '1700000000131000000' });
    expect(attributesOf(event ?? {})).toEqual({
      'exception.type': 'RangeError',
      'exception.message': 'too far',
      'exception.stacktrace': 'RangeError: too far\n    at check (src/app.ts:20:1)\n    at Api.get (src/app.ts:3:1)',
    });
    expect(attributesOf(spanNamed(spans, 'Api.get').events?.[0] ?? {})).toEqual({
      'exception.type': 'RangeError',
      'exception.message': 'too far',
    });
  });

  it('records a pause as an event with its length', () => {
    const [event] = spanNamed(spansOf(sampleTrace()), 'load').events ?? [];
    expect(event).toMatchObject({ name: 'pause', timeUnixNano: '1700000000112000000' });
    expect(attributesOf(event ?? {})).toEqual({ 'captureflow.pause': 'await', 'captureflow.pause_ms': 8 });
  });

  it('keeps the attributes of the root: texts, numbers and lists of texts as they are, the rest as JSON', () => {
    expect(attributesOf(spansOf(sampleTrace())[0] ?? {})).toMatchObject({
      'captureflow.root.kind': 'http',
      'http.request.method': 'GET',
      'http.response.status_code': 500,
      tags: ['a', 'b'],
      more: '{"deep":[1]}',
    });
  });

  it('says which process it was, one resource for all traces of it', () => {
    const other = { ...sampleTrace(), process: { pid: 8, threadId: 0, service: '', runtime: 'bun 1.3' } };
    const request = toOtlpJson([sampleTrace(), wideTrace(1), other], {
      version: '1.2.3',
      resource: { 'deployment.environment.name': 'ci' },
    });
    expect(request.resourceSpans.map(({ resource }) => attributesOf(resource))).toEqual([
      {
        'service.name': 'svc',
        'process.pid': 7,
        'process.runtime.name': 'nodejs',
        'process.runtime.version': '20',
        'telemetry.sdk.language': 'nodejs',
        'telemetry.sdk.name': 'captureflow',
        'telemetry.sdk.version': '1.2.3',
        'deployment.environment.name': 'ci',
      },
      expect.objectContaining({ 'service.name': 'unknown_service', 'process.runtime.name': 'bun', 'process.runtime.version': '1.3' }),
    ]);
    expect(request.resourceSpans[0]?.scopeSpans[0]?.scope).toEqual({ name: '@captureflow/runtime', version: '1.2.3' });
    expect(request.resourceSpans[0]?.scopeSpans[0]?.spans).toHaveLength(4 + 3);
  });

  it('hangs the root under the remote parent that called it', () => {
    const trace = sampleTrace();
    const [root] = spansOf({ ...trace, root: { ...trace.root, parent: PARENT } });
    expect(root).toMatchObject({ parentSpanId: PARENT.spanId, flags: 0x301 });
  });

  it('cuts texts to the bytes that backends take, says so and links to the full trace', () => {
    const s = new StreamBuilder().time(100);
    const text = 'ä'.repeat(5000);
    s.exit(s.enterAt(0, 0, 'TOP', text, 1), { ...list(...Array.from({ length: 500 }, (_, i) => `entry ${i}`)) });
    s.throw(s.enterAt(0, 0, 'TOP', 1, 2), 0, 1, { ...ERROR, message: text } as typeof ERROR);
    const trace = buildTrace([s.segment({ functions: functions({ name: 'f', parameters: ['text', 'n'] }) })]);
    const spans = spansOf(trace, { traceUrl: (traceId) => `http://traces.example/${traceId}` });
    const [root, returned, threw] = spans;
    const attributes = attributesOf(returned ?? {});
    expect(attributes).toMatchObject({
      'captureflow.args.truncated': true,
      'captureflow.return.truncated': true,
      'captureflow.trace.url': `http://traces.example/${trace.traceId}`,
    });
    const args = JSON.parse(attributes['captureflow.args'] as string) as { text: string; n: number };
    expect(args.n).toBe(1);
    expect(args.text).toMatch(/^ä{900,}…$/);
    expect((JSON.parse(attributes['captureflow.return'] as string) as string[]).at(-1)).toMatch(/^…\+\d+ more$/);
    expect(attributesOf(root ?? {})).toHaveProperty(['captureflow.trace.url']);
    expect(attributesOf(threw ?? {})).toHaveProperty(['captureflow.trace.url']);
    for (const span of spans) {
      for (const holder of [span, ...(span.events ?? [])]) {
        for (const value of Object.values(attributesOf(holder))) {
          if (typeof value === 'string') expect(utf8Length(value)).toBeLessThanOrEqual(2000);
        }
      }
      expect(utf8Length(span.status?.message ?? '')).toBeLessThanOrEqual(2000);
    }
  });

  it('leaves values out when asked to', () => {
    const keys = spansOf(sampleTrace(), { values: false }).flatMap((span) => Object.keys(attributesOf(span)));
    expect(keys).not.toContain('captureflow.args');
    expect(keys).not.toContain('captureflow.return');
    expect(keys).toContain('code.function.name');
  });

  it('states what was lost, left out and counted', () => {
    const s = new StreamBuilder().time(100);
    const f = s.enterAt(0, 0, 'TOP');
    s.elided(1, f, 40).elided(1, 0, 2).gap(9);
    const trace: Trace = {
      ...buildTrace([s.segment({ functions: functions({ name: 'f' }, { name: 'g' }), dropped: { ring: 9 }, end: null })]),
      kept: 'slow',
      rootsDropped: { policy: 3 },
    };
    const [root, span] = spansOf(trace);
    expect(attributesOf(root ?? {})).toMatchObject({
      'captureflow.outcome': 'open',
      'captureflow.dropped.ring': 9,
      'captureflow.kept': 'slow',
      'captureflow.roots_dropped.policy': 3,
      'captureflow.elided.calls': 2,
    });
    expect(root?.events?.map(({ name }) => name)).toEqual(['gap']);
    expect(attributesOf(span ?? {})).toMatchObject({
      'captureflow.outcome': 'open',
      'captureflow.elided.calls': 40,
      'captureflow.elided.functions': '{"src/app.ts#g":40}',
    });
  });

  it('counts the events that have no place and keeps the exception', () => {
    const s = new StreamBuilder().time(100);
    const f = s.enterAt(0, 0, 'TOP');
    for (let i = 0; i < 300; i++)
      s.time(100 + i)
        .suspend(f)
        .resume(f);
    s.throw(f, 0, 1, ERROR);
    const span = spansOf(buildTrace([s.segment({ functions: functions({ name: 'f' }) })]), { maxEvents: 10 })[1];
    expect(span?.events).toHaveLength(10);
    expect(span?.events?.at(-1)?.name).toBe('exception');
    expect(span?.droppedEventsCount).toBe(291);
  });

  it('sends a share of the traces by their ids, and all with errors', () => {
    const traces = Array.from({ length: 400 }, (_, i) => ({
      ...wideTrace(1),
      traceId: `${'0'.repeat(18)}${Math.floor((i / 400) * 0x10000)
        .toString(16)
        .padStart(4, '0')}${'0'.repeat(10)}`,
    }));
    const count = (options: OtlpOptions, list: readonly Trace[] = traces): number =>
      list.filter((trace) => spansOf(trace, options).length > 0).length;
    expect(count({ sampleRatio: 0.25 })).toBe(100);
    expect(count({ sampleRatio: 0 })).toBe(0);
    expect(count({})).toBe(400);
    expect(count({ sampleRatio: 0 }, [sampleTrace()])).toBe(1);
    expect(count({ sampleRatio: 0, keepErrors: false }, [sampleTrace()])).toBe(0);
  });

  it('writes every trace without a number, an id or a text that the format does not allow', () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= 100; seed++) {
      const room = 64 + (seed % 5) * 100;
      const spans = spansOf(randomTrace(seed), { maxAttributeBytes: room });
      const ids = new Set(spans.map(({ spanId }) => spanId));
      if (ids.size !== spans.length) wrong.push(`${seed}: ids`);
      for (const { name, parentSpanId = '', startTimeUnixNano, endTimeUnixNano, attributes } of spans.slice(1)) {
        if (!ids.has(parentSpanId)) wrong.push(`${seed} ${name}: parent`);
        if (BigInt(endTimeUnixNano) < BigInt(startTimeUnixNano)) wrong.push(`${seed} ${name}: times`);
        for (const { key, value } of attributes) {
          const text = value.stringValue;
          if (text === undefined) continue;
          if (utf8Length(text) > room) wrong.push(`${seed} ${name}: ${key} has ${utf8Length(text)} bytes`);
          if (/^captureflow\.(args|return|locals|annotations|thrown)$/.test(key) && !isJson(text)) wrong.push(`${seed} ${name}: ${text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('pruning', () => {
  it('keeps the longest spans and counts the others at the span above them', () => {
    const spans = spansOf(wideTrace(100), { maxSpans: 11 });
    expect(spans.map(({ name }) => name)).toEqual(['test', 'top', ...Array<string>(10).fill('leaf')]);
    expect(attributesOf(spanNamed(spans, 'top'))).toMatchObject({ 'captureflow.pruned.spans': 90 });
    expect(attributesOf(spans.at(-1) ?? {})).toMatchObject({ 'captureflow.args': '{"n":100}' });
  });

  it('keeps errors before longer spans, unless told not to', () => {
    const kept = (keepErrors: boolean): unknown[] =>
      spansOf(wideTrace(20, 5), { maxSpans: 5, keepErrors }).map((span) => attributesOf(span)['captureflow.args']);
    expect(kept(true)).toEqual([undefined, undefined, '{"n":5}', '{"n":10}', '{"n":15}', '{"n":20}']);
    expect(kept(false)).toEqual([undefined, undefined, '{"n":17}', '{"n":18}', '{"n":19}', '{"n":20}']);
    expect(attributesOf(spanNamed(spansOf(wideTrace(20, 5), { maxSpans: 1, keepErrors: false }), 'top'))).toMatchObject({
      'captureflow.pruned.spans': 20,
      'captureflow.pruned.errors': 4,
    });
  });

  it('leaves out short and deep spans', () => {
    expect(spansOf(wideTrace(20), { minDuration: 15 })).toHaveLength(2 + 6);
    expect(spansOf(wideTrace(20), { maxDepth: 1 }).map(({ name }) => name)).toEqual(['test', 'top']);
    expect(spansOf(wideTrace(20), { maxSpans: 0 }).map(({ name }) => name)).toEqual(['test']);
  });

  it('hangs what stays under the nearest span above it that stays', () => {
    const s = new StreamBuilder().time(100);
    const outer = s.enterAt(0, 0, 'TOP');
    const short = s.enterAt(1, outer, 'CALL' as never);
    s.time(101).exit(short);
    // Started by the short one, and longer than it: work that went on by itself.
    const long = s.enterAt(2, short, 'LEXICAL');
    s.time(150).exit(long).exit(outer);
    const trace = buildTrace([s.segment({ functions: functions({ name: 'outer' }, { name: 'short' }, { name: 'long' }) })]);
    const spans = spansOf(trace, { minDuration: 10 });
    expect(spans.map(({ name }) => name)).toEqual(['test', 'outer', 'long']);
    expect(spanNamed(spans, 'long').parentSpanId).toBe(spanNamed(spans, 'outer').spanId);
  });
});

describe('otlpSpans', () => {
  it('writes of a trace that was sent before only what is new, and continues what was open', () => {
    const s = new StreamBuilder().time(100);
    const f = s.enterAt(0, 0, 'TOP');
    const first = s.segment({ functions: functions({ name: 'f' }, { name: 'late' }) });
    const before = otlpSpans(buildTrace([first]));
    expect(before.spans.map(({ name }) => name)).toEqual(['test', 'f']);
    expect([...before.sent.open]).toEqual([f]);

    const t = new StreamBuilder().stack(2, [f, 0, 0, 1]).time(300);
    t.exit(t.enter(1), 1).time(310).exit(f, 'done');
    const whole = buildTrace([first, t.segment({ part: 1, functions: functions({ name: 'f' }, { name: 'late' }) })]);
    const { spans, sent } = otlpSpans(whole, {}, before.sent);
    expect(spans.map(({ name }) => name)).toEqual(['f', 'late']);
    const [continued, late] = spans;
    const original = before.spans[1] as OtlpSpan;
    expect(continued?.spanId).not.toBe(original.spanId);
    expect(continued).toMatchObject({ parentSpanId: original.spanId, links: [{ traceId: whole.traceId, spanId: original.spanId }] });
    expect(attributesOf(continued ?? {})).toMatchObject({ 'captureflow.continues': true, 'captureflow.return': '"done"' });
    expect(late?.parentSpanId).toBe(original.spanId);
    expect(sent.open.size).toBe(0);
    expect(otlpSpans(whole, {}, sent).spans).toEqual([]);
  });

  it('continues a root that was sent before it had ended', () => {
    const s = new StreamBuilder().time(100);
    s.exit(s.enterAt(0, 0, 'TOP'));
    const fns = functions({ name: 'f' });
    const before = otlpSpans(buildTrace([s.segment({ functions: fns, end: null })]));
    expect([...before.sent.open]).toEqual([0]);
    const end = new StreamBuilder().time(180).segment({ part: 1, functions: fns });
    const { spans } = otlpSpans(buildTrace([s.segment({ functions: fns, end: null }), end]), {}, before.sent);
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({ name: 'test', parentSpanId: before.spans[0]?.spanId, endTimeUnixNano: '1700000000200000000' });
  });
});
