import { type ParseResult, parseSync, transformFromAstSync, type TransformOptions, transformSync, types } from '@babel/core';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { describe, expect, test } from 'vitest';
import captureflow from '../src/index.ts';
import { compile, FOLDER, problemsOf, run } from './programs.ts';

const count = (code: string, text: string): number => code.split(text).length - 1;

describe('what stays where it was', () => {
  test('hashbang and directives stand before our import, directives of functions before our statements', () => {
    const { code } = compile('#!/usr/bin/env node\n"use client";\nexport function f() { "use server"; return 1; }', {}, {});
    expect(code.startsWith('#!/usr/bin/env node\n"use client";')).toBe(true);
    expect(code).toMatch(/function f\(\) \{\s*"use server";\s*const covS0 =/);
  });

  test('comments are printed once, and @__PURE__ stays before its call', () => {
    const source = `/*! legal */
// line
export const f = () => /* @__PURE__ */ g(/* inner */ 1); // behind
/** doc */
function g(x) { /* only */ }
export function h() { const a = 1, /* second */ b = 2; /* before return */ return /* argument */ a + b; /* end */ }
export async function k() { await /* awaited */ g(); yieldless: for (;;) { /* loop */ break yieldless; } }`;
    const { code } = compile(source, {}, { level: 'lines' });
    for (const text of [
      'legal',
      '// line',
      '@__PURE__',
      'inner',
      '// behind',
      'doc',
      'only',
      'second',
      'before return',
      'argument',
      '/* end',
      'awaited',
      '/* loop',
    ])
      expect([text, count(code, text)]).toEqual([text, 1]);
    expect(code).toMatch(/\/\* @__PURE__ \*\/\s*g\(/);
  });

  test('types are what they were', () => {
    const source =
      'export const f = <T extends object,>(a: T, b?: number): a is T => !!(a as unknown) satisfies boolean; declare function g(): void; class A { declare x: number; private m?(): void; }';
    const { code } = compile(source, { filename: `${FOLDER}program.tsx`, parserOpts: { plugins: ['typescript', 'jsx'] } }, {});
    for (const text of [
      '<T extends object,>',
      'a is T',
      'as unknown',
      'satisfies boolean',
      'declare function g',
      'declare x: number',
      'm?(): void',
    ])
      expect(code).toContain(text);
  });

  test('a file without functions is left as it is', () => {
    const { code, inspection } = compile('export const a = 1;', {}, {});
    expect(code).toBe('export const a = 1;');
    expect(inspection?.plan.functions).toEqual([]);
  });
});

describe('ways to parse and to print', () => {
  const source = `exports.run = async (log) => {
  const f = (x) => ((x, { v: (x) }));
  let y = 1, z = ((y) = 2);
  for (const k of [1, 2]) if (k > 1) (log)(f(k).v, (await (Promise.resolve(z))), ((y++), y));
  try { (() => { throw (new Error('no')); })(); } catch ({ message }) { log(message); }
};`;
  test.each([
    ['createParenthesizedExpressions', { parserOpts: { createParenthesizedExpressions: true } }],
    ['retainLines', { retainLines: true }],
    ['compact', { compact: true }],
    ['minified', { minified: true }],
    ['no comments', { comments: false }],
  ])('%s: the program does what it did', async (_, setup) => {
    const plain = await run(compile(source, { sourceType: 'script', ...setup }, undefined).code);
    const on = await run(compile(source, { sourceType: 'script', ...setup }, { level: 'locals' }).code);
    expect(plain.logs).toHaveLength(2);
    expect(on.logs).toEqual(plain.logs);
    expect(problemsOf(on)).toEqual([]);
  });

  test('parentheses in the tree or not, the plan is the same', () => {
    const plans = [false, true].map(
      (createParenthesizedExpressions) =>
        compile(source, { sourceType: 'script', parserOpts: { createParenthesizedExpressions } }, {}).inspection?.plan,
    );
    expect(plans[1]).toEqual(plans[0]);
  });

  test('retainLines keeps every statement on its line', () => {
    const { code } = compile(
      'exports.f = function () {\n\n  return a(\n    1);\n};\n\nexports.g = () =>\n  b();',
      { sourceType: 'script', retainLines: true },
      {},
    );
    const lines = code.split('\n');
    expect([lines[2]?.includes('a('), lines[7]?.includes('b()')]).toEqual([true, true]);
  });
});

test("errors name the line of the source that they name without us, through Babel's map", () => {
  const source =
    'exports.run = function run() {\n  const a = () =>\n    fail();\n\n  return a();\n};\nfunction fail() {\n  let x = 1, y =\n    x.y.z;\n  return y;\n}';
  const stackLines = (options: object | undefined): readonly (number | null)[] => {
    const { code, map } = compile(source, { sourceType: 'script' }, options);
    const trace = new TraceMap(map as never);
    const module = { exports: {} as { run: () => void } };
    const probes = new Proxy({}, { get: () => false });
    // oxlint-disable-next-line no-new-func -- the program under test
    new Function('exports', 'require', `${code}\n//# sourceURL=program-under-test.js`)(module.exports, () => probes);
    try {
      module.exports.run();
    } catch (error) {
      // new Function puts two lines before the code.
      return [...(error as Error).stack!.matchAll(/program-under-test\.js:(\d+):(\d+)/g)].map(
        ([, line, column]) => originalPositionFor(trace, { line: Number(line) - 2, column: Number(column) - 1 }).line,
      );
    }
    return [];
  };
  const plain = stackLines(undefined);
  expect(plain).toEqual([9, 3, 5]);
  expect(stackLines({})).toEqual(plain);
  expect(stackLines({ level: 'lines' })).toEqual(plain);
});

test('the same text gives the same code every time', () => {
  const source = 'export async function* f(a) { for await (const b of a) yield b; }';
  const first = compile(source, {}, {});
  compile('export const other = () => 1;', {}, {});
  expect(compile(source, {}, {}).code).toBe(first.code);
});

test('named in plugins and in a preset, the plugin instruments once', () => {
  const preset = (): object => ({ plugins: [[captureflow, {}]] });
  const code =
    transformSync('export const f = () => 1;', {
      configFile: false,
      babelrc: false,
      filename: `${FOLDER}p.js`,
      plugins: [[captureflow, {}]],
      presets: [preset],
    })?.code ?? '';
  expect(count(code, 'probe-1')).toBe(1);
});

test('instrumented code is refused', () => {
  const { code } = compile('export const f = () => 1;', {}, {});
  const again = compile(code, {}, {});
  expect(again.inspection?.plan.skipped).toBe('ALREADY_INSTRUMENTED');
  expect(again.code).toBe(code);
});

describe('trees that no parser of this run made', () => {
  const source = 'exports.run = function run(log) {\n  const twice = (x) => x * 2;\n  log(twice(2));\n};';
  const options: TransformOptions = {
    configFile: false,
    babelrc: false,
    filename: `${FOLDER}program.js`,
    sourceType: 'script',
    plugins: [[captureflow, {}]],
  };
  const parse = (parserOpts: object = {}): ParseResult =>
    parseSync(source, { configFile: false, babelrc: false, sourceType: 'script', parserOpts }) as ParseResult;

  test.each([
    ['with its text', parse(), source],
    ['without its text', parse(), undefined],
    ['with places that count from somewhere else', parse({ startLine: 10 }), source],
    ['without places', types.removePropertiesDeep(types.cloneNode(parse(), true)), source],
  ])('a tree %s is instrumented', async (_, tree, text) => {
    const result = transformFromAstSync(tree, text, options);
    const { logs, recorder } = await run(result?.code as string);
    expect(logs).toEqual(['4']);
    expect(recorder.spans.map((span) => span.record[0])).toEqual(['run', 'run.twice']);
    expect(recorder.violations).toEqual([]);
  });
});
