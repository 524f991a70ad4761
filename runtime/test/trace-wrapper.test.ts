import { types } from 'node:util';
import ts from 'typescript';
import { beforeEach, expect, test } from 'vitest';
import { createTrace } from '../src/trace-wrapper.ts';
import type { TraceFunction } from '../src/trace-wrapper.ts';
import { fakeProbes } from './fake-probes.ts';
import type { FakeProbes } from './fake-probes.ts';

let probes: FakeProbes;
let trace: TraceFunction;
let isRecording: boolean;

beforeEach(() => {
  probes = fakeProbes();
  isRecording = true;
  trace = createTrace(probes, () => isRecording);
});

const names = (): string[] => probes.modules.map((module) => module.f[0]?.[0] ?? '');

test('a wrapper reports the call with its arguments and what it returned', () => {
  const add = trace(function add(a: number, b: number) {
    return a + b;
  });
  expect(add(1, 2)).toBe(3);
  expect(probes.events).toEqual([
    ['enter2', 100, 0, 1, 2],
    ['exit', 1, 3],
  ]);
  const [record] = probes.modules[0]?.f ?? [];
  expect(record?.[0]).toBe('add');
  expect(record?.[4].slice(0, 3)).toEqual(['a', 'b', 'arg3']);
});

test('a wrapper knows the file and line where it was made', () => {
  const wrapped = trace(() => 1);
  wrapped();
  expect(probes.modules[0]?.id).toBe('runtime/test/trace-wrapper.test.ts');
  expect(probes.modules[0]?.f[0]?.[1]).toBeGreaterThan(30);
});

test('asking for the place runs no prepareStackTrace of the program and leaves it in place', () => {
  let ran = 0;
  const own = (): string => `${ran++}`;
  const before = { prepare: Error.prepareStackTrace, limit: Error.stackTraceLimit };
  Error.prepareStackTrace = own;
  Error.stackTraceLimit = 3;
  trace(() => 1);
  const after = { prepare: Error.prepareStackTrace, limit: Error.stackTraceLimit };
  Object.assign(Error, { prepareStackTrace: before.prepare, stackTraceLimit: before.limit });
  expect(after).toEqual({ prepare: own, limit: 3 });
  expect(ran).toBe(0);
});

test('what is thrown is reported and thrown on, the very same', () => {
  const error = { not: 'an Error' };
  const fail = trace('failing', () => {
    throw error;
  });
  probes.thrown = (s, thrown, position) => {
    probes.events.push(['thrown', s, thrown, position]);
    return thrown;
  };
  let caught: unknown;
  try {
    fail();
  } catch (thrown) {
    caught = thrown;
  }
  expect(caught).toBe(error);
  expect(probes.events).toEqual([
    ['enter0', 100, 0],
    ['thrown', 1, error, 0],
  ]);
  expect(names()).toEqual(['failing']);
});

test('while nothing is recorded a wrapper only calls', () => {
  isRecording = false;
  const twice = trace((n: number) => n * 2);
  expect(twice(4)).toBe(8);
  expect(probes.events).toEqual([]);
  expect(probes.modules).toEqual([]);
});

test('name, length, own properties, this and missing arguments are those of the original', () => {
  const original = Object.assign(
    function sum(this: { base: number }, a: number, b = 10) {
      return this.base + a + b;
    },
    { meta: 1 },
  );
  const wrapped = trace(original);
  expect(wrapped.name).toBe('sum');
  expect(wrapped.length).toBe(1);
  expect(wrapped.meta).toBe(1);
  expect(wrapped.call({ base: 100 }, 1)).toBe(111);
  const named = trace('shown', original);
  expect(named.name).toBe('sum');
});

test('an arrow stays without a prototype and cannot be called with new', () => {
  const wrapped = trace(() => 1) as unknown as new () => unknown;
  expect(Object.hasOwn(wrapped, 'prototype')).toBe(false);
  expect(() => new wrapped()).toThrow(TypeError);
});

