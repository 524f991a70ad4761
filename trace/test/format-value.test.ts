import { describe, expect, it } from 'vitest';
import { formatValue } from '../src/index.ts';
import type { Value } from '../src/index.ts';
import { formatDuration } from '../src/format-duration.ts';
import { printable, quoted } from '../src/printable.ts';
import { createRandom, randomValue } from './random.ts';
import { toModel } from './stream-builder.ts';

function object(entries: Record<string, Value | number | string>, more: { className?: string; size?: number } = {}): Value {
  const named = Object.entries(entries).map(([name, value]) => ({ name, value: typeof value === 'object' ? value : toModel(value) }));
  return { kind: 'object', id: 1, className: more.className ?? 'Object', size: more.size ?? named.length, entries: named };
}

function array(items: (Value | number | string)[], size: number = items.length): Value {
  return { kind: 'array', id: 1, className: 'Array', size, items: items.map((item) => (typeof item === 'object' ? item : toModel(item))) };
}

describe('formatValue', () => {
  it.each<[string, Value, string]>([
    ['undefined', { kind: 'undefined' }, 'undefined'],
    ['null', { kind: 'null' }, 'null'],
    ['a binding before its declaration', { kind: 'absent' }, '[not initialised]'],
    [
      'an array with a hole',
      { kind: 'array', id: 1, className: 'Array', size: 2, items: [{ kind: 'absent' }, { kind: 'null' }] },
      '[[hole], null]',
    ],
    ['a boolean', toModel(true), 'true'],
    ['a number', toModel(12.5), '12.5'],
    ['minus zero', toModel(-0), '-0'],
    ['NaN', toModel(Number.NaN), 'NaN'],
    ['a string', toModel('say "hi"\n'), '"say \\"hi\\"\\n"'],
    ['a cut string', { kind: 'string', value: 'abc', length: 10_000 }, '"abc…" (10,000 chars)'],
    ['a bigint', toModel(-12n), '-12n'],
    ['a huge bigint', toModel(2n ** 4000n), '0x10000000000…n (4,004 bits)'],
    ['a symbol', { kind: 'symbol', description: 'id' }, 'Symbol(id)'],
    ['a function', { kind: 'function', name: 'run', form: 'function' }, 'ƒ run'],
    ['a function without a name', { kind: 'function', name: '', form: 'async' }, 'async ƒ (anonymous)'],
    ['a generator', { kind: 'function', name: 'rows', form: 'generator' }, 'ƒ* rows'],
    ['an async generator', { kind: 'function', name: 'rows', form: 'async generator' }, 'async ƒ* rows'],
    ['a class', { kind: 'function', name: 'Cart', form: 'class' }, 'class Cart'],
    ['an empty object', object({}), '{}'],
    ['an object', object({ id: 7, 'content-type': 'json' }), '{ id: 7, "content-type": "json" }'],
    ['an instance', object({ id: 7 }, { className: 'Cart' }), 'Cart { id: 7 }'],
    ['an object with more keys', object({ a: 1 }, { size: 13 }), '{ a: 1, …+12 more }'],
    ['an object of which nothing was kept', object({}, { size: 4, className: 'Cart' }), 'Cart {4 keys}'],
    ['an empty array', array([]), '[]'],
    ['an array', array([1, 'a']), '[1, "a"]'],
    ['an array with more items', array([1, 2], 14), '[1, 2, …+12 more]'],
    ['an array of a subclass', { kind: 'array', id: 1, className: 'Rows', size: 1, items: [toModel(1)] }, 'Rows [1]'],
    ['a set', { kind: 'set', id: 1, className: 'Set', size: 1, items: [toModel(1)] }, 'Set { 1 }'],
    ['an empty set', { kind: 'set', id: 1, className: 'Set', size: 0, items: [] }, 'Set {}'],
    ['a map', { kind: 'map', id: 1, className: 'Map', size: 2, pairs: [[toModel('k'), toModel(1)]] }, 'Map { "k" => 1, …+1 more }'],
    ['an empty map', { kind: 'map', id: 1, className: 'Map', size: 0, pairs: [] }, 'Map {}'],
    ['a date', { kind: 'date', time: 0 }, '1970-01-01T00:00:00.000Z'],
    ['an invalid date', { kind: 'date', time: Number.NaN }, 'Invalid Date'],
    ['a date out of range', { kind: 'date', time: 9e15 }, 'Invalid Date'],
    ['an error', { kind: 'error', id: 1, className: 'TypeError', message: 'no', entries: [] }, 'TypeError: no'],
    [
      'an error with fields',
      { kind: 'error', id: 1, className: 'E', message: '', entries: [{ name: 'code', value: toModel(5) }] },
      'E { code: 5 }',
    ],
    ['a regular expression', { kind: 'regexp', source: '/a+/g' }, '/a+/g'],
    ['a promise', { kind: 'promise' }, 'Promise'],
    ['a proxy', { kind: 'proxy' }, 'Proxy'],
    ['a host object', { kind: 'opaque', className: 'WeakMap', size: -1 }, '[WeakMap]'],
    ['a host object with a size', { kind: 'opaque', className: 'Blob', size: 12 }, '[Blob(12)]'],
    ['a buffer', { kind: 'buffer', className: 'Buffer', size: 2000, head: 'beef' }, 'Buffer(2,000) <beef…>'],
    ['a reference', { kind: 'reference', id: 1 }, '[same as #1]'],
    ['something cut', { kind: 'cut', className: 'Order', size: 12, reason: 'depth' }, 'Order(12) …'],
    ['an object that was not looked into', { kind: 'cut', className: '', size: -1, reason: 'hot' }, 'object …'],
    ['an array that was not looked into', { kind: 'cut', className: 'Array', size: 1200, reason: 'hot' }, 'Array(1,200) …'],
    ['something cut of unknown size', { kind: 'cut', className: '', size: -1, reason: 'room' }, 'Object …'],
    ['something redacted', { kind: 'redacted' }, '[redacted]'],
    ['a getter', { kind: 'getter' }, '[getter]'],
    ['something unreadable', { kind: 'unreadable' }, '[unreadable]'],
  ])('shows %s', (_, value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it('shows as many items as fit, and how many more there are', () => {
    const items = Array.from({ length: 30 }, (_, i) => 100 + i);
    expect(formatValue(array(items), { width: 30 })).toBe('[100, 101, 102, …+27 more]');
    expect(formatValue(array(items.map((id) => object({ id, name: 'a long name' })).slice(0, 3)), { width: 12 })).toBe('[3 items]');
    expect(formatValue(object({ first: 1, second: 2, third: 3 }), { width: 28 })).toBe('{ first: 1, …+2 more }');
  });

  it('cuts a string to the width and says how long it was', () => {
    expect(formatValue(toModel('x'.repeat(500)), { width: 30 })).toBe(`"${'x'.repeat(15)}…" (500 chars)`);
    expect(formatValue(toModel('x'.repeat(500)), { width: 12 })).toBe('"xxxxxxxxx…"');
    expect(formatValue(toModel('x'.repeat(12)), { width: 10 })).toBe('"xxxxxxx…"');
  });

  it('never cuts a character in two', () => {
    for (let width = 8; width < 20; width++) expect(formatValue(toModel('🙂'.repeat(30)), { width })).not.toContain('\\ud83d');
  });

  it('stays near the width for 2,000 random values, and on one line', () => {
    const random = createRandom(5);
    for (let i = 0; i < 2000; i++) {
      const text = formatValue(randomValue(random), { width: 60 });
      expect(text.length).toBeLessThan(60 * 3);
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });

  it('shows values nested far deeper than capture goes', () => {
    let value: Value = toModel(1);
    for (let i = 0; i < 10_000; i++) value = array([value]);
    expect(formatValue(value, { width: 1000 })).toContain('[1 item]');
  });
});

describe('printable', () => {
  it('escapes what could drive a terminal or turn the reading direction', () => {
    expect(printable('a\u001b[31mb\u009bc\u202ed\ud800e\u2028')).toBe('a\\u001b[31mb\\u009bc\\u202ed\\ud800e\\u2028');
    expect(printable('\t\r\n')).toBe('\\t\\r\\n');
    expect(quoted('\\"')).toBe('"\\\\\\""');
  });

  it('leaves other text alone', () => {
    expect(printable('Straße 日本語 🙂')).toBe('Straße 日本語 🙂');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 µs'],
    [-1, '0 µs'],
    [Number.NaN, '0 µs'],
    [0.00001, '<0.1 µs'],
    [0.0012, '1.2 µs'],
    [0.35, '350 µs'],
    [1.2, '1.2 ms'],
    [12.345, '12.3 ms'],
    [999.4, '999 ms'],
    [999.9, '1 s'],
    [2310, '2.31 s'],
    [59_940, '59.9 s'],
    [65_000, '1 min 5 s'],
    [3_600_000, '60 min 0 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
