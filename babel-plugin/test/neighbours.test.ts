import decorators from '@babel/plugin-proposal-decorators';
import env from '@babel/preset-env';
import react from '@babel/preset-react';
import typescript from '@babel/preset-typescript';
import type { PluginItem, PluginObj } from '@babel/core';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import istanbul from 'babel-plugin-istanbul';
import compiler from 'babel-plugin-react-compiler';
import jestHoist from 'babel-plugin-jest-hoist';
import refresh from 'react-refresh/babel';
import { describe, expect, test } from 'vitest';
import { compile, FOLDER, problemsOf, run, type Setup, spanNames } from './programs.ts';

const PROGRAM = `
import { base } from './base';
class Shape {
  #size = base;
  static count = 0;
  name = 'shape';
  constructor(size = 1, ...rest) { this.#size += size + rest.length; Shape.count++; }
  get size() { return this.#size; }
  set size(value) { this.#size = value; }
  grow = (by) => { this.#size += by; return this; };
}
class Square extends Shape {
  constructor(size) { super(size, 1); this.kind = 'square'; }
  static { this.made = () => Shape.count; }
  async wait(ms) { const got = await ms; for await (const n of this.steps(got)) this.size += n; return this.size; }
  async *steps(n) { for (let k = 0; k < n; k++) yield k; }
}
function* pairs(object) { for (const [key, value] of Object.entries(object)) yield [key, value]; return 'done'; }
function closures() { const list = []; for (let k = 0; k < 3; k++) { list.push(() => k); } return list.map((f) => f()); }
const sum = ({ a, b: [b, c] = [2, 3] }, ...more) => a + b + c + more.length;
function fails(depth) { try { if (depth === 0) throw new Error('deep'); return fails(depth - 1); } finally { Shape.count += 10; } }
function named() { const inner = function () { return inner.name; }; label: for (const x of [1, 2]) { for (;;) { if (x === 1) continue label; break label; } } return inner(); }
export async function run(log) {
  const square = new Square(2);
  square.grow(3).size = square.size + 1;
  log(square.size, square.kind, Square.made(), square.name);
  log(await square.wait(Promise.resolve(3)));
  log([...pairs({ x: 1, y: 2 })], closures(), sum({ a: 1 }, 4, 5), named());
  try { fails(2); } catch (error) { log(error.message, Shape.count); }
}
`;
const MODULES = { './base': { __esModule: true, base: 5 } };
const NODE20: PluginItem = [env, { targets: { node: '20' }, modules: 'commonjs' }];
const OLD: PluginItem = [env, { targets: { ie: '11' }, modules: 'commonjs' }];
/** Legacy decorators of fields need fields lowered. */
const FIELDS: PluginItem = [
  env,
  {
    targets: { node: '20' },
    modules: 'commonjs',
    include: ['@babel/plugin-transform-class-properties', '@babel/plugin-transform-class-static-block'],
  },
];
/** The generator helper of old browsers is inlined by Babel, so nothing else is required. */
const ISTANBUL: PluginItem = [istanbul, { cwd: FOLDER, include: ['**'], exclude: [], coverageVariable: '__coverage_of_the_test__' }];

interface Coverage {
  readonly statementMap: Record<string, unknown>;
  readonly fnMap: Record<string, { readonly decl: unknown; readonly loc: unknown }>;
  readonly branchMap: Record<string, unknown>;
  readonly s: Record<string, unknown>;
  readonly f: Record<string, unknown>;
  readonly b: Record<string, unknown>;
}

/** The same program with and without us: same logs, every span left, all functions of the source seen. */
async function expectSame(source: string, setup: Setup, modules: Readonly<Record<string, unknown>> = MODULES): Promise<readonly string[]> {
  const plain = await run(compile(source, setup, undefined).code, modules);
  const instrumented = compile(source, setup, { level: 'lines' });
  const on = await run(instrumented.code, modules);
  const off = await run(instrumented.code, modules, false);
  expect(plain.logs.length).toBeGreaterThan(0);
  expect(on.logs).toEqual(plain.logs);
  expect(off.logs).toEqual(plain.logs);
  expect(problemsOf(on)).toEqual([]);
  expect(instrumented.inspection?.plan.functions.length).toBeGreaterThan(0);
  return spanNames(on);
}

const around = (plugin: PluginItem): readonly (readonly [string, Setup])[] => [
  ['before us', { before: [plugin] }],
  ['behind us', { after: [plugin] }],
];

