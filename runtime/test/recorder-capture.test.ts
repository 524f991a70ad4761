import { setFlagsFromString } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Value } from '@captureflow/trace';
import { DEFAULT_LIMITS } from '../src/recorder-config.ts';
import type { RecorderConfig } from '../src/recorder-config.ts';
import { recorderStats } from '../src/recorder.ts';
import { functions, losses, plain, R, record } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
  vi.restoreAllMocks();
});

const f = functions({ take: { parameters: ['v', 'w', 'x', 'y', 'a', 'b', 'c', 'd'] } });

/** The value as it was captured. */
function capture(value: unknown, config: Partial<RecorderConfig> = {}): Value {
  return captureAll([value], config)[0] as Value;
}

function captureAll(values: readonly unknown[], config: Partial<RecorderConfig> = {}): Value[] {
  recording = record(config);
  for (const value of values) R.exit(R.enter1(f.take, 0, value), undefined);
  const trace = recording.trace();
  expect(losses(trace)).toEqual({});
  recording.stop();
  recording = undefined;
  return trace.spans.map((span) => span.args[0]?.value as Value);
}

const never = (): never => {
  throw new Error('user code ran');
};

describe('primitives', () => {
  it.each([
    0,
    -0,
    1,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    0.1,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    '',
    'text',
    'ü😀',
    true,
    false,
    null,
    undefined,
    0n,
    -(2n ** 70n),
  ])('%o comes back as it is', (value) => {
    expect(Object.is(plain(capture(value)), value)).toBe(true);
  });

  it('symbols keep their description', () => {
    expect(capture(Symbol('tag'))).toEqual({ kind: 'symbol', description: 'tag' });
  });

  it('of long strings each is cut at its own beginning and length, the same one again, and one that begins like the last', () => {
    const long = (begin: string, length: number): string => begin.padEnd(length, 'x');
    const texts = [long('a', 300), long('a', 300), long('b', 300), long('a', 400), `${long('a', 100)}y${long('', 299)}`, long('a', 260)];
    expect(captureAll(texts)).toEqual(texts.map((text) => ({ kind: 'string', value: text.slice(0, 255), length: text.length })));
  });

  it('a string over the limit is cut, with its full length, not inside a surrogate pair', () => {
    expect(capture('x'.repeat(255))).toEqual({ kind: 'string', value: 'x'.repeat(255) });
    expect(capture('x'.repeat(256))).toEqual({ kind: 'string', value: 'x'.repeat(255), length: 256 });
    expect(capture(`${'x'.repeat(254)}😀 and more`)).toEqual({ kind: 'string', value: 'x'.repeat(254), length: 265 });
    expect(capture('ü'.repeat(300))).toEqual({ kind: 'string', value: 'ü'.repeat(255), length: 300 });
  });

  it('a lone surrogate does not spoil its neighbours', () => {
    expect((capture(`a\ud800b${'x'.repeat(300)}`) as { value: string }).value.slice(2)).toBe(`b${'x'.repeat(252)}`);
  });

  it('a bigint of absurd size is left out', () => {
    expect(capture(2n ** 5000n)).toMatchObject({ kind: 'cut', reason: 'bytes', className: 'bigint' });
  });

  it('an object that says it is undefined, like document.all, is not taken for undefined (H171)', () => {
    setFlagsFromString('--allow-natives-syntax');
    const strange = new Function('return %GetUndetectable()')() as unknown;
    expect(typeof strange).toBe('undefined');
    expect(captureAll([strange, [strange, 1]])).toEqual([
      { kind: 'opaque', className: '', size: -1 },
      {
        kind: 'array',
        id: 1,
        className: 'Array',
        size: 2,
        items: [
          { kind: 'opaque', className: '', size: -1 },
          { kind: 'number', value: 1 },
        ],
      },
    ]);
  });
});

