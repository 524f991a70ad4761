/** Bad input through the real `tspc`: the build fails in one readable sentence. */
import { createFilter, type Plan, planFile, resolveOptions } from '@captureflow/core';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import createTransformer from '../src/index.ts';
import { emit } from '../src/emit.ts';
import { read } from '../src/read.ts';
import { createWorkspace, type Result, tsconfig, type Workspace } from './tspc-workspace.ts';

const OLD = { ignoreDeprecations: '6.0', moduleResolution: 'node10' };
const PROJECTS: Readonly<Record<string, object>> = {
  'invalid-level': tsconfig({}, { level: 'all', runtime: '#any' }),
  'rule-key': tsconfig({}, { rules: [{ level: 'off' }, { level: 'off', fucntion: 'f' }] }),
  amd: tsconfig({ module: 'AMD', ...OLD }, {}),
  umd: tsconfig({ module: 'UMD', ...OLD }, {}),
  system: tsconfig({ module: 'System', ...OLD }, {}),
  none: tsconfig({ module: 'None', ...OLD }, {}),
  'esm-without-runtime': tsconfig({ module: 'ESNext', moduleResolution: 'bundler' }, {}),
  'cjs-without-runtime': tsconfig({ module: 'CommonJS', ...OLD }, {}),
};

// Starts compilers and programs; a busy machine must not decide it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let workspace: Workspace;
let unknown: Result;
let all: Result;

beforeAll(async () => {
  workspace = await createWorkspace({ runtime: false });
  const source = 'export const f = (a: number) => a + 1;\nconsole.log(f(1));\n';
  for (const [name, config] of Object.entries({ ...PROJECTS, unknown: tsconfig({}, { lvel: 'calls' }) })) {
    const isNone = name === 'none';
    const files = { 'src/a.ts': isNone ? 'function f() {}' : source, 'src/deep/b.ts': isNone ? 'function g() {}' : source };
    workspace.write({
      [`${name}/tsconfig.json`]: config,
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`${name}/${path}`, text])),
    });
  }
  unknown = await workspace.tspc(['-p', 'unknown']);
  all = await workspace.tspc(['-b', ...Object.keys(PROJECTS)]);
});
afterAll(() => workspace.remove());

const lines = (result: Result): string[] => result.output.split('\n').filter((line) => line !== '');

test('an unknown option fails the build with one line that names the key and the nearest one', () => {
  expect(unknown.code).not.toBe(0);
  expect(lines(unknown)).toEqual(['error TS919100: [captureflow] OPTION_UNKNOWN Unknown option "lvel"; did you mean "level"?']);
});

test('several bad projects in one build report one line each, without a stack, and fail it', () => {
  expect(all.code).not.toBe(0);
  expect(lines(all).every((line) => line.startsWith('error TS919100: [captureflow] '))).toBe(true);
  expect(lines(all)).toHaveLength(7);
});

test.each([
  [
    'an invalid level with its path and the valid ones',
    'OPTION_INVALID Option "level" must be ("off" | "calls" | "values" | "locals" | "lines"), but is "all".',
  ],
  ['an unknown key of a rule with its path', 'OPTION_UNKNOWN Unknown option "rules[1].fucntion"; did you mean "function"?'],
  ['AMD', 'MODULE_UNSUPPORTED Module kind AMD is not supported: set "module" to CommonJS, ESNext, NodeNext or Preserve.'],
  ['UMD', 'MODULE_UNSUPPORTED Module kind UMD is not supported'],
  ['System', 'MODULE_UNSUPPORTED Module kind System is not supported'],
  ['None', 'MODULE_UNSUPPORTED Module kind None is not supported'],
  ['an ES module without a runtime', 'RUNTIME_MISSING The runtime "@captureflow/runtime" cannot be resolved from '],
])('the build names %s', (_, message) => {
  expect(lines(all).filter((line) => line.includes(message))).toHaveLength(1);
});

test('CommonJS output without a runtime builds and runs as if it were plain', async () => {
  expect(workspace.read('cjs-without-runtime/out/a.js')).toContain('require("@captureflow/runtime/probe-1")');
  expect(await workspace.node('cjs-without-runtime/out/a.js')).toEqual({ code: 0, output: '2\n', stdout: '2\n' });
});

test('a file with an error is emitted as it was', () => {
  expect(workspace.read('amd/out/a.js')).not.toContain('cov');
});

const SOURCE = 'const x = 1;\n  function f(a: number) { return a; }\nexport { f, x };\n';

function planOf(source: string): { file: ts.SourceFile; plan: Plan } {
  const file = ts.createSourceFile('/project/src/a.ts', source, ts.ScriptTarget.ESNext, true);
  const options = resolveOptions({}, '/project');
  const plan = planFile({
    source,
    facts: read(ts, file, 'esm'),
    moduleId: 'src/a.ts',
    options,
    filter: createFilter(options),
    limits: { derivedInitialisersBreak: false },
  });
  return { file, plan };
}

function emitBroken(breakIt: (fn: Plan['functions'][number]) => object, options: ts.CompilerOptions = {}): () => unknown {
  const { file, plan } = planOf(SOURCE);
  const functions = plan.functions.map((fn) => ({ ...fn, ...breakIt(fn) }));
  return () => ts.transform(file, [(context) => (node) => emit(ts, node, { ...plan, functions }, context)], options);
}

test.each<[string, (fn: Plan['functions'][number]) => object, RegExp]>([
  [
    'a function body',
    (fn) => ({ bodyStart: fn.bodyStart + 1 }),
    /PLAN_DESYNC \/project\/src\/a\.ts:2:26 The emitter could not find a function body/,
  ],
  ['a return', (fn) => ({ edits: fn.edits.map((edit) => ({ ...edit, start: 13 })) }), /PLAN_DESYNC \/project\/src\/a\.ts:2:1 .*"return"/],
  [
    'a statement',
    (fn) => ({ edits: [...fn.edits, { at: 'before', start: 3, code: ['x; '] }] }),
    /PLAN_DESYNC \/project\/src\/a\.ts:1:4 .*"before"/,
  ],
])('a plan whose place for %s is not there fails naming file, line and column', (_, breakIt, message) => {
  expect(emitBroken(breakIt)).toThrow(message);
});

test('for ES5, where variables are nodes, a plan that names one that is not there fails naming file, line and column', () => {
  const broken = emitBroken(() => ({ prologue: [{ binding: 7, name: 'x' }, '; '] }), { target: ts.ScriptTarget.ES5 });
  expect(broken).toThrow(/PLAN_DESYNC \/project\/src\/a\.ts:1:8 .*a variable/);
});

test('without a way to report diagnostics the error is thrown (ts-jest, ts-loader)', () => {
  expect(() => createTransformer(undefined, { lvel: 'calls' }, { ts })).toThrow(/OPTION_UNKNOWN/);
});

test.each(['7.0.2', '4.9.5', undefined])('a TypeScript %s is refused with the ways out', (version) => {
  const other = { ...ts, version, versionMajorMinor: version?.slice(0, 3) } as unknown as typeof ts;
  expect(() => createTransformer(undefined, {}, { ts: other })).toThrow(/TYPESCRIPT_UNSUPPORTED .*typescript@6.*Babel, esbuild, Vite/);
});

test('a typescript package that has only a command line is refused in the same sentence', () => {
  expect(() => createTransformer(undefined, {}, { ts: { version: '7.0.2' } as unknown as typeof ts })).toThrow(/TYPESCRIPT_UNSUPPORTED/);
});
