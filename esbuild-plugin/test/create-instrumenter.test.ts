/** The text instrumenter of a project on a disk: which files, how they reach the runtime, and why a file is left alone. */
import { cpSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createInstrumenter, instrument } from '../src/index.ts';
import { createTestProject, type TestProject } from './project.ts';

let project: TestProject;
afterEach(() => project.remove());

const RETURNS = 'var f = function () { return 1; };\n';

test.each([
  ['a.mjs', {}, 'import'],
  ['a.cjs', { type: 'module' }, 'require'],
  ['a.js', { type: 'module' }, 'import'],
  ['a.js', { type: 'commonjs' }, 'require'],
  ['a.js', {}, 'require'],
  ['deep/er/a.ts', { type: 'module' }, 'import'],
] as const)('%s in a package %j reaches the runtime by %s', (name, manifest, way) => {
  project = createTestProject({ 'package.json': JSON.stringify(manifest) });
  const { code } = createInstrumenter({}, project.folder).instrument(RETURNS, project.path(name));
  expect(code).toMatch(way === 'import' ? /^import \* as/ : /^try/);
});

test('syntax of a module is stronger than a package of type commonjs', () => {
  project = createTestProject({ 'package.json': '{ "type": "commonjs" }' });
  const { code } = createInstrumenter({}, project.folder).instrument(`export ${RETURNS}`, project.path('a.js'));
  expect(code).toMatch(/^import \* as/);
});

test('a dependency without a manifest is not what its user is', () => {
  project = createTestProject({ 'package.json': '{ "type": "module" }' });
  const { code } = createInstrumenter({ exclude: [] }, project.folder).instrument(RETURNS, project.path('node_modules/a/index.js'));
  expect(code).toMatch(/^try/);
});

test.each([
  ['node_modules/a/index.js', RETURNS, 'EXCLUDED'],
  ['a.d.ts', 'declare const a: number;', 'EXCLUDED'],
  ['a.js', 'const ;', 'SYNTAX_ERROR'],
  ['a.js', `${RETURNS}require("@captureflow/runtime/probe-1")`, 'ALREADY_INSTRUMENTED'],
  ['a.js', `${'f(function(){return 1});'.repeat(50_000)}`, 'MINIFIED'],
] as const)('%s is left alone when its text says so: %#', (name, text, reason) => {
  project = createTestProject({});
  const file = createInstrumenter({}, project.folder).instrument(text, project.path(name));
  expect(file.code).toBeUndefined();
  expect(file.plan.skipped).toBe(reason);
});

test('a long file with written lines is no minified bundle', () => {
  project = createTestProject({});
  const text = 'f(function () { return 1; });\n'.repeat(40_000);
  expect(createInstrumenter({}, project.folder).instrument(text, project.path('a.js')).plan.skipped).toBeUndefined();
});

test('a syntax error says where it is', () => {
  project = createTestProject({});
  const { syntaxError } = createInstrumenter({}, project.folder).instrument('const a = 1;\nconst b = ;\n', project.path('a.js'));
  expect(syntaxError).toMatchObject({ line: 2, column: 11 });
  expect(syntaxError?.message).not.toBe('');
});

test('the runtime must resolve from where an ES module would import it', () => {
  project = createTestProject({}, false);
  expect(() => createInstrumenter({}, project.folder).instrument(`export ${RETURNS}`, project.path('a.js'))).toThrow(/RUNTIME_MISSING/);
  expect(createInstrumenter({}, project.folder).instrument(RETURNS, project.path('a.js')).code).toContain('catch');
});

test('a runtime that was installed since is found', () => {
  project = createTestProject({}, false);
  const at = project.path('a.js');
  expect(() => createInstrumenter({}, project.folder).instrument(`export ${RETURNS}`, at)).toThrow(/RUNTIME_MISSING/);
  const other = createTestProject({});
  cpSync(other.path('node_modules'), project.path('node_modules'), { recursive: true });
  other.remove();
  expect(createInstrumenter({}, project.folder).instrument(`export ${RETURNS}`, at).code).toContain('catch');
});

test('text that parses and is wrong all the same is doubtful, where the host asked', () => {
  project = createTestProject({});
  const { instrument: read } = createInstrumenter({}, project.folder);
  const wrong = 'export function f() { let a = 1; let a = 2; return a; }\n';
  expect(read(wrong, project.path('a.js'), { judges: true }).isDoubtful).toBe(true);
  expect(read(wrong, project.path('a.js')).isDoubtful).toBe(false);
  expect(read(`export ${RETURNS}`, project.path('a.js'), { judges: true }).isDoubtful).toBe(false);
});

test('instrument counts and names what it skipped', () => {
  project = createTestProject({});
  const code = 'export function b() {}\n/* captureflow:off */ function a() {}\n';
  expect(instrument(code, { filename: 'a.js' })?.functions).toEqual({
    instrumented: 1,
    skipped: [{ name: 'a', line: 2, column: 23, reason: 'OFF_BY_COMMENT' }],
  });
  expect(instrument('export const a = 1;', { filename: 'a.js' })).toBeUndefined();
  expect(instrument('export const a = ;', { filename: 'a.js' })).toBeUndefined();
  expect(() => instrument('', { filename: 'a.js', level: 'all' as never })).toThrow(/OPTION_INVALID/);
});

test('a language and a format can be given where the file ending says nothing', () => {
  project = createTestProject({});
  const code = 'const f = (a: number): number => a;\n';
  expect(instrument(code, { filename: 'App.vue', language: 'ts', format: 'esm' })?.code).toMatch(/^import/);
  expect(instrument(code, { filename: 'App.vue', format: 'esm' })).toBeUndefined();
});
