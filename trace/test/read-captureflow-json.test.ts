import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { buildTrace, checkCaptureFlowJson, fromCaptureFlowJson, toCaptureFlowJson } from '../src/index.ts';
import type { Trace, Value } from '../src/index.ts';
import { toPythonValue } from '../src/python-value.ts';
import { valueOfPython } from '../src/read-python-value.ts';
import { functions, StreamBuilder, toModel } from './stream-builder.ts';

const ASSETS = fileURLToPath(new URL('../../../shared/assets/captureflow/', import.meta.url));
const SAMPLES = ['sample_trace.json', 'sample_trace_with_exception.json'].filter((name) => existsSync(ASSETS + name));

function sample(name: string): Trace {
  return fromCaptureFlowJson(JSON.parse(readFileSync(ASSETS + name, 'utf8'))) as Trace;
}

function own(): Trace {
  const error: Value = { kind: 'error', id: 1, className: 'RangeError', message: 'too far', entries: [] };
  const s = new StreamBuilder().time(100);
  const a = s.enterAt(0, 0, 'TOP', 'first', 2);
  s.time(110);
  const b = s.enter(1, 7);
  s.time(120).throw(b, 0, 1, error).exit(a, toModel('done')).time(130);
  const table = functions({ name: 'Api.get', line: 3, parameters: ['argument', 'limit'] }, { name: 'load', line: 5, parameters: ['id'] });
  return buildTrace([s.segment({ functions: table })]);
}

/** What the format can carry of a trace. */
function shape(trace: Trace): unknown {
  return trace.spans.map(({ spanId, parent, start, end, args, outcome, children, function: fn }) => ({
    spanId,
    parent,
    start: Math.round(start * 1000),
    end: end === undefined ? undefined : Math.round(end * 1000),
    args: args.map(({ value }) => value),
    outcome: outcome.kind,
    children,
    name: fn.name,
    module: fn.module,
  }));
}

describe('fromCaptureFlowJson', () => {
  test('reads back what our own writer writes: ids, tree, times to the microsecond, arguments, outcomes', () => {
    const trace = own();
    const read = fromCaptureFlowJson(toCaptureFlowJson(trace)) as Trace;
    expect(shape(read)).toEqual(shape(trace));
    expect(read.traceId).toBe(trace.traceId);
    expect(read.dropped).toEqual({});
    expect(read.spans[1]?.outcome).toMatchObject({ error: { className: 'RangeError', message: 'too far' } });
  });

  test.each(SAMPLES)("reads CaptureFlow's own %s, and what is written of it again passes the server's rules", (name) => {
    const trace = sample(name);
    expect(trace.dropped).toEqual({});
    expect(trace.root.name).toBe('calculate_average');
    expect(trace.spans.every(({ outcome }) => outcome.kind !== 'open')).toBe(true);
    expect(trace.spans.reduce((sum, { lines }) => sum + lines.length, 0)).toBe(name === 'sample_trace.json' ? 45 : 17);
    expect(checkCaptureFlowJson(toCaptureFlowJson(trace))).toEqual([]);
    expect(shape(fromCaptureFlowJson(toCaptureFlowJson(trace)) as Trace)).toEqual(shape(trace));
  });

  test.each(SAMPLES.filter((name) => name.includes('exception')))('sees that the error of %s went on through its caller', (name) => {
    const threw = sample(name).spans.filter(({ outcome }) => outcome.kind === 'threw');
    expect(threw.map((span) => span.function.name)).toEqual(['calculate_average', 'calculate_avg']);
    expect(new Set(threw.map(({ outcome }) => outcome.kind === 'threw' && outcome.errorId)).size).toBe(1);
    expect(sample(name).root.error).toEqual({ type: 'ZeroDivisionError', message: 'division by zero' });
  });

  test('gives nothing for what is no such trace', () => {
    for (const input of [undefined, null, 3, 'x', [], {}, { execution_trace: {} }]) expect(fromCaptureFlowJson(input)).toBeUndefined();
  });

  test('survives events that make no sense and counts them', () => {
    const call = { event: 'call', id: 'a', caller_id: null, function: 'f', file: 'a.py', line: 1, timestamp: '2024-03-30T15:39:57.000001' };
    const events = [
      null,
      { event: 'return', caller_id: 'nobody' },
      call,
      { ...call, function: 'twice' },
      { ...call, id: 'b', caller_id: 'b', timestamp: 'yesterday', arguments: { args: [1, null], kwargs: 7 } },
      { event: 'mystery', caller_id: 'a' },
      { event: 'exception', caller_id: 'b', exception_info: 5 },
    ];
    const trace = fromCaptureFlowJson({ execution_trace: events }) as Trace;
    expect(trace.dropped).toEqual({ 'decoder.event': 4 });
    expect(trace.spans.map(({ parent, outcome }) => [parent, outcome.kind])).toEqual([
      [0, 'open'],
      [0, 'threw'],
    ]);
    expect(trace.duration).toBeUndefined();
  });
});

describe('valueOfPython', () => {
  const same: readonly Value[] = [
    { kind: 'null' },
    { kind: 'boolean', value: true },
    { kind: 'number', value: 1.5 },
    { kind: 'number', value: Number.NaN },
    { kind: 'number', value: Number.NEGATIVE_INFINITY },
    { kind: 'bigint', value: 2n ** 80n },
    { kind: 'string', value: '12' },
    { kind: 'array', id: 1, className: 'Array', size: 1, items: [{ kind: 'number', value: 1 }] },
    { kind: 'set', id: 1, className: 'Set', size: 1, items: [{ kind: 'number', value: 1 }] },
    { kind: 'object', id: 1, className: 'Cart', size: 1, entries: [{ name: 'total', value: { kind: 'number', value: 3 } }] },
    { kind: 'function', name: 'main', form: 'function' },
    { kind: 'function', name: 'Cart', form: 'class' },
  ];
  test.each(same.map((value) => [value.kind, value] as const))('gives back a value of kind %s', (_, value) => {
    const read = valueOfPython(toPythonValue(value));
    expect(read).toEqual(value);
  });

  test('keeps the text that Python has of an object without JSON', () => {
    expect(valueOfPython({ python_type: "<class 'Path'>", json_serialized: '/srv/a b' })).toEqual({
      kind: 'object',
      id: 1,
      className: 'Path',
      size: 1,
      entries: [{ name: 'str', value: { kind: 'string', value: '/srv/a b' } }],
    });
  });

  test.each([undefined, null, 4, {}, { json_serialized: 4 }])('%j is unreadable', (value) => {
    expect(valueOfPython(value)).toEqual({ kind: 'unreadable' });
  });
});
