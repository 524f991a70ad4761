/** What is never instrumented, with the reason (R11). */
import type { Options } from '@captureflow/core';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { planSource, type PlanSettings } from './plan-source.ts';

test.each<[string, string, Options, PlanSettings]>([
  ['EXCLUDED', 'function f() {}', { exclude: ['src/**'] }, {}],
  ['SCRIPT', 'function f() {}', {}, { kind: 'script' }],
  ['ASM', '"use asm"; function f() {}', {}, { kind: 'cjs' }],
  ['ALREADY_INSTRUMENTED', 'import * as R from "@captureflow/runtime/probe-1"; function f() {}', {}, {}],
  ['ALREADY_INSTRUMENTED', 'const R = require("#trace/probe-1"); function f() {}', { runtime: '#trace' }, { kind: 'cjs' }],
  ['OFF_BY_COMMENT', '// captureflow:off\nfunction f() {}', {}, {}],
])('a file is left alone with reason %s: %s', (reason, source, options, settings) => {
  const { plan, code } = planSource(source, options, settings);
  expect(plan.skipped).toBe(reason);
  expect(plan).toMatchObject({ header: [], functions: [], skippedFunctions: [], record: { f: [] } });
  expect(code).not.toContain('cov');
});

test('a second application over emitted code is refused', () => {
  const first = planSource('export function f() { return 1; }').code;
  const second = planSource(first);
  expect(second.plan.skipped).toBe('ALREADY_INSTRUMENTED');
  expect(second.code.match(/cov/g)).toHaveLength(first.match(/cov/g)?.length ?? 0);
});

test.each<[string, string, Record<string, string>, Options]>([
  ['rules turn it off', 'function f() {} function g() {}', { g: 'OFF_BY_OPTION' }, { rules: [{ function: 'g', level: 'off' }] }],
  [
    'a comment turns it off',
    'const a = 1; /* captureflow:off */ function g() { return () => 1 } function f() {}',
    { g: 'OFF_BY_COMMENT', 'g.<anonymous>': 'OFF_BY_COMMENT' },
    {},
  ],
  ['it is asm.js', 'function g() { "use asm"; function h() {} return { h } } function f() {}', { g: 'ASM', 'g.h': 'ASM' }, {}],
  ['it is a worklet', 'const g = () => { "worklet"; return () => 1 }; function f() {}', { g: 'WORKLET', 'g.<anonymous>': 'WORKLET' }, {}],
  ['it stands in with', 'with (o) { (function g() {}) } declare const o: any; function f() {}', { g: 'IN_WITH' }, {}],
  [
    'it builds a mock',
    'jest.mock("a", () => ({ h: () => 1 })); vi.hoisted(function g() {}); declare const jest: any, vi: any; function f() {}',
    { '<anonymous>': 'MOCK_FACTORY', '<anonymous>.h': 'MOCK_FACTORY', g: 'MOCK_FACTORY' },
    {},
  ],
  [
    'it runs in another realm',
    'page.evaluate(() => [1].map((x) => x)); this.page.$$eval("a", (g) => g); declare const page: any; function f() {}',
    { '<anonymous>': 'SENT_ELSEWHERE', '<anonymous>.<anonymous>': 'SENT_ELSEWHERE', '<anonymous>#2': 'SENT_ELSEWHERE' },
    {},
  ],
  [
    'it is a small leaf',
    'const g = (a: number) => a + 1; function f(a: number) { return Math.max(a, 1) }',
    { g: 'MIN_SIZE' },
    { minSize: 40 },
  ],
])('a function is left alone when %s', (_, source, expected, options) => {
  const { skipped, names, plan } = planSource(source, options, { kind: 'cjs' });
  expect(skipped).toEqual(expected);
  expect(names).toEqual(['f']);
  expect(plan.skipped).toBeUndefined();
});

test.each([
  ['let', 'function g(a) { let a = 1; return a; }'],
  ['const', 'function g({ b: [a] }) { const a = 1; return a; }'],
  ['class', 'function g(...a) { class a {} return a; }'],
])('a %s that redeclares a parameter leaves the function alone, so that the engine still reports it (H25)', (_, source) => {
  const { skipped, code } = planSource(`${source}\nfunction f() {}`, {}, { fileName: 'src/a.js' });
  expect(skipped).toEqual({ g: 'EARLY_ERROR' });
  expect(() => new Function(code.replace(/^import.*?; /m, ''))).toThrow(SyntaxError);
});

test('a var or a function that is called like a parameter is legal and instrumented', () => {
  const { skipped } = planSource(
    'function g(a) { var a = 1; return a; } function h(a) { function a() {} return a; }',
    {},
    { fileName: 'src/a.js' },
  );
  expect(skipped).toEqual({});
});

test('the place of a skipped function is 1-based', () => {
  const { plan } = planSource('const a = 1;\n  /* captureflow:off */ function g() {}');
  expect(plan.skippedFunctions).toEqual([{ name: 'g', line: 2, column: 25, reason: 'OFF_BY_COMMENT' }]);
});

test('only derived constructors that initialise something are skipped for old compilers', () => {
  const source = `
    class A { constructor(public a: number) {} }
    class B extends A { constructor(public b: number) { super(b) } }
    class C extends A { c = 1; constructor() { super(1) } }
    class D extends A { static d = 1; declare e: number; constructor() { super(1) } }`;
  expect(planSource(source, {}, { derivedInitialisersBreak: true }).skipped).toEqual({
    'B.constructor': 'CONSTRUCTOR_TOO_OLD',
    'C.constructor': 'CONSTRUCTOR_TOO_OLD',
  });
  expect(planSource(source).skipped).toEqual({});
});

test('calls that merely look like mocks or other realms are instrumented', () => {
  const source =
    'jest.fn(() => 1); evaluate(() => 2); mock("a", () => 3); page.click(() => 4); declare const jest: any, evaluate: any, mock: any, page: any;';
  expect(planSource(source).skipped).toEqual({});
});

test('minSize never skips a function that calls, loops or makes a function', () => {
  const source = 'const a = () => b(); const b = () => { for (;;); }; const c = () => () => 1; const d = () => `${1}`; const e = () => 1;';
  expect(planSource(source, { minSize: 1000 }).skipped).toEqual({ 'c.<anonymous>': 'MIN_SIZE', e: 'MIN_SIZE' });
});

test.each([
  ['types only', 'export interface A { m(): void } export type B = () => void; declare function f(): void; declare class C { m(): void }'],
  [
    'overloads and abstract members',
    'export abstract class A { abstract m(): void; abstract get p(): number; } export declare namespace N { function f(): void }',
  ],
  ['no functions', 'export const a = 1;'],
])('a file with %s gets no header', (_, source) => {
  const { plan, code } = planSource(source);
  expect(plan.header).toEqual([]);
  expect(plan.functions).toEqual([]);
  expect(code).toBe(
    ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext } }).outputText,
  );
});