describe('preset-env', () => {
  test.each([
    ['Node 20', NODE20],
    ['old browsers', OLD],
  ])('lowers for %s what we instrumented, and the program does what it did', async (_, preset) => {
    const names = await expectSame(PROGRAM, { presets: [preset] });
    expect(new Set(names)).toEqual(
      new Set([
        ...[
          'run',
          'Square.constructor',
          'Shape.constructor',
          'Shape.grow',
          'Shape.get size',
          'Shape.set size',
          'Square.<static>',
          'Square.<static>.made',
          'Square.wait',
          'Square.steps',
        ],
        ...['pairs', 'closures', 'closures.<anonymous>', 'closures.<anonymous>#2', 'sum', 'named', 'named.inner', 'fails'],
      ]),
    );
  });

  test('leaves no spans out that the same program has without lowering', async () => {
    expect(await expectSame(PROGRAM, { presets: [OLD] })).toEqual(await expectSame(PROGRAM, { presets: [NODE20] }));
  });
});

describe('preset-typescript', () => {
  const source = `
import type { Base } from './types';
import { base } from './base';
enum Color { Red = 1, Green }
abstract class Model<T> {
  constructor(readonly id: number, protected value?: T) {}
  abstract label(): string;
  show(this: Model<T>): string { return \`\${this.label()}:\${this.id}\`; }
}
class Item extends Model<string> { label(): string { return (this.value as string)!; } }
function over(a: string): string;
function over(a: number): string;
function over(a: any): string { return <string>String(a satisfies unknown); }
export async function run(log: (...values: unknown[]) => void): Promise<void> {
  const item: Base = new Item(base, 'it');
  log(item.show(), Color.Green, over(3));
}`;
  test.each([false, true])('with onlyRemoveTypeImports %s keeps our import and the program', async (onlyRemoveTypeImports) => {
    const setup: Setup = { filename: `${FOLDER}program.ts`, presets: [NODE20, [typescript, { onlyRemoveTypeImports }]] };
    const names = await expectSame(source, setup);
    expect(names).toContain('Model.show');
    expect(names).not.toContain('over#2');
    const { code } = compile(source, { filename: `${FOLDER}program.ts`, presets: [[typescript, { onlyRemoveTypeImports }]] }, {});
    expect(code.match(/import \* as \w+ from "@captureflow\/runtime\/probe-1"/g)).toHaveLength(1);
  });
});

describe('decorators', () => {
  const source = `
const log = [];
const note = (value, context) => { log.push(context === undefined ? 'legacy' : typeof context === 'object' ? context.kind : String(context)); return undefined; };
@note class Service { @note field = 1; @note get() { return this.field; } @note static make() { return new Service(); } }
exports.run = function run(print) { print(Service.make().get(), log.join()); };`;
  const classic: Readonly<Record<string, PluginItem>> = {
    '2023-11': [decorators, { version: '2023-11' }],
    legacy: [decorators, { version: 'legacy' }],
  };
  for (const [version, plugin] of Object.entries(classic)) {
    test.each(around(plugin))(`of version ${version} %s see the members they saw`, async (_, setup) => {
      const names = await expectSame(source, { ...setup, sourceType: 'script', presets: [FIELDS] });
      expect(names).toEqual(expect.arrayContaining(['Service.make', 'Service.get', 'note']));
    });
  }
});

describe('class-properties', () => {
  test.each([false, true])('moves fields with functions in them into constructors, loose %s', async (loose) => {
    const include = ['class-properties', 'private-methods', 'private-property-in-object', 'class-static-block'].map(
      (name) => `@babel/plugin-transform-${name}`,
    );
    await expectSame(PROGRAM, { presets: [[env, { targets: { node: '20' }, modules: 'commonjs', loose, include }]] });
  });
});

describe('preset-react', () => {
  const source = `
import * as React from 'react';
function Row({ item }) { return <li key={item}>{item}</li>; }
export const List = ({ items }) => <ul>{items.map((item) => <Row item={item} />)}<>{items.length}</></ul>;
export function run(log) { log(show(<List items={['a', 'b']} />)); }
function show(node) {
  if (node === null || typeof node !== 'object') return String(node);
  if (Array.isArray(node)) return node.map(show).join('');
  const { type, props } = node;
  return typeof type === 'function' ? show(type(props)) : \`<\${String(type)}>\${show(props.children ?? '')}\`;
}`;
  const jsx = (type: unknown, props: object): object => ({ type, props });
  const createElement = (type: unknown, props: object | null, ...children: unknown[]): object => ({ type, props: { ...props, children } });
  const modules = {
    react: { __esModule: true, createElement, Fragment: 'fragment' },
    'react/jsx-runtime': { __esModule: true, jsx, jsxs: jsx, Fragment: 'fragment' },
  };
  test.each(['automatic', 'classic'])('in its %s runtime builds the same tree', async (runtime) => {
    const names = await expectSame(source, { presets: [NODE20, [react, { runtime }]] }, modules);
    expect(names).toEqual(expect.arrayContaining(['List', 'List.<anonymous>', 'Row', 'show']));
  });
});