test('a wrapped class constructs, inherits and keeps instanceof', () => {
  class Animal {
    static kingdom = 'animalia';
    name: string;
    constructor(name: string) {
      this.name = name;
    }
  }
  class Cat extends Animal {}
  const Traced = trace(Animal);
  const TracedCat = trace(Cat);
  const animal = new Traced('rex');
  expect(animal).toBeInstanceOf(Animal);
  expect(animal).toBeInstanceOf(Traced);
  expect(animal.constructor).toBe(Animal);
  expect(Traced.kingdom).toBe('animalia');
  expect(TracedCat.kingdom).toBe('animalia');
  class Dog extends Traced {}
  expect(new Dog('d')).toBeInstanceOf(Dog);
  expect(() => (Traced as unknown as () => void)()).toThrow(TypeError);
  expect(probes.events.filter(([name]) => name === 'enter1')).toHaveLength(2);
});

test('a generator function returns its generator, with the right prototype', () => {
  function* count() {
    yield 1;
    yield 2;
  }
  const wrapped = trace(count);
  const generator = wrapped();
  expect(generator).toBeInstanceOf(count);
  expect([...generator]).toEqual([1, 2]);
});

test('a promise is returned as it is, and recorded as a promise', async () => {
  const promise = Promise.resolve(1);
  const wrapped = trace(() => promise);
  expect(wrapped()).toBe(promise);
  expect(probes.events).toEqual([
    ['enter0', 100, 0],
    ['exit', 1, promise],
  ]);
});

test('a wrapped async function takes not one microtask more', async () => {
  const ticks = async (fn: () => Promise<number>): Promise<number> => {
    let done = false;
    void fn().then(() => (done = true));
    let count = 0;
    for (; !done; count++) await Promise.resolve();
    return count;
  };
  const plain = async (): Promise<number> => {
    await Promise.resolve();
    return 1;
  };
  expect(await ticks(trace(plain))).toBe(await ticks(plain));
});

test('with `settled` the span ends with the value, on a native promise only', async () => {
  const wrapped = trace({ settled: true }, async (n: number) => n + 1);
  await expect(wrapped(1)).resolves.toBe(2);
  expect(probes.events.map(([name]) => name)).toEqual(['enter1', 'suspend', 'exit']);
  expect(probes.events[2]).toEqual(['exit', 1, 2]);

  class Own extends Promise<number> {}
  const own = new Own((resolve) => resolve(1));
  const thenable = { then: () => expect.unreachable() };
  expect(trace({ settled: true }, () => own)()).toBe(own);
  expect(trace({ settled: true }, () => thenable)()).toBe(thenable);
});

test('with `settled` a rejection is reported and stays the caller’s to handle', async () => {
  const wrapped = trace({ settled: true, name: 'load' }, async () => {
    throw new RangeError('too far');
  });
  await expect(wrapped()).rejects.toThrow('too far');
  expect(probes.events.map(([name]) => name)).toEqual(['enter0', 'suspend', 'thrown']);
});

test('work of code without probes after an await is passed the wrapper that it belongs to', async () => {
  const inner = trace('inner', () => 'done');
  const outer = trace('outer', async () => {
    await Promise.resolve();
    return inner();
  });
  const other = trace('other', async () => {
    await Promise.resolve();
    await Promise.resolve();
    return inner();
  });
  await Promise.all([outer(), other()]);
  const enters = probes.events.filter(([name]) => name === 'enter0');
  expect(enters.map(([, , parent]) => parent)).toEqual([0, 0, 1, 2]);
});

test('arguments beyond the eighth are reported in a second call', () => {
  const many = trace((...args: number[]) => args.length);
  const listed = trace(
    (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number) =>
      a + b + c + d + e + f + g + h + i + j,
  );
  expect(listed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).toBe(55);
  expect(probes.events).toEqual([
    ['enter8', 100, 0, 1, 2, 3, 4, 5, 6, 7, 8],
    ['values2', 1, 0, 9, 10],
    ['exit', 1, 55],
  ]);
  expect(many(1, 2, 3)).toBe(3);
  expect(probes.events[3]).toEqual(['enter1', 101, 0, [1, 2, 3]]);
});

