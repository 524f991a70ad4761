import { createRequire } from 'node:module';
import * as babel from '@babel/core';
import compiler from 'babel-plugin-react-compiler';
import { CaptureFlowError, type Plan } from '@captureflow/core';
import { describe, expect, test } from 'vitest';
import { withCodeFrame } from '../src/code-frame.ts';
import { emit } from '../src/emit.ts';
import captureflow from '../src/index.ts';
import { compile, FOLDER, type Setup } from './programs.ts';

const SOURCE = 'export const f = () => 1;';

describe('options', () => {
  test('an unknown one fails at once and names the nearest', () => {
    expect(() => compile(SOURCE, {}, { levle: 'calls' } as never)).toThrow(/OPTION_UNKNOWN Unknown option "levle"; did you mean "level"\?/);
  });

  test('a wrong value fails even where no file is instrumented', () => {
    expect(() => compile('', {}, { minSize: -1 })).toThrow(/OPTION_INVALID Option "minSize" must be a whole number from 0 on/);
  });

  test('a runtime that is not installed fails for ES modules only', () => {
    expect(() => compile(SOURCE, {}, { runtime: 'no-such-runtime' })).toThrow(
      /RUNTIME_MISSING The runtime "no-such-runtime" cannot be resolved/,
    );
    expect(compile('exports.f = () => 1;', { sourceType: 'script' }, { runtime: 'no-such-runtime' }).code).toContain(
      'require("no-such-runtime/probe-1")',
    );
  });

  test('files that are excluded stay as they are', () => {
    expect(compile(SOURCE, {}, { exclude: ['**/program.js'] }).code).toBe(SOURCE);
  });

  test('globs and module ids count from the folder of the configuration', () => {
    const { inspection } = compile(SOURCE, { cwd: FOLDER }, {});
    expect(inspection?.plan.moduleId).toBe('program.js');
  });

  test('a text without a file name is instrumented under a name', () => {
    const result = babel.transformSync(SOURCE, { configFile: false, babelrc: false, cwd: FOLDER, plugins: [[captureflow, {}]] });
    expect(result?.code).toContain('"unknown.js"');
  });
});

describe('Babel', () => {
  test.each(['6.26.3', '7.19.6', '9.0.0'])('%s is refused in one sentence with the range', (version) => {
    const run = (): unknown => captureflow({ ...babel, version }, {}, FOLDER);
    expect(run).toThrow(
      `[captureflow] BABEL_UNSUPPORTED Babel ${version} is not supported: this version of CaptureFlow works with Babel 7.20 to 8.x.`,
    );
  });

  test("a syntax error is Babel's, word for word", () => {
    const message = (options: object | undefined): string => {
      try {
        compile('const a = 1;\nfunction f( { }', {}, options);
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(message({})).toBe(message(undefined));
    expect(message({})).toContain('2 | function f( { }');
  });

  test('early errors that our `try` would hide stay errors', () => {
    expect(() => compile('function f(a) { let a; }', { sourceType: 'script' }, {})).toThrow(/Identifier 'a' has already been declared/);
  });

  test('who caches results learns which file of ours made them', () => {
    const result = babel.transformSync(SOURCE, {
      configFile: false,
      babelrc: false,
      filename: `${FOLDER}p.js`,
      plugins: [[captureflow, {}]],
    });
    expect([...((result as { externalDependencies?: Set<string> } | null)?.externalDependencies ?? [])]).toEqual([
      createRequire(import.meta.url).resolve('../src/index.ts'),
    ]);
  });
});

describe('a plan that does not fit the tree', () => {
  const source = 'const a = 1;\nfunction f() { return a; }';
  const plan = compile(source, {}, {}).inspection?.plan as Plan;
  const shifted = { ...plan, functions: plan.functions.map((fn) => ({ ...fn, bodyStart: fn.bodyStart + 1 })) };
  const place = {
    program: babel.parseSync(source, { configFile: false, babelrc: false })?.program as never,
    source,
    fileName: 'program.js',
  };

  test('fails with file, line and column', () => {
    expect(() => emit(babel as never, place, shifted)).toThrow(
      /^\[captureflow\] PLAN_DESYNC program\.js:2:15 The emitter could not find a function body/,
    );
  });

  test('shows the lines as Babel shows its own errors', () => {
    const fail = (): babel.PluginObj => ({
      visitor: {},
      pre(file) {
        throw withCodeFrame(
          new CaptureFlowError('PLAN_DESYNC', { what: 'it' }, { file: 'program.js', line: 2, column: 15 }),
          file as never,
        );
      },
    });
    expect(() => compile(source, { before: [fail] }, undefined)).toThrow(
      /PLAN_DESYNC program\.js:2:15[^]*> 2 \| function f\(\) \{ return a; \}\n +\| +\^/,
    );
  });

  test('other errors pass as they are', () => {
    const error = new Error('of somebody else');
    expect(withCodeFrame(error, undefined as never)).toBe(error);
  });
});

describe('the React Compiler', () => {
  const component =
    "import { useState } from 'react'; export function List({ items }) { const [n] = useState(0); return items.map((item) => item.name + n); }";

  test('behind us is a build error that says what to do', () => {
    expect(() => compile(component, { after: [[compiler, {}]] }, {})).toThrow(
      /COMPILER_ORDER The React Compiler must see the program before CaptureFlow: put "babel-plugin-react-compiler" before "@captureflow\/babel-plugin"/,
    );
  });

  test('in a preset is behind us as well', () => {
    const preset = (): object => ({ plugins: [[compiler, {}]] });
    expect(() => compile(component, { presets: [preset] }, {})).toThrow(/COMPILER_ORDER/);
  });

  test.each([
    ['before it in the list', false],
    ['behind it with passPerPreset, where presets run in their order', true],
  ])('in a preset is before us if ours stands in one %s', (_, passPerPreset) => {
    const compilers = (): object => ({ plugins: [[compiler, {}]] });
    const ours = (): object => ({ plugins: [[captureflow, {}]] });
    const presets = passPerPreset ? [compilers, ours] : [ours, compilers];
    const { code } = compile(component, { presets, passPerPreset } as Setup, undefined);
    expect(code).toContain('react/compiler-runtime');
    expect(code).toMatch(/function List\(t0\) \{\s*const covS0 =/);
  });
});