describe('objects', () => {
  it('show own enumerable data properties with class and number of keys', () => {
    class Point {
      x = 1;
      y = { z: [1, 'two'] };
    }
    expect(capture(new Point())).toEqual({
      kind: 'object',
      id: 1,
      className: 'Point',
      size: 2,
      entries: [
        { name: 'x', value: { kind: 'number', value: 1 } },
        {
          name: 'y',
          value: {
            kind: 'object',
            id: 2,
            className: 'Object',
            size: 1,
            entries: [
              {
                name: 'z',
                value: {
                  kind: 'array',
                  id: 3,
                  className: 'Array',
                  size: 2,
                  items: [
                    { kind: 'number', value: 1 },
                    { kind: 'string', value: 'two' },
                  ],
                },
              },
            ],
          },
        },
      ],
    });
  });

  it('never run getters, be they own, inherited, on elements or on the prototype of a class (H160)', () => {
    const array: unknown[] = [1, 2];
    Object.defineProperty(array, 1, { get: never, enumerable: true });
    class Model {
      get lazy(): never {
        return never();
      }
    }
    const value = Object.assign(new Model(), { plain: 1, array });
    Object.defineProperty(value, 'own', { get: never, set: never, enumerable: true });
    const captured = capture(value) as Value & { kind: 'object' };
    expect(captured.entries.map((entry) => [entry.name, entry.value.kind])).toEqual([
      ['plain', 'number'],
      ['array', 'array'],
      ['own', 'getter'],
    ]);
    expect(captured.entries[1]?.value).toMatchObject({ items: [{ kind: 'number' }, { kind: 'getter' }] });
  });

  it('that are proxies stay closed, revoked ones too, also as functions and as prototypes (H161, H162)', () => {
    const handler = new Proxy({}, { get: never }) as ProxyHandler<object>;
    const revocable = Proxy.revocable({}, {});
    revocable.revoke();
    const revokedFunction = Proxy.revocable(() => {}, {});
    revokedFunction.revoke();
    const values = [new Proxy({}, handler), new Proxy([], handler), new Proxy(() => {}, handler), revocable.proxy, revokedFunction.proxy];
    expect(captureAll([...values, { nested: values }]).slice(0, 5)).toEqual(Array(5).fill({ kind: 'proxy' }));
    // The objects of hot functions are not looked into.
    const revokedArray = Proxy.revocable([], {});
    revokedArray.revoke();
    const hot = captureAll(Array(50).fill(revokedArray.proxy));
    expect(new Set(hot.map(({ kind }) => kind))).toEqual(new Set(['proxy', 'cut']));
    const onProxy = Object.create(new Proxy({}, handler), { own: { value: 1, enumerable: true } }) as object;
    expect(plain(capture(onProxy))).toEqual({ own: 1 });
  });

  it('never run toJSON, toString, valueOf, Symbol.toPrimitive, toStringTag, hasInstance, inspect.custom or iterators (H163, H176)', () => {
    const traps = {
      toJSON: never,
      toString: never,
      valueOf: never,
      [Symbol.toPrimitive]: never,
      [Symbol.iterator]: never,
      [Symbol.asyncIterator]: never,
      [Symbol.for('nodejs.util.inspect.custom')]: never,
      then: never,
    };
    Object.defineProperty(traps, Symbol.toStringTag, { get: never });
    expect((capture(traps) as Value & { kind: 'object' }).entries.map((entry) => [entry.name, entry.value.kind])).toEqual([
      ['toJSON', 'function'],
      ['toString', 'function'],
      ['valueOf', 'function'],
      ['then', 'function'],
    ]);
    class Odd {
      static [Symbol.hasInstance] = never;
    }
    expect(capture(new Odd())).toMatchObject({ kind: 'object', className: 'Odd' });
  });

  it('find their class without running a constructor getter or a name getter', () => {
    const byGetter = Object.create(Object.create(null, { constructor: { get: never } })) as object;
    class Named {
      static get name(): never {
        return never();
      }
    }
    const proxied = Object.create({ constructor: new Proxy(class Hidden {}, { get: never, getOwnPropertyDescriptor: never }) }) as object;
    const [first, second, third, nothing] = captureAll([byGetter, new Named(), proxied, Object.create(null)]);
    expect([first, second, third, nothing].map((one) => (one as Value & { kind: 'object' }).className)).toEqual(['', '', 'Object', '']);
  });

  it('may be cyclic or shared: the second time they are references (H167)', () => {
    const shared = { s: 1 };
    const cycle: Record<string, unknown> = { left: shared, right: shared };
    cycle['self'] = cycle;
    cycle['list'] = [cycle, shared];
    expect(plain(capture(cycle))).toEqual({ left: { s: 1 }, right: 'ref 2', self: 'ref 1', list: ['ref 1', 'ref 2'] });
  });

  it('count nothing but containers in references', () => {
    const last = [1];
    const value = [new Date(0), /x/, () => 1, Symbol('s'), Buffer.from('b'), new Map([[last, new Set([last])]]), last];
    const captured = capture(value) as Value & { kind: 'array' };
    expect(captured.items[5]).toMatchObject({
      kind: 'map',
      id: 2,
      pairs: [
        [
          { kind: 'array', id: 3 },
          { kind: 'set', id: 4, items: [{ kind: 'reference', id: 3 }] },
        ],
      ],
    });
    expect(captured.items[6]).toEqual({ kind: 'reference', id: 3 });
  });

  it('are cut at depth, fields, elements, nodes and bytes, each cut with class and size', () => {
    expect(plain(capture({ a: { b: { c: { d: 1 }, e: [1, 2], m: new Map([[1, 2]]) } } }))).toEqual({
      a: { b: { c: 'cut depth Object -1', e: 'cut depth Array 2', m: 'cut depth Map 1' } },
    });
    const wide = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i]));
    expect(capture(wide)).toMatchObject({ size: 50, entries: { length: 20 } });
    expect(capture(Array.from({ length: 500 }, (_, i) => i))).toMatchObject({ size: 500, items: { length: 100 } });
    expect(capture(new Set(Array.from({ length: 500 }, (_, i) => i)))).toMatchObject({ size: 500, items: { length: 100 } });
    expect(capture(new Map(Array.from({ length: 500 }, (_, i) => [i, i])))).toMatchObject({ size: 500, pairs: { length: 20 } });
    const bushy = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => ({ leaf: 1 })));
    expect(countNodes(capture(bushy))).toBeLessThanOrEqual(DEFAULT_LIMITS.nodes + 3);
    const heavy = Array.from({ length: 100 }, () => 'x'.repeat(250));
    expect((capture(heavy) as Value & { kind: 'array' }).items.length).toBeLessThan(70);
  });

  it('show what the limits of the recording say', () => {
    const limits = { ...DEFAULT_LIMITS, depth: 1, fields: 2, elements: 1, string: 3 };
    expect(plain(capture({ a: 'abcdef', b: [1, 2], c: 3 }, { limits }))).toEqual({ a: 'abc', b: 'cut depth Array 2' });
  });

  it('may be frozen, sealed or without prototype, and are not marked (H168)', () => {
    const values = [
      Object.freeze({ a: 1 }),
      Object.seal([1]),
      Object.preventExtensions(Object.assign(Object.create(null) as object, { n: 1 })),
    ];
    expect(captureAll([...values, ...values]).map(plain)).toEqual([{ a: 1 }, [1], { n: 1 }, { a: 1 }, [1], { n: 1 }]);
    expect(Reflect.ownKeys(values[0] as object)).toEqual(['a']);
  });

  it('are read although Object.prototype is polluted, and the pollution does not run (H173)', () => {
    const pollution = ['value', 'get', 'set', 'writable', 'r', 'at', 'nodes', '0', 'constructor_'];
    recording = record();
    R.exit(R.enter1(f.take, 0, 1), undefined);
    const accessor = Object.defineProperty({ a: 1, b: [1] }, 'own', { get: never, enumerable: true, configurable: true });
    const trap = Object.assign(Object.create(null) as PropertyDescriptor, { get: never, set: never, configurable: true });
    try {
      for (const key of pollution) Object.defineProperty(Object.prototype, key, trap);
      R.exit(R.enter1(f.take, 0, accessor), undefined);
    } finally {
      for (const key of pollution) delete (Object.prototype as unknown as Record<string, unknown>)[key];
    }
    const value = recording.trace().spans[1]?.args[0]?.value;
    expect(value).toMatchObject({
      entries: [{ name: 'a' }, { name: 'b', value: { items: [{ value: 1 }] } }, { name: 'own', value: { kind: 'getter' } }],
    });
  });

  it('are read although the built-ins are patched, and the patches do not run', () => {
    recording = record();
    const patched: [object, PropertyKey][] = [
      [Object, 'keys'],
      [Object, 'getOwnPropertyDescriptor'],
      [Object, 'getPrototypeOf'],
      [Array, 'isArray'],
      [Map.prototype, 'entries'],
      [Map.prototype, 'get'],
      [Set.prototype, 'values'],
      [Set.prototype, 'has'],
      [WeakMap.prototype, 'get'],
      [String.prototype, 'slice'],
      [String.prototype, 'charCodeAt'],
      [Date.prototype, 'getTime'],
      [Array.prototype, 'push'],
      [Array.prototype, 'fill'],
      [performance, 'now'],
      [Object.getPrototypeOf(new Map().entries()), 'next'],
    ];
    const before = patched.map(([owner, key]) => Object.getOwnPropertyDescriptor(owner, key));
    try {
      for (const [owner, key] of patched) Object.defineProperty(owner, key, { value: never, configurable: true, writable: true });
      R.exit(R.enter1(f.take, 0, { m: new Map([['k', new Set([1])]]), d: new Date(5), s: 'x'.repeat(300), a: [1] }), undefined);
    } finally {
      patched.forEach(([owner, key], i) => {
        const descriptor = before[i];
        if (descriptor === undefined) delete (owner as Record<PropertyKey, unknown>)[key];
        else Object.defineProperty(owner, key, descriptor);
      });
    }
    expect(plain(recording.trace().spans[0]?.args[0]?.value)).toEqual({ m: [['k', [1]]], d: '[date]', s: 'x'.repeat(255), a: [1] });
  });

  it('that throw when looked at cost one value, not the event (H172)', () => {
    const context = createContext({});
    const namespaceLike = new Proxy({}, {});
    expect(capture([runInContext('({ a: 1 })', context), namespaceLike])).toMatchObject({ items: [{ kind: 'object' }, { kind: 'proxy' }] });
  });

  it('of another realm are told by their brand (H170)', () => {
    const foreign = runInContext(
      '({ map: new Map([[1, 2]]), date: new Date(7), error: new TypeError("t"), re: /x/g, plain: { a: 1 }, list: [1] })',
      createContext({}),
    ) as object;
    const captured = capture(foreign) as Value & { kind: 'object' };
    expect(captured.className).toBe('Object');
    expect(captured.entries.map((entry) => entry.value.kind)).toEqual(['map', 'date', 'error', 'regexp', 'object', 'array']);
    expect(captured.entries[2]?.value).toMatchObject({ className: 'TypeError', message: 't' });
  });

  it('with a million keys are listed once and only counted after that', () => {
    const huge = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
    const [first, second] = captureAll([huge, huge]);
    expect(first).toMatchObject({ kind: 'object', size: 100_000, entries: { length: 20 } });
    expect(second).toMatchObject({ kind: 'cut', size: 100_000, reason: 'nodes' });
  });
});

