import env from '@babel/preset-env';
import typescript from '@babel/preset-typescript';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile, FOLDER, problemsOf, run, type Setup, spanNames } from './programs.ts';

const COMMONJS: Setup = { presets: [[env, { targets: { node: '20' }, modules: 'commonjs' }]] };

describe('how the runtime is reached', () => {
  test.each([
    ['import and export', 'export const f = () => 1;', 'program.js', {}, 'import * as covR from "@captureflow/runtime/probe-1"'],
    ['a module by its name', 'const f = () => 1;', 'program.mjs', {}, 'import * as covR from "@captureflow/runtime/probe-1"'],
    ['a script', 'exports.f = () => 1;', 'program.js', { sourceType: 'script' }, 'require("@captureflow/runtime/probe-1")'],
    [
      'a module that its package makes one',
      'const f = () => 1;',
      'program.js',
      { sourceType: 'module' },
      'import * as covR from "@captureflow/runtime/probe-1"',
    ],
    [
      'CommonJS that Babel takes for a module',
      'exports.f = () => 1;',
      '/somewhere/program.js',
      { sourceType: 'module' },
      'require("@captureflow/runtime/probe-1")',
    ],
    [
      'CommonJS by its name',
      'exports.f = () => 1;',
      'program.cjs',
      { sourceType: 'unambiguous' },
      'require("@captureflow/runtime/probe-1")',
    ],
    [
      'an ambiguous module',
      'export const f = () => 1;',
      'program.js',
      { sourceType: 'unambiguous' },
      'import * as covR from "@captureflow/runtime/probe-1"',
    ],
  ])('%s', (_, source, name, setup, expected) => {
    expect(compile(source, { ...(setup as Setup), filename: resolve(FOLDER, name) }, {}).code).toContain(expected);
  });

  test('CommonJS goes on without the runtime', async () => {
    const { code } = compile('exports.run = async (log) => { log(await (async () => 1)()); };', { sourceType: 'script' }, {});
    const { logs } = await run(code.replace('@captureflow/runtime/probe-1', 'not-installed'));
    expect(logs).toEqual(['1']);
  });
});

describe('ES modules that Babel makes CommonJS of', () => {
  const source =
    "import base, { n } from './base'; import './effect'; export const f = () => base + n; export default function run() {} export { f as run2 }; export function runAll(log) { log(f()); } export { runAll as run };".replace(
      'export default function run() {}',
      'export default function () {}',
    );
  const order: string[] = [];
  const modules = {
    get './base'() {
      order.push('base');
      return { __esModule: true, default: 1, n: 2 };
    },
    get './effect'() {
      order.push('effect');
      return {};
    },
  };

  test.each([
    ['as Babel does it', {}],
    ['lazily', { lazy: true }],
    ['without interop', { importInterop: 'none' }],
    ['with interop as Node', { importInterop: 'node' }],
    ['loosely', { loose: true }],
    ['with names in strings', { allowTopLevelThis: true, strictMode: false }],
  ])('%s, the program does what it did and reports', async (_, options) => {
    const setup: Setup = { after: [['@babel/plugin-transform-modules-commonjs', options]] };
    const plain = await run(compile(source, setup, undefined).code, modules);
    const on = await run(compile(source, setup, {}).code, modules);
    expect(plain.logs).toEqual([(options as { importInterop?: string }).importInterop === 'node' ? '[object Object]2' : '3']);
    expect(on.logs).toEqual(plain.logs);
    expect(problemsOf(on)).toEqual([]);
    expect(spanNames(on)).toEqual(['runAll', 'f']);
  });

  test('imports are evaluated in the order they were', async () => {
    order.length = 0;
    await run(compile(source, COMMONJS, {}).code, modules);
    expect(order).toEqual(['base', 'effect']);
  });

  test('recording can be turned on later: the gates are those of the runtime', () => {
    const { code } = compile('export const f = () => 1;', COMMONJS, {});
    const gates = new Int32Array(1).fill(100);
    const probes = { gates: () => gates, register: () => 0, enter0: () => 1, exit: () => void calls++, thrown: () => undefined };
    let calls = 0;
    const exports = {} as { f: () => number };
    // oxlint-disable-next-line no-new-func -- the program under test
    new Function('exports', 'require', code)(exports, () => probes);
    exports.f();
    expect(calls).toBe(0);
    gates[0] = 0;
    exports.f();
    expect(calls).toBe(1);
  });

  test("the runtime's own CommonJS door is taken as it is, not copied", async () => {
    // oxlint-disable-next-line no-restricted-imports -- by its name the source condition gives the door for ES modules
    const door = (await import('../../runtime/src/probe-1-cjs.ts')).default as unknown as { __esModule: boolean };
    expect(door.__esModule).toBe(true);
    expect(Object.keys(door)).not.toContain('__esModule');
  });
});

describe('other syntax', () => {
  test('Flow: annotations are no code', () => {
    const source = `// @flow
import type { T } from './types';
opaque type Id: string = string;
declare function g(x: number): void;
declare export var y: number;
type Fn = (x: number) => void;
export class A<+U> { +x: U; static y: number = 2; m(a: ?U, b?: number = 1, ...c: Array<U>): U { return (a: any); } }
function check(x: mixed): boolean %checks { return typeof x === 'string'; }
export const run = (log: (...Array<mixed>) => void): void => { const a: A<number> = new A(); log(a.m(4), check('x'), (((x: number): number => x): Fn)(1)); };`;
    const { code, inspection } = compile(source, { parserOpts: { plugins: ['flow'] } }, {});
    expect(inspection?.plan.functions.length).toBe(4);
    expect(code).toContain('(a: any)');
    expect(inspection?.plan.record.f.map(([name]) => name)).toEqual(['A.m', 'check', 'run', 'run.<anonymous>']);
  });

  test.each([
    [
      'TypeScript with casts',
      'const f = (x) => <number>(x); export const run = (log) => log(f(1)!, (f as any)(2));',
      'program.ts',
      [typescript],
    ],
    [
      'a class with accessors and private methods',
      'export class A { #m() { return 1; } get #g() { return this.#m(); } static async *#s() {} m() { return this.#g; } } export const run = (log) => log(new A().m());',
      'program.js',
      [],
    ],
  ])('%s', async (_, source, name, presets) => {
    const setup: Setup = { filename: FOLDER + name, presets: [...(COMMONJS.presets ?? []), ...presets] };
    const plain = await run(compile(source, setup, undefined).code);
    const on = await run(compile(source, setup, { level: 'lines' }).code);
    expect(plain.logs).toHaveLength(1);
    expect(on.logs).toEqual(plain.logs);
    expect(problemsOf(on)).toEqual([]);
  });
});