describe('babel-plugin-jest-hoist', () => {
  const source = `
import { base } from './base';
const mockName = 'mocked';
jest.mock('./base', () => { const make = () => ({ base: 7 }); return { __esModule: true, ...make(), name: () => mockName }; });
jest.mock('./other', function () { return 1; });
export function run(log) { log(base, order.join()); }
const order = jest.calls;`;
  test.each(around([jestHoist, {}]))('%s hoists mock factories, which are left as they are', async (_, setup) => {
    const jest = (calls: string[]): object => ({ calls, mock: (name: string) => calls.push(name) });
    const modules = (): Record<string, unknown> => {
      const object = jest([]);
      return { ...MODULES, jest: object, '@jest/globals': { jest: object } };
    };
    const globals: Setup = { ...setup, presets: [NODE20] };
    const plain = await run(compile(source, globals, undefined).code, modules());
    const instrumented = compile(source, globals, {});
    const on = await run(instrumented.code, modules());
    expect(on.logs).toEqual(plain.logs);
    expect(problemsOf(on)).toEqual([]);
    expect(instrumented.code.indexOf('mock("./base"')).toBeLessThan(instrumented.code.indexOf('require("@captureflow/runtime/probe-1")'));
    expect(instrumented.inspection?.plan.skippedFunctions.map(({ reason }) => reason)).toContain('MOCK_FACTORY');
  });
});

describe('babel-plugin-istanbul', () => {
  const coverage = (): unknown => (globalThis as Record<string, unknown>)['__coverage_of_the_test__'];
  const forget = (): void => void delete (globalThis as Record<string, unknown>)['__coverage_of_the_test__'];
  test.each(around(ISTANBUL))('%s counts the same and the program does the same', async (_, setup) => {
    const options: Setup = { ...setup, presets: [NODE20] };
    forget();
    await run(compile(PROGRAM, options, undefined).code, MODULES);
    const expected = counts(coverage());
    forget();
    const names = await run(compile(PROGRAM, options, {}).code, MODULES);
    expect(counts(coverage())).toEqual(expected);
    forget();
    await expectSame(PROGRAM, options);
    forget();
    expect(spanNames(names).filter((name) => name.startsWith('cov_'))).toEqual([]);
  });

  /** How often each statement, function and branch ran, by place: numbers depend on the order of the walk. */
  function counts(all: unknown): readonly string[] {
    const [file] = Object.values(all as Record<string, Coverage>) as [Coverage];
    const list = (places: Record<string, unknown>, runs: Record<string, unknown>): string[] =>
      Object.keys(places).map((key) => `${JSON.stringify(places[key])} ran ${JSON.stringify(runs[key])}`);
    const functions = Object.fromEntries(Object.entries(file.fnMap).map(([key, { decl, loc }]) => [key, { decl, loc }]));
    return [...list(file.statementMap, file.s), ...list(functions, file.f), ...list(file.branchMap, file.b)].sort();
  }
});

describe('react-refresh', () => {
  const source = `
import { useState, useEffect } from 'react';
import { registered, signatures } from './refreshed';
export function Counter({ start }) { const [n] = useState(start); useEffect(() => {}, [n]); return n; }
export const Label = () => { const text = useCustom(); return text; };
function useCustom() { return useState('label')[0]; }
export function run(log) { log(Counter({ start: 2 }), Label(), registered.join(), signatures.join(' | ')); }
function $RefreshReg$(type, id) { registered.push(id); }
function $RefreshSig$() { return (type, key) => { if (key !== undefined) signatures.push(key); return type; }; }`;
  const modules = {
    react: { __esModule: true, useState: (value: unknown) => [value], useEffect: (): void => undefined },
    get './refreshed'() {
      return { __esModule: true, registered: [], signatures: [] };
    },
  };
  test.each(around([refresh, { skipEnvCheck: true }]))('%s registers the same components with the same signatures', async (_, setup) => {
    const names = await expectSame(
      source.replace('const registered', 'var registered').replace('registered = [], signatures = []', 'registered = [], signatures = []'),
      { ...setup, presets: [NODE20] },
      modules,
    );
    expect(names).toEqual(expect.arrayContaining(['Counter', 'Label', 'useCustom']));
  });
});