describe('big data', () => {
  it('costs what the limits allow, not what it holds: arrays, strings, maps and bytes (H166)', () => {
    const reads = { count: 0 };
    const array = new Array<number>(1_000_000).fill(1);
    // A getter behind the first hundred would be found by anything that walks on.
    Object.defineProperty(array, 500, { get: () => reads.count++, enumerable: true });
    const text = 'x'.repeat(10_000_000);
    const map = new Map(Array.from({ length: 100_000 }, (_, i) => [i, i]));
    const [a, b, c, d] = captureAll([array, text, map, new Uint8Array(5_000_000)]);
    expect(a).toMatchObject({ size: 1_000_000, items: { length: 100 } });
    expect(b).toEqual({ kind: 'string', length: 10_000_000, value: 'x'.repeat(255) });
    expect(c).toMatchObject({ size: 100_000, pairs: { length: 20 } });
    expect(d).toMatchObject({ kind: 'buffer', size: 5_000_000, head: '00'.repeat(32) });
    expect(reads.count).toBe(0);
  });

  it('holes and sparse arrays keep their holes (H165)', () => {
    const sparse = new Array<number>(1_000_000_000);
    sparse[1] = 5;
    const captured = capture(sparse) as Value & { kind: 'array' };
    expect(captured.size).toBe(1_000_000_000);
    expect(captured.items.slice(0, 3).map((item) => item.kind)).toEqual(['absent', 'number', 'absent']);
  });

  it('typed arrays, views and buffers, detached and resizable ones too', () => {
    const detached = new ArrayBuffer(8);
    const detachedBytes = new Uint8Array(detached);
    const detachedFloats = new Float64Array(detached);
    const detachedView = new DataView(detached);
    structuredClone(detached, { transfer: [detached] });
    const shared = new SharedArrayBuffer(4);
    const captured = captureAll([
      Buffer.from('hi'),
      new Uint8Array([1, 2]),
      new Float64Array([0.5, -0]),
      new BigInt64Array([3n]),
      new ArrayBuffer(3),
      shared,
      new DataView(new ArrayBuffer(4), 1, 2),
      detached,
      detachedBytes,
      detachedFloats,
      detachedView,
    ]);
    expect(captured.slice(0, 7)).toEqual([
      { kind: 'buffer', className: 'Buffer', size: 2, head: '6869' },
      { kind: 'buffer', className: 'Uint8Array', size: 2, head: '0102' },
      {
        kind: 'array',
        id: 1,
        className: 'Float64Array',
        size: 2,
        items: [
          { kind: 'number', value: 0.5 },
          { kind: 'number', value: -0 },
        ],
      },
      { kind: 'array', id: 1, className: 'BigInt64Array', size: 1, items: [{ kind: 'bigint', value: 3n }] },
      { kind: 'buffer', className: 'ArrayBuffer', size: 3, head: '000000' },
      { kind: 'buffer', className: 'SharedArrayBuffer', size: 4, head: '00000000' },
      { kind: 'buffer', className: 'DataView', size: 2, head: '0000' },
    ]);
    expect(captured.slice(7)).toMatchObject([{ size: 0 }, { size: 0 }, { size: 0 }, { kind: 'buffer', size: 0 }]);
  });
});

