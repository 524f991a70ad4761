import { describe, expect, test } from 'vitest';
import { exportFormats, fromPlainJson } from '../src/index.ts';
import type { Trace, Value } from '../src/index.ts';
import { hostile, later, overlapping, recursion } from './export-sample.ts';

function written(...traces: Trace[]): { traces: { spans: Record<string, unknown>[] }[] } & Record<string, unknown> {
  const format = exportFormats.find(({ name }) => name === 'json')!;
  return JSON.parse([...format.write(traces)].join('')) as never;
}

const VALUES: readonly Value[] = [
  ...(['absent', 'undefined', 'null', 'promise', 'proxy', 'redacted', 'getter', 'unreadable'] as const).map((kind) => ({ kind })),
  { kind: 'boolean', value: true },
  ...[1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, -7].map((value) => ({ kind: 'number' as const, value })),
  { kind: 'string', value: '12', length: 900 },
  { kind: 'string', value: 'NaN' },
  { kind: 'bigint', value: -(2n ** 80n) },
  { kind: 'symbol', description: 'iterator' },
  { kind: 'function', name: 'f', form: 'async generator' },
  { kind: 'object', id: 1, className: 'Order', size: 9, entries: [{ name: 'function', value: { kind: 'reference', id: 1 } }] },
  { kind: 'set', id: 2, className: 'Set', size: 1, items: [{ kind: 'array', id: 3, className: 'Array', size: 0, items: [] }] },
  { kind: 'map', id: 4, className: 'Map', size: 1, pairs: [[{ kind: 'null' }, { kind: 'date', time: Number.NaN }]] },
  { kind: 'error', id: 5, className: 'TypeError', message: 'no', entries: [] },
  { kind: 'regexp', source: '/a/g' },
  { kind: 'opaque', className: 'WeakMap', size: -1 },
  { kind: 'buffer', className: 'Buffer', size: 3, head: '010203' },
  { kind: 'cut', className: '', size: -1, reason: 'hot' },
];

describe('our plain JSON', () => {
  test('comes back as the traces that were written, with every kind of value', () => {
    const [first, ...rest] = overlapping().spans;
    const full: Trace = {
      ...overlapping(),
      kept: 'slow',
      rootsDropped: { fast: 3 },
      dropped: { room: 2 },
      gaps: [{ afterSpan: 1, events: 5 }],
      spans: [
        {
          ...first!,
          args: VALUES.map((value, i) => ({ name: `v${i}`, value })),
          locals: [{ name: 'n', value: { kind: 'number', value: 1 } }],
          lines: [{ line: 4, time: 1.5, changed: [] }],
          annotations: [{ kind: 'string', value: 'note' }],
          elided: [{ function: rest[0]!.function, count: 12 }],
        },
        ...rest,
      ],
    };
    expect(fromPlainJson(written(full, later()))).toEqual([full, later()]);
    expect(fromPlainJson(written(hostile(), recursion(3000)))?.map(({ spans }) => spans.length)).toEqual([hostile().spans.length, 3000]);
  });

  test('is told from other JSON, and from a version that is not known', () => {
    for (const json of [null, 1, 'x', [], {}, { captureflow: 2, traces: [] }, { captureflow: 1 }, { traces: [] }])
      expect(fromPlainJson(json)).toBeUndefined();
  });

  test('that makes no sense is read as far as it does: no circles, no holes, no wrong types', () => {
    const json = written(overlapping());
    const [first, second, third] = json.traces[0]!.spans;
    Object.assign(first!, { parent: 3, args: 'x', outcome: null, suspensions: [1], children: [1, 1], function: 99 });
    Object.assign(second!, { parent: -1, start: 'soon', args: [{ value: { kind: 'bigint', value: '1e9' } }], link: 'magic' });
    third!['parent'] = 2.5;
    const [trace] = fromPlainJson({ ...json, traces: [...json.traces, 5] })!;
    expect(trace!.children).toEqual([1, 2, 3]);
    expect(trace!.spans[0]).toMatchObject({ number: 1, parent: 0, args: [], outcome: { kind: 'open' }, function: { name: '<unknown>' } });
    expect(trace!.spans[1]).toMatchObject({ parent: 0, start: 0, link: 'call', args: [{ name: '', value: { kind: 'unreadable' } }] });
    let deep: unknown = { kind: 'null' };
    for (let i = 0; i < 50_000; i++) deep = { kind: 'array', id: 1, className: 'Array', size: 1, items: [deep] };
    Object.assign(first!, { args: [{ name: 'deep', value: deep }] });
    expect(fromPlainJson(json)).toHaveLength(1);
  });
});
