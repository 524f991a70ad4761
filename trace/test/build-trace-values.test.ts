import { describe, expect, it } from 'vitest';
import { buildTrace, SiteKind } from '../src/index.ts';
import type { NamedValue, Span, Value } from '../src/index.ts';
import { createRandom, randomValue } from './random.ts';
import { functions, StreamBuilder, toModel } from './stream-builder.ts';
import type { TestFunction, TestValue } from './stream-builder.ts';

const { EXIT, THROW, LINE, MORE_PARAMETERS } = SiteKind;

/** Runs one span of `fn`; `run` writes what happens in it. */
function spanOf(fn: TestFunction, args: TestValue[], run: (s: StreamBuilder, span: number) => void): Span & { dropped: unknown } {
  const s = new StreamBuilder();
  run(s, s.enterAt(0, 0, 'TOP', ...args));
  const trace = buildTrace([s.segment({ functions: functions(fn) })]);
  return { ...(trace.spans[0] as Span), dropped: trace.dropped };
}

function plain(values: readonly NamedValue[] | undefined): unknown {
  return values?.map(({ name, value }) => [name, 'value' in value ? value.value : value.kind]);
}

const NINE = Array.from({ length: 9 }, (_, i) => `p${i}`);

describe('values', () => {
  const all: Value[] = [
    { kind: 'absent' },
    { kind: 'undefined' },
    { kind: 'null' },
    { kind: 'boolean', value: false },
    { kind: 'boolean', value: true },
    { kind: 'number', value: -7 },
    { kind: 'number', value: 0.5 },
    { kind: 'number', value: -0 },
    { kind: 'number', value: Number.NaN },
    { kind: 'string', value: 'text' },
    { kind: 'string', value: 'beginning', length: 10_000 },
    { kind: 'bigint', value: -(2n ** 70n) },
    { kind: 'symbol', description: 'tag' },
    { kind: 'function', name: 'run', form: 'function' },
    { kind: 'function', name: 'Cart', form: 'class' },
    { kind: 'function', name: '', form: 'async' },
    { kind: 'function', name: 'g', form: 'generator' },
    { kind: 'function', name: 'ag', form: 'async generator' },
    { kind: 'object', id: 1, className: 'Cart', size: 30, entries: [{ name: 'self', value: { kind: 'reference', id: 1 } }] },
    {
      kind: 'array',
      id: 1,
      className: 'Array',
      size: 5,
      items: [{ kind: 'absent' }, { kind: 'array', id: 2, className: 'Array', size: 0, items: [] }],
    },
    { kind: 'set', id: 1, className: 'Set', size: 1, items: [{ kind: 'null' }] },
    {
      kind: 'map',
      id: 1,
      className: 'Map',
      size: 1,
      pairs: [
        [
          { kind: 'object', id: 2, className: 'Object', size: 0, entries: [] },
          { kind: 'reference', id: 2 },
        ],
      ],
    },
    { kind: 'date', time: 1.7e12 },
    { kind: 'date', time: Number.NaN },
    {
      kind: 'error',
      id: 1,
      className: 'TypeError',
      message: 'no',
      entries: [{ name: 'cause', value: { kind: 'error', id: 2, className: 'Error', message: '', entries: [] } }],
    },
    { kind: 'regexp', source: '/a/gi' },
    { kind: 'promise' },
    { kind: 'proxy' },
    { kind: 'opaque', className: 'WeakMap', size: -1 },
    { kind: 'buffer', className: 'Buffer', size: 2, head: 'beef' },
    { kind: 'redacted' },
    { kind: 'getter' },
    { kind: 'unreadable' },
    { kind: 'cut', className: 'Order', size: 12, reason: 'depth' },
    { kind: 'cut', className: '', size: -1, reason: 'nodes' },
    { kind: 'cut', className: 'A', size: 0, reason: 'bytes' },
    { kind: 'cut', className: 'A', size: 0, reason: 'room' },
    { kind: 'cut', className: 'A', size: 0, reason: 'budget' },
    { kind: 'cut', className: '', size: -1, reason: 'hot' },
    { kind: 'cut', className: 'Array', size: 3, reason: 'hot' },
    { kind: 'cut', className: 'Function', size: -1, reason: 'hot' },
    { kind: 'number', value: 2 ** 26 - 1 },
    { kind: 'number', value: 2 ** 26 },
    { kind: 'number', value: -(2 ** 26) },
    { kind: 'number', value: -(2 ** 31) },
  ];

  it.each(all.map((value) => [JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item)), value] as const))(
    'reads %s as the model has it',
    (_, value) => {
      const span = spanOf({}, [], (s, number) => s.exit(number, value));
      expect(span.outcome).toEqual({ kind: 'returned', value });
    },
  );

  it('reads 300 random values as they were written', () => {
    const random = createRandom(42);
    for (let i = 0; i < 300; i++) {
      const value = randomValue(random);
      expect(spanOf({}, [], (s, number) => s.exit(number, value)).outcome).toEqual({ kind: 'returned', value });
    }
  });

  it('numbers the objects of each value of an event from 1', () => {
    const object = (): Value => ({ kind: 'object', id: 1, className: 'Object', size: 0, entries: [] });
    const span = spanOf({ parameters: ['a', 'b'] }, [object(), object()], (s, number) => s.exit(number));
    expect(span.args.map(({ value }) => (value.kind === 'object' ? value.id : 0))).toEqual([1, 1]);
  });
});