describe('special objects', () => {
  it('are shown by what they are', () => {
    const generator = (function* () {
      yield never();
    })();
    const captured = captureAll([
      new Date(5),
      new Date(Number.NaN),
      /a\/b/giu,
      Promise.resolve(1),
      new WeakMap(),
      new WeakSet(),
      generator,
      [1][Symbol.iterator](),
      new Map().entries(),
      Object('boxed'),
      new Set([1]),
    ]);
    expect(captured).toMatchObject([
      { kind: 'date', time: 5 },
      { kind: 'date', time: Number.NaN },
      { kind: 'regexp', source: '/a\\/b/giu' },
      { kind: 'promise' },
      { kind: 'opaque', className: 'WeakMap' },
      { kind: 'opaque', className: 'WeakSet' },
      { kind: 'opaque' },
      { kind: 'object' },
      { kind: 'opaque' },
      { kind: 'opaque', className: 'String' },
      { kind: 'set', size: 1 },
    ]);
  });

  it('regular expressions are read by their slots, not by properties a program defines', () => {
    const odd = /x/g;
    for (const key of ['source', 'flags', 'global', 'exec', 'toString']) Object.defineProperty(odd, key, { get: never });
    expect(capture(odd)).toEqual({ kind: 'regexp', source: '/x/g' });
  });

  it("maps and sets are read by the engine's iterators, whatever their subclass says", () => {
    class Loud extends Map<string, number> {
      override get size(): never {
        return never();
      }
      override entries = never as never;
      override forEach = never as never;
      override [Symbol.iterator] = never as never;
    }
    expect(capture(new Loud([['a', 1]]))).toMatchObject({
      kind: 'map',
      className: 'Loud',
      size: 1,
      pairs: [[{ value: 'a' }, { value: 1 }]],
    });
  });

  it('functions show their form and own name and nothing else (H164)', () => {
    const renamed = Object.defineProperty(() => {}, 'name', { get: never });
    const captured = captureAll([
      function plainOne() {},
      class Klass {},
      async () => {},
      function* gen() {},
      async function* agen() {},
      Map,
      Math.max,
      renamed,
      Object.assign(() => {}, { prototype: 1 }),
    ]);
    expect(captured).toEqual([
      { kind: 'function', name: 'plainOne', form: 'function' },
      { kind: 'function', name: 'Klass', form: 'class' },
      { kind: 'function', name: '', form: 'async' },
      { kind: 'function', name: 'gen', form: 'generator' },
      { kind: 'function', name: 'agen', form: 'async generator' },
      { kind: 'function', name: 'Map', form: 'class' },
      { kind: 'function', name: 'max', form: 'function' },
      { kind: 'function', name: '', form: 'function' },
      { kind: 'function', name: '', form: 'function' },
    ]);
  });

  it('errors show class, message, own fields and causes, and never their stack (H142, H174)', () => {
    const prepare = vi.fn(() => 'prepared');
    const before = Error.prepareStackTrace;
    Error.prepareStackTrace = prepare;
    try {
      class HttpError extends Error {
        status = 404;
        override get message(): never {
          return never();
        }
      }
      const error = new TypeError('outer', { cause: new RangeError('inner', { cause: { code: 7 } }) });
      const aggregate = new AggregateError([new Error('one')], 'many');
      const captured = captureAll([
        error,
        Object.create(HttpError.prototype, { status: { value: 404, enumerable: true } }),
        aggregate,
        Object.assign(new Error('m'), { stack: 's', code: 'E_CODE' }),
      ]);
      expect(captured[0]).toMatchObject({
        kind: 'error',
        className: 'TypeError',
        message: 'outer',
        entries: [
          {
            name: 'cause',
            value: { kind: 'error', className: 'RangeError', message: 'inner', entries: [{ name: 'cause', value: { kind: 'object' } }] },
          },
        ],
      });
      expect(captured[1]).toMatchObject({ className: 'HttpError' });
      expect(captured[2]).toMatchObject({
        message: 'many',
        entries: [{ name: 'errors', value: { kind: 'array', items: [{ message: 'one' }] } }],
      });
      expect(captured[3]).toMatchObject({ entries: [{ name: 'code', value: { value: 'E_CODE' } }] });
      expect(prepare).not.toHaveBeenCalled();
    } finally {
      Error.prepareStackTrace = before;
    }
  });

  it('promises are not observed: an unhandled rejection stays one (H62)', async () => {
    const seen: unknown[] = [];
    const listener = (reason: unknown): unknown => seen.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    try {
      const error = new Error('rejected');
      expect(capture(Promise.reject(error))).toEqual({ kind: 'promise' });
      await new Promise((done) => setTimeout(done, 5));
      expect(seen).toEqual([error]);
    } finally {
      process.off('unhandledRejection', listener);
      for (const other of others) process.on('unhandledRejection', other);
    }
  });
});