describe('babel-plugin-react-compiler', () => {
  const source = `
import { useState } from 'react';

export function List({ items, onPick }) {
  const [n] = useState(1);
  const shown = items.filter((item) => item.ok);
  const pick = (id) => {
    onPick(id + n);
    return id;
  };
  return [shown.map((item) => item.name), pick];
}
export const plain = (a) => a * 2;
export function run(log) {
  const picked = [];
  const [names, pick] = List({ items: [{ ok: true, name: 'a' }, { ok: false, name: 'b' }], onPick: (id) => picked.push(id) });
  log(names, pick(3), picked, plain(2));
}`;
  const MISSING = Symbol.for('react.memo_cache_sentinel');
  const modules = {
    react: { __esModule: true, useState: (value: unknown) => [value] },
    'react/compiler-runtime': { __esModule: true, c: (size: number) => Array.from({ length: size }, () => MISSING) },
  };
  const setup: Setup = { before: [[compiler, {}]], presets: [NODE20] };

  test('before us compiles what it compiles alone, and we instrument that', async () => {
    const names = await expectSame(source, setup, modules);
    expect(names).toEqual(expect.arrayContaining(['run', 'List', 'plain']));
    const { code } = compile(source, { before: [[compiler, {}]] }, {});
    expect(code).toContain('react/compiler-runtime');
  });

  test("before us leaves the user's lines to names, records and maps", () => {
    const { inspection, code, map } = compile(source, { before: [[compiler, {}]] }, {});
    const lines = Object.fromEntries((inspection?.plan.record.f ?? []).map(([name, line]) => [name, line]));
    expect(lines).toMatchObject({ List: 4, plain: 13, run: 14 });
    expect(inspection?.plan.skippedFunctions).toEqual([]);
    const at = code.slice(0, code.indexOf('onPick(id + n)')).split('\n');
    expect(originalPositionFor(new TraceMap(map as never), { line: at.length, column: (at.at(-1) as string).length })).toMatchObject({
      line: 8,
      column: 4,
    });
  });

  test('a file without components is instrumented as ever', () => {
    const file = 'export const f = () => 1; // behind';
    expect(compile(file, { before: [[compiler, {}]] }, {}).code).toBe(compile(file, {}, {}).code);
  });
});

describe('other plugins', () => {
  test('see the bindings that there are: ours, and those that moved into a block', () => {
    const seen: Record<string, readonly string[]> = {};
    const spy = ({ types: t }: typeof import('@babel/core')): PluginObj => ({
      visitor: {
        Program: ({ scope }) => void (seen['program'] = Object.keys(scope.bindings)),
        FunctionDeclaration: ({ scope, node }) => void (seen[`function ${node.id?.name}`] = Object.keys(scope.bindings).sort()),
        TryStatement: (path) => void (seen['try'] = Object.keys(path.get('block').scope.bindings)),
        Identifier(path) {
          if (path.isReferencedIdentifier() && !path.scope.hasBinding(path.node.name))
            seen['free'] = [...(seen['free'] ?? []), path.node.name];
          expect(t.isIdentifier(path.node)).toBe(true);
        },
      },
    });
    compile('import { a } from "b"; function f(p) { var v = a; let x = p; class K {} return x; }', { after: [spy] }, { level: 'locals' });
    expect(seen).toEqual({
      program: ['covR', 'covG', 'covM', 'a', 'f'],
      'function covG': ['g'],
      'function covM': ['b', 'k'],
      'function f': ['covP', 'covS0', 'covV0', 'covx0_1', 'p', 'v'],
      try: ['x', 'K'],
    });
  });

  test('that rename a variable rename our uses of it', async () => {
    const rename = (): PluginObj => ({
      visitor: {
        TryStatement: (path) => path.get('block').scope.rename('x', 'renamed'),
        FunctionDeclaration: ({ scope, node }) => {
          if (node.id?.name === 'run') scope.rename('p', 'other');
        },
      },
    });
    const source = 'exports.run = run; function run(log, p = 2) { let x = p; x += 1; log(x); p++; throw x; }';
    const { code } = compile(source, { after: [rename], sourceType: 'script' }, { level: 'lines' });
    const result = await run(`${code}\nconst inner = exports.run; exports.run = (log) => { try { inner(log); } catch (x) { log(x); } };`);
    expect(result.logs).toEqual(['3', '3']);
    expect(problemsOf(result)).toEqual([]);
    expect(code).toMatch(/covx\w+ = renamed/);
  });
});
