/** Scope paths: how every form of function is called, and that names are stable under edits elsewhere. */
import { expect, test } from 'vitest';
import { planSource } from './plan-source.ts';

test.each([
  ['a declaration', 'function f() {}', ['f']],
  ['a function expression in a const', 'const f = function () {};', ['f']],
  ['a named function expression: its own name wins', 'const f = function g() {};', ['g']],
  ['an arrow in a const', 'const f = () => 1;', ['f']],
  ['an arrow behind type syntax', 'const f = (<any>((() => 1)! as any)) satisfies unknown;', ['f']],
  ['an assigned arrow', 'let f; f = () => 1;', ['f']],
  ['an arrow assigned to a member', 'const api: any = {}; api.users.list = () => 1;', ['api.users.list']],
  ['an arrow assigned to a member of this', 'class A { m() { this.f = () => 1; } f: any }', ['A.m', 'A.m.f']],
  ['an arrow assigned by ??=', 'let f: any; f ??= () => 1;', ['f']],
  ['a default export', 'export default function () {}', ['default']],
  ['a named default export', 'export default function f() {}', ['f']],
  ['a default-exported arrow', 'export default () => 1;', ['default']],
  ['an exported assignment', 'export = () => 1;', ['default']],
  ['an anonymous callback', '[1].map((x) => x);', ['<anonymous>']],
  ['a parameter default', 'function f(g = () => 1) {}', ['f', 'f.g']],
  ['a destructuring default', 'const { f = () => 1, a: g = () => 2, h: [i = () => 3] = [] } = {} as any;', ['f', 'g', 'i']],
  ['a default in a destructuring assignment', 'let f: any; ({ f = () => 1 } = {} as any);', ['f']],
  [
    'class members',
    'class A { constructor() {} m() {} get p() { return 1 } set p(v) {} static s() {} #q() {} }',
    ['A.constructor', 'A.m', 'A.get p', 'A.set p', 'A.s', 'A.#q'],
  ],
  ['function fields', 'class A { f = () => 1; static g = function () {}; #h = () => 2 }', ['A.f', 'A.g', 'A.#h']],
  ['a static block', 'class A { static { } }', ['A.<static>']],
  ['a class expression in a const', 'const A = class { m() {} };', ['A.m']],
  ['a named class expression', 'const A = class B { m() {} };', ['B.m']],
  ['an anonymous class expression', 'f(class { m() {} }); function f(c: any) {}', ['<class>.m', 'f']],
  ['a default-exported class', 'export default class { m() {} }', ['default.m']],
  ['a class that a function returns', 'function f() { return class { m() {} } }', ['f', 'f.<class>.m']],
  [
    'object members',
    'const o = { m() {}, get p() { return 1 }, set p(v) {}, f: () => 1, async g() {} };',
    ['o.m', 'o.get p', 'o.set p', 'o.f', 'o.g'],
  ],
  ['nested objects', 'const o = { a: { b: { m() {} } } };', ['o.a.b.m']],
  ['an object in an argument', 'use({ handler() {}, on: { click: () => 1 } }); function use(o: any) {}', ['handler', 'on.click', 'use']],
  ['string and number keys', `const o = { 'a-b'() {}, 12: () => 1, ['c d']: () => 2 };`, ['o.a-b', 'o.12', 'o.c d']],
  [
    'computed keys',
    'const o = { [key()]() {}, [Symbol.iterator]() {}, [NAME]: () => 1 }; function key() { return "k" } const NAME = "n";',
    ['o.[computed]', 'o.[Symbol.iterator]', 'o.[NAME]', 'key'],
  ],
  ['namespaces', 'namespace A.B { export function f() {} namespace C { export const g = () => 1 } }', ['A.B.f', 'A.B.C.g']],
  ['nested functions', 'function a() { function b() { return () => 1 } return b }', ['a', 'a.b', 'a.b.<anonymous>']],
  ['a function in a method', 'class A { m() { return () => () => 1 } }', ['A.m', 'A.m.<anonymous>', 'A.m.<anonymous>.<anonymous>']],
  [
    'duplicates',
    'f(() => 1, () => 2, function () {}); function f(...a: any[]) {} { function f() {} }',
    ['<anonymous>', '<anonymous>#2', '<anonymous>#3', 'f', 'f#2'],
  ],
  [
    'children of duplicates',
    'const a = [() => () => 1, () => () => 2];',
    ['<anonymous>', '<anonymous>.<anonymous>', '<anonymous>#2', '<anonymous>#2.<anonymous>'],
  ],
  [
    'a key that reads like a duplicate',
    `const o = { 'f#2'() {} }; namespace o { export function f() {} { function f() {} } }`,
    ['o.f#2', 'o.f', 'o.f#3'],
  ],
  [
    'functions in JSX',
    'const App = () => <a onClick={() => 1}>{[1].map((x) => x)}</a>; declare const React: any;',
    ['App', 'App.<anonymous>', 'App.<anonymous>#2'],
  ],
])('%s', (_, source, expected) => {
  expect(planSource(source, {}, { kind: 'cjs', fileName: 'src/a.tsx'.slice(0, source.includes('<a ') ? 9 : 8) }).names).toEqual(expected);
});

const FILE = `
import { z } from 'z';
export class Cart { items = []; constructor() {} total() { return this.items.map((i) => i).filter((i) => i); } static of() {} }
export const load = async () => { later(() => 1); later(() => 2); };
function later(f: () => void) { return f; }
export default { data() { return 1; }, methods: { go() {} } };
`;

test('a function added elsewhere changes no other name', () => {
  const before = planSource(FILE).names;
  const after = planSource(
    `${FILE.replace('export const load', 'const added = () => { [1].map((x) => x); };\nexport const load')}\nfunction last() {}`,
  ).names;
  expect(before).toHaveLength(11);
  expect(after.filter((name) => !/^added|^last$/.test(name))).toEqual(before);
});

test('names are unique in a file', () => {
  const { names } = planSource(
    'const a = [() => 1, () => 2, { m() {} }, { m() {} }, class { m() {} }, class { m() {} }]; function f() {} { function f() {} }',
  );
  expect(new Set(names).size).toBe(names.length);
});