describe('redaction', () => {
  it('hides values by the names of keys and of Map entries before they are stored (H178)', () => {
    const value = {
      user: 'ann',
      password: 'p1',
      apiKey: { deep: 'p2' },
      headers: new Map([
        ['authorization', 'p3'],
        ['accept', '*/*'],
      ]),
      author: 'bob',
    };
    const captured = capture(value);
    expect(JSON.stringify(captured)).not.toMatch(/p1|p2|p3/);
    expect(plain(captured)).toEqual({
      user: 'ann',
      password: '[redacted]',
      apiKey: '[redacted]',
      headers: [
        ['authorization', '[redacted]'],
        ['accept', '*/*'],
      ],
      author: 'bob',
    });
  });

  it("asks the program's own rule too, under a guard: instrumented rules do not record themselves (H46)", () => {
    const asked: string[] = [];
    const rule = (name: string): boolean => {
      const s = R.enter1(f.take, 0, name);
      asked.push(name);
      R.exit(s, undefined);
      if (name === 'throws') throw new Error('rule');
      return name === 'salary';
    };
    recording = record({ redact: { name: rule } });
    const before = recorderStats().dropped['reentered'] ?? 0;
    R.exit(R.enter1(f.take, 0, { salary: 5, name: 'x', throws: 1 }), undefined);
    const trace = recording.trace();
    expect(trace.spans).toHaveLength(1);
    expect(plain(trace.spans[0]?.args[0]?.value)).toEqual({ salary: '[redacted]', name: 'x', throws: '[redacted]' });
    expect(asked).toEqual(['salary', 'name', 'throws']);
    expect((recorderStats().dropped['reentered'] ?? 0) - before).toBe(3);
    expect(losses(trace)).toEqual({});
  });

  it('leaves the built-in names alone where it is told so', () => {
    expect(plain(capture({ password: 'shown' }, { redactDefaults: false }))).toEqual({ password: 'shown' });
  });
});