test('arguments of sensitive names are not passed', () => {
  const login = trace((user: string, password: string, remember: boolean) => [user, password, remember].length);
  login('ada', 'hunter2', true);
  expect(probes.events[0]).toEqual(['enter2', 100, 0, 'ada', true]);
  expect(probes.modules[0]?.f[0]?.[4].slice(0, 3)).toEqual(['user', '*password', 'remember']);
});

/** Compiles `code` as TypeScript does for users and returns its class `Cart`, decorated by the `trace` under test. */
function compile<T>(code: string, experimentalDecorators: boolean): T {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None, experimentalDecorators },
  });
  return new Function('trace', `${outputText}\nreturn Cart;`)(trace) as T;
}

interface Cart {
  items: number[];
  size: number;
  mark: number;
  total(tax: number): number;
  onClick(n: number): number;
  reveal(): number;
}

test('standard decorators: methods, accessors, statics, privates and fields are wrapped under their names', () => {
  const Cart = compile<{ new (): Cart; empty(): string; create(): Cart }>(
    `class Cart {
      items = [1, 2];
      @trace total(tax) { return this.items.length * tax; }
      @trace get size() { return this.items.length; }
      @trace set size(n) { this.items.length = n; }
      @trace('none') static empty() { return 'empty'; }
      @trace static create() { return new this(); }
      @trace #secret() { return 42; }
      @trace onClick = (n) => n + this.items.length;
      @trace accessor mark = 1;
      reveal() { return this.#secret(); }
    }`,
    false,
  );
  const cart = new Cart();
  expect(cart.total(2)).toBe(4);
  expect(cart.size).toBe(2);
  cart.size = 1;
  expect(cart.items).toEqual([1]);
  expect(Cart.empty()).toBe('empty');
  expect(cart.reveal()).toBe(42);
  expect(cart.onClick(1)).toBe(2);
  cart.mark = 7;
  expect(cart.mark).toBe(7);
  expect(class extends Cart {}.create().total(1)).toBe(2);
  expect(names()).toEqual(['Cart.total', 'Cart.size', 'Cart.size', 'none', '#secret', 'onClick', 'Cart.mark', 'Cart.mark', 'Cart.create']);
  expect(cart.total.name).toBe('total');
  expect(cart.total.length).toBe(1);
});

test('legacy decorators: methods, accessors and statics are wrapped under class and member name', () => {
  const Cart = compile<{ new (): Cart; empty(): string; prototype: object }>(
    `class Cart {
      items = [1, 2, 3];
      @trace plain;
      @trace total(tax) { return this.items.length * tax; }
      @trace get size() { return this.items.length; }
      set size(n) { this.items.length = n; }
      @trace('none') static empty() { return 'empty'; }
    }`,
    true,
  );
  const cart = new Cart();
  expect(cart.total(2)).toBe(6);
  cart.size = 2;
  expect(cart.size).toBe(2);
  expect(Cart.empty()).toBe('empty');
  expect(names()).toEqual(['Cart.total', 'Cart.size', 'Cart.size', 'none']);
  expect(Object.getOwnPropertyDescriptor(Cart.prototype, 'total')?.enumerable).toBe(false);
  expect(cart.total.name).toBe('total');
});

test('async functions keep returning promises of the engine', () => {
  const wrapped = trace(async () => 1);
  expect(types.isPromise(wrapped())).toBe(true);
});

test('what is no function comes back as it was, and an unknown option changes nothing; both are said once', () => {
  const said: string[] = [];
  const original = process.getBuiltinModule;
  process.getBuiltinModule = ((id: string) =>
    id === 'node:fs' ? { writeSync: (_file: number, text: string) => said.push(text) } : original(id)) as typeof process.getBuiltinModule;
  try {
    expect(trace(5 as never)).toBe(5);
    expect(trace(6 as never)).toBe(6);
    const wrapped = trace({ nam: 'x' } as never, () => 1);
    expect(wrapped()).toBe(1);
  } finally {
    process.getBuiltinModule = original;
  }
  expect(said).toEqual([
    "captureflow: trace() takes a function or a class, as in trace(place) or trace('place', place); it was given 5 and gives it back as it is\n",
    'captureflow: trace() has no option "nam"; valid are name, settled\n',
  ]);
});
