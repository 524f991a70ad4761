import { describe, expect, it } from 'vitest';
import { buildTrace, checkCaptureFlowJson, toCaptureFlowJson } from '../src/index.ts';
import type { CaptureFlowEvent, Value } from '../src/index.ts';
import { DEEPEST_CALL } from '../src/check-captureflow-json.ts';
import { localTimestamp } from '../src/local-timestamp.ts';
import { toPythonValue } from '../src/python-value.ts';
import { sample, thrown } from './captureflow-samples.ts';
import { createRandom, randomValue } from './random.ts';
import { functions, StreamBuilder, toModel } from './stream-builder.ts';

function brief(events: readonly CaptureFlowEvent[]): string[] {
  return events.map((event) => `${event.event} ${event.function}`);
}

describe('toCaptureFlowJson', () => {
  it('writes a call and a return for each span, the first function being the endpoint', () => {
    const json = sample();
    expect(checkCaptureFlowJson(json)).toEqual([]);
    expect(brief(json.execution_trace)).toEqual(['call Api.get', 'call load', 'return load', 'return Api.get']);
    expect(json).toMatchObject({
      invocation_id: '0af76519-16cd-43dd-8448-eb211c80319c',
      timestamp: localTimestamp(1_700_000_000_100),
      endpoint: 'Api.get',
      input: {
        args: [{ python_type: "<class 'str'>", json_serialized: '"first"' }],
        kwargs: { limit: { python_type: "<class 'int'>", json_serialized: '2' } },
      },
      output: { result: { python_type: "<class 'list'>", json_serialized: '[1]' } },
      call_stack: [],
      log_filename: 'temp/Api.get_trace_0af76519-16cd-43dd-8448-eb211c80319c.json',
    });
  });

  it('links calls to their parent and other events to their own call', () => {
    const [outer, inner, innerReturn, outerReturn] = sample().execution_trace;
    expect(outer?.caller_id).toBeNull();
    expect(inner?.caller_id).toBe(outer?.id);
    expect(innerReturn?.caller_id).toBe(inner?.id);
    expect(outerReturn?.caller_id).toBe(outer?.id);
    expect(inner).toMatchObject({
      event: 'call',
      return_value: { json_serialized: 'null' },
      arguments: { args: [], kwargs: { id: { json_serialized: '7' } } },
    });
    expect(innerReturn).toMatchObject({ event: 'return', line: 8, return_value: { python_type: "<class 'NoneType'>" } });
  });

  it('gives the same ids each time, and no id twice', () => {
    const ids = [...sample().execution_trace, ...thrown().execution_trace.filter(({ event }) => event === 'exception')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(sample()).toEqual(sample());
  });

  it('follows each exception by a return of null, and has no output', () => {
    const json = thrown();
    expect(checkCaptureFlowJson(json)).toEqual([]);
    expect(json).not.toHaveProperty('output');
    expect(brief(json.execution_trace)).toEqual([
      'call outer',
      'call inner',
      'exception inner',
      'return inner',
      'exception outer',
      'return outer',
    ]);
    const none = { python_type: "<class 'NoneType'>", json_serialized: 'null' };
    expect(json.execution_trace[1]).toMatchObject({ return_value: none });
    expect(json.execution_trace[3]).toMatchObject({ return_value: none });
    expect(json.execution_trace[4]).toMatchObject({
      source_line: '  // src/app.ts 3',
      exception_info: {
        type: 'RangeError',
        value: 'too far',
        traceback: [
          '  File "src/app.ts", line 3, in outer\n    // src/app.ts 3\n',
          '  File "src/app.ts", line 5, in inner\n    // src/app.ts 5\n',
        ],
      },
    });
  });

  it('has no output when the root failed, and takes what was thrown whatever it is', () => {
    const s = new StreamBuilder();
    s.exit(s.enterAt(0, 0, 'TOP'), 1)
      .throw(s.enterAt(0, 0, 'TOP'), 0, 1, 'reason')
      .throw(s.enterAt(0, 0, 'TOP'), 0, 2);
    const json = toCaptureFlowJson(buildTrace([s.segment({ functions: functions({}), error: { type: 'E', message: '' } })]));
    expect(checkCaptureFlowJson(json)).toEqual([]);
    expect(json).not.toHaveProperty('output');
    const infos = json.execution_trace.flatMap((event) => (event.event === 'exception' ? [event.exception_info] : []));
    expect(infos.map(({ type, value }) => [type, value])).toEqual([
      ['string', '"reason"'],
      ['Error', ''],
    ]);
  });

  it('gives spans that did not end a return at the end of the trace', () => {
    const s = new StreamBuilder().time(100);
    const a = s.enterAt(0, 0, 'TOP');
    s.enter(1);
    s.time(120).suspend(a);
    const json = toCaptureFlowJson(buildTrace([s.segment({ end: null, functions: functions({ name: 'a' }, { name: 'b' }) })]));
    expect(checkCaptureFlowJson(json)).toEqual([]);
    expect(brief(json.execution_trace)).toEqual(['call a', 'call b', 'return b', 'return a']);
    expect(json).not.toHaveProperty('output');
  });

  it('orders what ran concurrently by time', () => {
    const s = new StreamBuilder().time(100);
    const a = s.enterAt(0, 0, 'TOP');
    s.time(101).suspend(a).empty().time(102);
    const b = s.enterAt(1, 0, 'ROOT');
    s.time(103).suspend(b).empty().time(104).resume(a).time(105).exit(a).empty().time(106).resume(b).time(107).exit(b);
    const json = toCaptureFlowJson(buildTrace([s.segment({ functions: functions({ name: 'a' }, { name: 'b' }) })]));
    expect(brief(json.execution_trace)).toEqual(['call a', 'call b', 'return a', 'return b']);
    const stamps = json.execution_trace.map(({ timestamp }) => timestamp);
    expect([...stamps].sort()).toEqual(stamps);
    expect(json.execution_trace.map(({ caller_id }) => caller_id === null)).toEqual([true, true, false, false]);
  });

  it('tags modules of packages as library', () => {
    const s = new StreamBuilder();
    for (const fn of [0, 1, 2]) s.exit(s.enterAt(fn, 0, 'TOP'));
    const fns = functions({}, {}, {}).map((fn, i) => ({
      ...fn,
      module: ['src/node_modules_list.ts', 'node_modules/x/a.js', 'packages/p/node_modules/x/a.js'][i] as string,
    }));
    const calls = toCaptureFlowJson(buildTrace([s.segment({ functions: fns })])).execution_trace.filter(({ event }) => event === 'call');
    expect(calls.map(({ tag }) => tag)).toEqual(['INTERNAL', 'LIBRARY', 'LIBRARY']);
  });

  it('uses the line of the return where it is known, and the last line that ran', () => {
    const s = new StreamBuilder();
    const a = s.enterAt(0, 0, 'TOP');
    s.site(a, 0, 1).exit(a);
    const b = s.enterAt(0, 0, 'TOP');
    s.site(b, 1, 1).throw(b, 0, 1);
    const json = toCaptureFlowJson(
      buildTrace([
        s.segment({
          functions: functions({
            bindings: ['x'],
            sites: [
              [0, 4, [0]],
              [2, 6, [0]],
            ],
            positions: [[]],
          }),
        }),
      ]),
    );
    expect(json.execution_trace.filter(({ event }) => event === 'return').map(({ line }) => line)).toEqual([4, 6]);
  });

  it('has a trace without spans', () => {
    const json = toCaptureFlowJson(buildTrace([new StreamBuilder().segment({ root: { kind: 'http', name: 'GET /a b', attributes: {} } })]));
    expect(checkCaptureFlowJson(json)).toEqual([]);
    expect(json).toMatchObject({ endpoint: 'GET /a b', input: { args: [], kwargs: {} }, execution_trace: [] });
    expect(json.log_filename).toMatch(/^temp\/GET__a_b_trace_/);
  });

  it('keeps a parameter named __proto__', () => {
    const s = new StreamBuilder();
    s.exit(s.enterAt(0, 0, 'TOP', 1));
    const json = toCaptureFlowJson(buildTrace([s.segment({ functions: functions({ parameters: ['__proto__'] }) })]));
    expect(JSON.stringify(json.input)).toBe('{"args":[],"kwargs":{"__proto__":{"python_type":"<class \'int\'>","json_serialized":"1"}}}');
  });

  it('writes deeply nested spans, each error with a traceback that is bounded and ends at the origin', () => {
    const depth = 20_000;
    const s = new StreamBuilder();
    s.enterAt(0, 0, 'TOP');
    for (let i = 1; i < depth; i++) s.enter(i === depth - 1 ? 1 : 0);
    for (let span = depth; span > 0; span--) s.throw(span, 0, 1);
    const { execution_trace: events } = toCaptureFlowJson(buildTrace([s.segment({ functions: functions({}, { name: 'origin' }) })]));
    const tracebacks = events.flatMap((event) => (event.event === 'exception' ? [event.exception_info.traceback] : []));
    expect(events.length).toBe(3 * depth);
    expect(tracebacks.map(({ length }) => length)).toEqual(tracebacks.map((_, index) => Math.min(index + 1, 21)));
    expect(tracebacks.every((frames) => frames.at(-1)?.includes('in origin'))).toBe(true);
  });

  it('hangs calls that are too deep for the call graph of the server below the deepest that it takes', () => {
    const s = new StreamBuilder();
    s.enterAt(0, 0, 'TOP');
    for (let i = 1; i < DEEPEST_CALL + 3; i++) s.enter(0);
    const json = toCaptureFlowJson(buildTrace([s.segment({ functions: functions({}) })]));
    expect(checkCaptureFlowJson(json)).toEqual([]);
    const calls = json.execution_trace.filter(({ event }) => event === 'call');
    expect(calls.length).toBe(DEEPEST_CALL + 3);
    expect(calls.slice(-4).map(({ caller_id }) => calls.findIndex(({ id }) => id === caller_id))).toEqual([798, 798, 798, 798]);
  });
});

describe('toPythonValue', () => {
  it.each<[Value, string, string]>([
    [toModel(true), 'bool', 'true'],
    [toModel(3), 'int', '3'],
    [toModel(0.5), 'float', '0.5'],
    [toModel(Number.NaN), 'float', 'nan'],
    [toModel(Number.NEGATIVE_INFINITY), 'float', '-inf'],
    [toModel(2n ** 80n), 'int', '1208925819614629174706176'],
    [toModel('a"b'), 'str', '"a\\"b"'],
    [{ kind: 'string', value: 'abc', length: 900 }, 'str', '"abc…"'],
    [toModel(undefined), 'NoneType', 'null'],
    [{ kind: 'absent' }, 'NoneType', 'null'],
    [{ kind: 'redacted' }, 'str', '"[redacted]"'],
    [{ kind: 'function', name: 'run', form: 'async' }, 'function', '<function run>'],
    [{ kind: 'function', name: 'Cart', form: 'class' }, 'type', "<class 'Cart'>"],
    [
      { kind: 'object', id: 1, className: 'Cart', size: 3, entries: [{ name: 'self', value: { kind: 'reference', id: 1 } }] },
      'Cart',
      '{"self": "[same as #1]", "…": "+2 more"}',
    ],
    [
      { kind: 'object', id: 1, className: 'Object', size: 1, entries: [{ name: '__proto__', value: toModel(1) }] },
      'dict',
      '{"__proto__": 1}',
    ],
    [
      { kind: 'array', id: 1, className: 'Array', size: 9, items: [toModel(Number.NaN), { kind: 'promise' }] },
      'list',
      '["nan", "Promise", "…+7 more"]',
    ],
    [{ kind: 'set', id: 1, className: 'Set', size: 1, items: [toModel(1)] }, 'set', '[1]'],
    [
      {
        kind: 'map',
        id: 1,
        className: 'Map',
        size: 2,
        pairs: [
          [toModel('k'), toModel(1)],
          [toModel(2), toModel(2)],
        ],
      },
      'dict',
      '{"k": 1, "2": 2}',
    ],
    [{ kind: 'date', time: 0 }, 'datetime.datetime', '1970-01-01T00:00:00.000Z'],
    [{ kind: 'error', id: 1, className: 'TypeError', message: 'no', entries: [] }, 'TypeError', 'no'],
    [{ kind: 'regexp', source: '/a/' }, 're.Pattern', '/a/'],
    [{ kind: 'symbol', description: 's' }, 'Symbol', 'Symbol(s)'],
    [{ kind: 'buffer', className: 'Buffer', size: 1, head: 'ff' }, 'bytes', 'Buffer(1) <ff>'],
    [{ kind: 'opaque', className: 'WeakMap', size: -1 }, 'WeakMap', '[WeakMap]'],
    [{ kind: 'cut', className: '', size: 1, reason: 'depth' }, 'object', 'Object(1) …'],
    [{ kind: 'proxy' }, 'Proxy', 'Proxy'],
    [{ kind: 'getter' }, 'object', '[getter]'],
  ])('writes %o as %s', (value, type, json) => {
    expect(toPythonValue(value)).toEqual({ python_type: `<class '${type}'>`, json_serialized: json });
  });

  it('writes JSON that parses for whatever has some', () => {
    const random = createRandom(11);
    for (let i = 0; i < 500; i++) {
      const value = randomValue(random);
      if (value.kind !== 'object' && value.kind !== 'array' && value.kind !== 'map' && value.kind !== 'set') continue;
      expect(() => JSON.parse(toPythonValue(value).json_serialized)).not.toThrow();
    }
  });

  it('bounds the digits of huge integers and the depth of nesting', () => {
    expect(toPythonValue(toModel(2n ** 100_000n)).json_serialized.length).toBeLessThan(200);
    let value: Value = toModel(1);
    for (let i = 0; i < 20_000; i++) value = { kind: 'array', id: 1, className: 'Array', size: 1, items: [value] };
    expect(toPythonValue(value).json_serialized).toContain('…');
  });
});

describe('localTimestamp', () => {
  it('has microseconds and no zone, and carries into the next second', () => {
    const whole = new Date(2024, 2, 30, 15, 39, 57).getTime();
    expect(localTimestamp(whole + 589.404)).toBe('2024-03-30T15:39:57.589404');
    expect(localTimestamp(whole)).toBe('2024-03-30T15:39:57.000000');
    expect(localTimestamp(whole + 999.9999)).toBe('2024-03-30T15:39:58.000000');
    expect(localTimestamp(whole - 0.001)).toBe('2024-03-30T15:39:56.999999');
  });
});