describe('arguments', () => {
  it('are named by the parameters in their order', () => {
    const span = spanOf({ parameters: ['a', 'b'] }, [1, 'x'], (s, number) => s.exit(number));
    expect(plain(span.args)).toEqual([
      ['a', 1],
      ['b', 'x'],
    ]);
  });

  it('of redacted parameters take no value and show as redacted', () => {
    const span = spanOf({ parameters: ['user', '*password', 'remember'] }, ['ann', true], (s, number) => s.exit(number));
    expect(plain(span.args)).toEqual([
      ['user', 'ann'],
      ['password', 'redacted'],
      ['remember', true],
    ]);
  });

  it('show as redacted when all of them are', () => {
    expect(plain(spanOf({ parameters: ['*token'], flags: 2 }, [], (s, number) => s.exit(number)).args)).toEqual([['token', 'redacted']]);
  });

  it('are empty when the call was recorded below level values', () => {
    expect(spanOf({ parameters: ['a', '*token'] }, [], (s, number) => s.exit(number)).args).toEqual([]);
    expect(spanOf({ parameters: ['*token'], flags: 1 }, [], (s, number) => s.exit(number)).args).toEqual([]);
  });

  it('beyond the eighth come with MORE_PARAMETERS', () => {
    const parameters = ['*secret', ...NINE];
    const span = spanOf({ parameters, sites: [[MORE_PARAMETERS, 1, [9]]] }, [0, 1, 2, 3, 4, 5, 6, 7], (s, number) =>
      s.site(number, 0, 8).exit(number),
    );
    expect(plain(span.args)).toEqual([['secret', 'redacted'], ...NINE.map((name, i) => [name, i])]);
    expect(span.dropped).toEqual({});
  });

  it('without a parameter are counted', () => {
    expect(spanOf({ parameters: ['a'] }, [1, 2], (s, number) => s.exit(number)).dropped).toEqual({ 'decoder.values': 1 });
  });
});

