import { expect, test } from 'vitest';
import { parameterNames } from '../src/parameter-names.ts';

/* oxlint-disable */
class Sample {
  constructor(first: number, second = 2) {
    void first, second;
  }
  method(a: string, { b }: { b: number }) {
    void a, b;
  }
  async *[`computed${(() => 1)()}`](a: string) {
    void a;
  }
  get value() {
    return 1;
  }
}

test.each([
  [
    'function declaration',
    function sum(a: number, b: number) {
      return a + b;
    },
    ['a', 'b'],
    -1,
  ],
  ['arrow', (a: number, b: number) => a + b, ['a', 'b'], -1],
  ['arrow without parentheses', new Function('return value => value')(), ['value'], -1],
  ['async arrow without parentheses', new Function('return async value => value')(), ['value'], -1],
  ['async arrow', async (query: string) => query, ['query'], -1],
  [
    'generator',
    function* (from: number) {
      yield from;
    },
    ['from'],
    -1,
  ],
  ['class', Sample, ['first', 'second'], -1],
  ['method', Sample.prototype.method, ['a', 'arg2'], -1],
  ['defaults with commas, strings and calls', (a = [1, 2].concat([3]), b = '),(', c = () => ({ d: 1 })) => [a, b, c], ['a', 'b', 'c'], -1],
  ['comments', new Function('a /* ,x) */', 'b // y', 'return a'), ['a', 'b'], -1],
  ['destructuring', ({ a }: { a: number }, [b]: number[], c: number) => [a, b, c], ['arg1', 'arg2', 'c'], -1],
  ['rest', (a: number, ...others: number[]) => [a, others], ['a', 'others'], 1],
  ['no parameters', () => 1, [], -1],
  ['bound', ((a: number) => a).bind(null), [], -1],
  ['native', Math.max, [], -1],
  ['computed name with a call', Object.getOwnPropertyDescriptor(Sample.prototype, 'computed1')?.value, [], -1],
  ['unusual identifiers', ($: number, _ñ: number) => $ + _ñ, ['$', '_ñ'], -1],
])('names of the parameters of: %s', (_name, fn, names, rest) => {
  expect(parameterNames(fn as object)).toEqual({ names, rest });
});

test('a patched toString does not run', () => {
  const fn = Object.assign((plain: number) => plain, {
    toString: () => {
      throw new Error('ran');
    },
  });
  expect(parameterNames(fn).names).toEqual(['plain']);
});

test('what has no source has no names', () => {
  expect(parameterNames(new Proxy(() => 1, {})).names).toEqual([]);
});
