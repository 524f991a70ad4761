import type { FunctionInfo, NamedValue, Value } from '@captureflow/trace';
import { SpanFlag, type SpanDetails, type TraceColumns } from '@captureflow/trace/view-file';
import { describe, expect, it } from 'vitest';
import { detailsHave, findByFunction, nextMatch, valueHas } from '../src/search/find-spans.ts';
import { parseQuery } from '../src/search/search-query.ts';

function info(name: string, module: string): FunctionInfo {
  return {
    key: `${module}#${name}`,
    name,
    module,
    line: 1,
    column: 1,
    endLine: 2,
    level: 'locals',
    form: 'function',
    async: false,
    generator: false,
    parameters: [],
  };
}

const FUNCTIONS = [info('Cart.total', 'src/cart.ts'), info('load', 'src/store.ts')];

const columns: TraceColumns = {
  count: 4,
  start: Float64Array.of(0, 1, 2, 3),
  end: Float64Array.of(10, 2, Number.NaN, 3.5),
  parent: Int32Array.of(-1, 0, 0, 0),
  functionIndex: Uint32Array.of(0, 1, 1, 0),
  flags: Uint16Array.of(0, SpanFlag.THREW, SpanFlag.OPEN, SpanFlag.ASYNC),
};

function found(text: string): number[] {
  return [...findByFunction(columns, FUNCTIONS, parseQuery(text))];
}

const text = (value: string): Value => ({ kind: 'string', value });

describe('the search', () => {
  it('finds calls by the name and by the file of their function, in any case', () => {
    expect(found('cart.TOTAL')).toEqual([0, 3]);
    expect(found('store.ts')).toEqual([1, 2]);
    expect(found('nothing')).toEqual([]);
  });

  it('narrows to calls that threw, are open, are async or took longer', () => {
    expect(found('is:error')).toEqual([1]);
    expect(found('is:open')).toEqual([2]);
    expect(found('is:async')).toEqual([3]);
    expect(found('>900us')).toEqual([0, 1, 2]);
    expect(found('cart >1ms')).toEqual([0]);
  });

  it('takes other words as one text', () => {
    expect(parseQuery('  Blue   pen is:error ')).toMatchObject({ text: 'blue pen', isError: true });
    expect(parseQuery('>').text).toBe('>');
  });

  it('looks into nested values, keys and class names', () => {
    const value: Value = {
      kind: 'object',
      id: 1,
      className: 'Order',
      size: 2,
      entries: [
        { name: 'lines', value: { kind: 'array', id: 2, className: 'Array', size: 1, items: [text('Blue pen')] } },
        { name: 'byId', value: { kind: 'map', id: 3, className: 'Map', size: 1, pairs: [[text('k7'), { kind: 'number', value: 4711 }]] } },
      ],
    };
    for (const wanted of ['blue pen', 'byid', 'order', 'k7', '4711']) expect(valueHas(value, wanted)).toBe(true);
    expect(valueHas(value, 'red')).toBe(false);
  });

  it('looks into arguments, outcome, locals, line values and annotations', () => {
    const none: SpanDetails = {
      spanId: '',
      timeError: 0,
      args: [],
      outcome: { kind: 'open' },
      lines: [],
      suspensions: [],
      annotations: [],
      elided: [],
    };
    const values: NamedValue[] = [{ name: 'a', value: text('Needle') }];
    expect(detailsHave(none, 'needle')).toBe(false);
    expect(detailsHave({ ...none, args: values }, 'needle')).toBe(true);
    expect(detailsHave({ ...none, outcome: { kind: 'returned', value: text('a needle') } }, 'needle')).toBe(true);
    expect(detailsHave({ ...none, locals: values }, 'needle')).toBe(true);
    expect(detailsHave({ ...none, lines: [{ line: 1, time: 0, changed: values }] }, 'needle')).toBe(true);
    expect(detailsHave({ ...none, annotations: [text('needle')] }, 'needle')).toBe(true);
  });

  it('does not overflow on a value of 100,000 levels', () => {
    let value: Value = text('deep');
    for (let level = 0; level < 100_000; level++) value = { kind: 'array', id: level, className: 'Array', size: 1, items: [value] };
    expect(valueHas(value, 'deep')).toBe(true);
  });

  it('steps to the next and previous match, around the ends', () => {
    const matches = Uint32Array.of(2, 5, 9);
    expect([-1, 2, 3, 9].map((span) => nextMatch(matches, span, 1))).toEqual([2, 5, 5, 2]);
    expect([-1, 2, 3, 9].map((span) => nextMatch(matches, span, -1))).toEqual([9, 9, 2, 5]);
    expect(nextMatch(new Uint32Array(), 3, 1)).toBe(-1);
  });
});