describe('locals', () => {
  const fn: TestFunction = {
    bindings: ['x', '*pin', 'y', 'z'],
    sites: [
      [EXIT, 4, [0, 1, 2]],
      [THROW, 2, [0, 1, 2, 3]],
      [EXIT, 6, [3]],
    ],
    positions: [[], [0, 1], [0, 1, 3]],
  };

  it('of a return stand with their line, redacted ones marked', () => {
    const span = spanOf(fn, [], (s, number) => s.site(number, 0, 1, 2).exit(number, 3));
    expect(plain(span.locals)).toEqual([
      ['x', 1],
      ['pin', 'redacted'],
      ['y', 2],
    ]);
    expect(span.outcome).toEqual({ kind: 'returned', value: toModel(3), line: 4 });
  });

  it('of a throw are only those that were alive at its position', () => {
    expect(plain(spanOf(fn, [], (s, number) => s.site(number, 1, 1, 2, 3).throw(number, 2, 1, 'e')).locals)).toEqual([
      ['x', 1],
      ['pin', 'redacted'],
      ['z', 3],
    ]);
    expect(plain(spanOf(fn, [], (s, number) => s.site(number, 1, 1, 2, 3).throw(number, 0, 1, 'e')).locals)).toEqual([]);
  });

  it('of a throw at an unknown position are not guessed', () => {
    const span = spanOf(fn, [], (s, number) => s.site(number, 1, 1, 2, 3).throw(number, 9, 1, 'e'));
    expect(span.locals).toEqual([]);
    expect(span.dropped).toEqual({ 'decoder.position': 1 });
  });

  it('are those of the last group before the outcome', () => {
    const span = spanOf(fn, [], (s, number) => s.site(number, 0, 1, 2).site(number, 2, 9).exit(number));
    expect(plain(span.locals)).toEqual([['z', 9]]);
    expect(span.outcome).toMatchObject({ line: 6 });
  });

  it('of a return that did not happen are not shown at the throw, nor the other way round', () => {
    expect(spanOf(fn, [], (s, number) => s.site(number, 0, 1, 2).throw(number, 1, 1, 'e'))).not.toHaveProperty('locals');
    expect(spanOf(fn, [], (s, number) => s.site(number, 1, 1, 2, 3).exit(number))).not.toHaveProperty('locals');
    expect(spanOf(fn, [], (s, number) => s.site(number, 0, 1, 2).close(number))).not.toHaveProperty('locals');
  });

  it('of more than eight bindings are put together from neighbouring sites', () => {
    const bindings = Array.from({ length: 17 }, (_, i) => `b${i}`);
    const indexes = bindings.map((_, i) => i);
    const sites = [
      [EXIT, 5, indexes.slice(0, 8)],
      [EXIT, 5, indexes.slice(8, 16)],
      [EXIT, 5, indexes.slice(16)],
    ] as const;
    const span = spanOf({ bindings, sites }, [], (s, number) =>
      s
        .site(number, 0, ...indexes.slice(0, 8))
        .site(number, 1, ...indexes.slice(8, 16))
        .site(number, 2, 16)
        .exit(number),
    );
    expect(plain(span.locals)).toEqual(bindings.map((name, i) => [name, i]));
  });

  it('of two returns in a row are not put together', () => {
    const bindings = Array.from({ length: 8 }, (_, i) => `b${i}`);
    const indexes = bindings.map((_, i) => i);
    const span = spanOf(
      {
        bindings,
        sites: [
          [EXIT, 5, indexes],
          [EXIT, 7, [0]],
        ],
      },
      [],
      (s, number) =>
        s
          .site(number, 0, ...indexes)
          .site(number, 1, 'last')
          .exit(number),
    );
    expect(plain(span.locals)).toEqual([['b0', 'last']]);
  });

  it('that do not fit their site are counted, and those that fit kept', () => {
    const short = spanOf(fn, [], (s, number) => s.site(number, 0, 1).exit(number));
    expect(plain(short.locals)).toEqual([
      ['x', 1],
      ['pin', 'redacted'],
    ]);
    expect(short.dropped).toEqual({ 'decoder.values': 1 });
    expect(spanOf(fn, [], (s, number) => s.site(number, 2, 1, 2).exit(number)).dropped).toEqual({ 'decoder.values': 1 });
    expect(spanOf(fn, [], (s, number) => s.site(number, 99, 1).exit(number)).dropped).toEqual({ 'decoder.values': 1 });
  });
});

describe('lines', () => {
  it('are listed with the time and what changed', () => {
    const fn: TestFunction = {
      bindings: ['x', 'y'],
      sites: [
        [LINE, 3, []],
        [LINE, 4, [0, 1]],
      ],
      flags: 4,
    };
    const s = new StreamBuilder().time(100);
    const span = s.enterAt(0, 0, 'TOP');
    s.time(101).site(span, 0).time(102).site(span, 1, 5, 6).site(span, 1, 7, 8).time(104).exit(span);
    const { lines } = buildTrace([s.segment({ functions: functions(fn) })]).spans[0] as Span;
    expect(lines.map(({ line, time, changed }) => [line, time, plain(changed)])).toEqual([
      [3, 1, []],
      [
        4,
        2,
        [
          ['x', 5],
          ['y', 6],
        ],
      ],
      [
        4,
        3,
        [
          ['x', 7],
          ['y', 8],
        ],
      ],
    ]);
  });

  it('with more than eight changes are one event', () => {
    const bindings = NINE;
    const fn: TestFunction = {
      bindings,
      sites: [
        [LINE, 3, [0, 1, 2, 3, 4, 5, 6, 7]],
        [LINE, 3, [8]],
      ],
      flags: 4,
    };
    const { lines } = spanOf(fn, [], (s, number) => s.site(number, 0, 0, 1, 2, 3, 4, 5, 6, 7).site(number, 1, 8).exit(number));
    expect(lines.length).toBe(1);
    expect(plain(lines[0]?.changed)).toEqual(bindings.map((name, i) => [name, i]));
  });
});