describe('an event', () => {
  it('that does not fit is moved whole to the next chunk', () => {
    recording = record({ maxBytes: 64 * 1024 * 1024, objects: 'all' });
    const big = Array.from({ length: 90 }, (_, i) => ({ i, text: `text ${i}`, half: i + 0.5 }));
    const limits = 300;
    for (let i = 0; i < limits; i++) {
      const s = R.enter4(f.take, 0, i, big, i + 0.5, 'end');
      R.exit(s, big);
    }
    const trace = recording.trace();
    expect(losses(trace)).toEqual({});
    expect(trace.spans).toHaveLength(limits);
    trace.spans.forEach((span, i) => {
      expect([plain(span.args[0]?.value), plain(span.args[2]?.value), plain(span.args[3]?.value)]).toEqual([i, i + 0.5, 'end']);
      const items = (span.args[1]?.value as Value & { kind: 'array' }).items;
      expect(plain(items[40])).toEqual({ i: 40, text: 'text 40', half: 40.5 });
      expect(span.outcome).toMatchObject({ value: { size: 90 } });
    });
  });

  it('of eight huge values fits a chunk: what has no room is cut and says so', () => {
    const limits = { ...DEFAULT_LIMITS, nodes: 3000, bytes: 1_000_000, elements: 3000 };
    recording = record({ limits });
    const numbers = Array.from({ length: 900 }, (_, i) => i + 0.5);
    const s = R.enter8(f.take, 0, numbers, numbers, numbers, numbers, numbers, numbers, numbers, 'last');
    R.exit(s, 'done');
    const trace = recording.trace();
    expect(losses(trace)).toEqual({});
    const args = trace.spans[0]?.args.map((arg) => arg.value) ?? [];
    expect(args).toHaveLength(8);
    expect(args[0]).toMatchObject({ kind: 'array', size: 900, items: { length: 900 } });
    expect(plain(args[7])).toBe('last');
    expect(args.slice(1, 7).every((arg) => arg.kind === 'array' || (arg.kind === 'cut' && arg.reason === 'room'))).toBe(true);
    expect(trace.spans[0]?.outcome).toMatchObject({ kind: 'returned', value: { value: 'done' } });
  });

  it('holds no reference to an object after it was written (H169)', async () => {
    recording = record();
    const before = recorderStats().chunksInUse;
    let target: object | undefined = { big: [1, 2, 3] };
    const weak = new WeakRef(target);
    R.exit(R.enter1(f.take, 0, target), target);
    target = undefined;
    setFlagsFromString('--expose-gc');
    const collect = runInContext('gc', createContext({})) as () => void;
    await new Promise((done) => setTimeout(done, 5));
    collect();
    await new Promise((done) => setTimeout(done, 5));
    collect();
    expect(weak.deref()).toBeUndefined();
    expect(recorderStats().chunksInUse).toBeGreaterThanOrEqual(before);
  });
});

function countNodes(value: Value): number {
  switch (value.kind) {
    case 'object':
      return 1 + value.entries.reduce((sum, entry) => sum + countNodes(entry.value), 0);
    case 'array':
    case 'set':
      return 1 + value.items.reduce((sum, item) => sum + countNodes(item), 0);
    default:
      return 1;
  }
}
