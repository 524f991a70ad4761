/** What is wrong stays wrong (H25): files with errors reach the engine, and the user, as they are. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import createTransformer from '../src/index.ts';

function transpile(source: string, fileName = 'a.js'): string {
  return ts.transpileModule(source, {
    fileName,
    compilerOptions: {
      allowJs: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.Preserve,
      moduleDetection: ts.ModuleDetectionKind.Force,
      alwaysStrict: false,
      ignoreDeprecations: '6.0',
    },
    transformers: { before: [createTransformer(undefined, { root: '/' }, { ts })] },
  }).outputText;
}

const compile = (code: string) => () => new Function(code);

describe('a file with syntax errors', () => {
  it.each([
    ['a private name apart from its hash', 'class C { get # m() { return 42; } }'],
    ['a keyword with an escape', 'var f\\u0075nction = 123; function g() {}'],
    ['an expression without its end', 'function f() { return 1 +; }'],
  ])('is printed as it would be without us: %s', (_, source) => {
    const code = transpile(source);
    expect(code).not.toContain('cov');
    expect(compile(code)).toThrow(SyntaxError);
  });
});

describe('a pause where a value is assigned', () => {
  it.each(['(yield)++', '--(yield 1)', '(yield) = 1', '(yield) += 1', 'for ((yield) of []);'])('stays an early error: %s', (statement) => {
    const code = transpile(`function* g() { ${statement} } function h() { return 1; }`);
    expect(code).toContain('cov');
    expect(compile(code)).toThrow(SyntaxError);
  });

  it('of an asynchronous function stays one, too', () => {
    expect(compile(transpile('async function f() { (await 1)++; }'))).toThrow(SyntaxError);
  });

  it('beside the target is reported as ever', () => {
    const code = transpile('function* g(a) { a[yield 1]++; a = yield 2; for (a of yield 3); }');
    expect(code.match(/suspendYield/g)).toHaveLength(3 + 1);
    expect(compile(code)).not.toThrow();
  });
});

describe('a declaration that a block would make legal', () => {
  it.each([
    ['alone as the body of a loop', 'async function f() { for await (var x of []) let\n[a] = 0; } function h() { return 1; }'],
    ['beside a var of its static block', 'class C { static { let x; var x; } } function h() { return 1; }'],
    ['beside a parameter', 'function f(a) { let a; } function h() { return 1; }'],
  ])('stays an early error: %s', (_, source) => {
    const code = transpile(source);
    expect(code).toContain('cov');
    expect(compile(code)).toThrow(SyntaxError);
  });
});
