/** Comments that steer us: what each reaches, and what it does not. */
import { LEVELS } from '@captureflow/trace/metadata';
import { expect, test } from 'vitest';
import { planSource } from './plan-source.ts';

/** Level by function name; functions that are off by comment too. */
function levels(source: string, file = 'src/a.ts'): Record<string, string> {
  const { plan, skipped } = planSource(source, { level: 'values' }, { fileName: file });
  return {
    ...Object.fromEntries(plan.record.f.map((record) => [record[0], LEVELS[record[3] & 7] as string])),
    ...Object.fromEntries(Object.entries(skipped).map(([name, reason]) => [name, reason === 'OFF_BY_COMMENT' ? 'off' : reason])),
  };
}

const PLAIN = 'const before = 1;\n';

test.each(['off', 'calls', 'values', 'locals', 'lines'])('captureflow:%s before a function sets its level', (level) => {
  expect(levels(`${PLAIN}/* captureflow:${level} */ function f() {}\nfunction g() {}`)).toEqual({ f: level, g: 'values' });
});

test.each([
  ['a line comment', '// captureflow:off\nfunction f() {}'],
  ['a JSDoc comment', '/** Adds.\n * captureflow:off\n */\nexport function f() {}'],
  ['export default', '/* captureflow:off */ export default async function f() {}'],
  ['a const', '/* captureflow:off */\nexport const f = () => 1;'],
  ['a const with a type', '/* captureflow:off */ const f: Map<string, number> = (() => 1) as any;'],
  ['a const over several lines', '/* captureflow:off */\nconst f =\n  async () =>\n    1;'],
  ['an expression in a const', '/* captureflow:off */ const f = function () {};'],
  ['inside a const', 'const f = /* captureflow:off */ () => 1;'],
  ['an assignment', 'let f; /* captureflow:off */ f = () => 1;'],
])('a comment reaches %s', (_, source) => {
  expect(levels(PLAIN + source)).toEqual({ f: 'off' });
});

test.each([
  ['a method', '/* captureflow:off */ m() {}'],
  ['a method with modifiers', '// captureflow:off\n  public static async m() {}'],
  ['a decorated method', '// captureflow:off\n  @log\n  @route("/m")\n  m() {}'],
  ['a decorator whose argument is an object', '/* captureflow:off */\n  @route({ path: "/m;{id}", status: 200 })\n  m() {}'],
  ['a comment between decorator and method', '@log /* captureflow:off */ m() {}'],
  ['a function field', '/* captureflow:off */\n  m = () => 1'],
])('a comment reaches %s and nothing after it', (_, member) => {
  const source = `${PLAIN}declare const log: any, route: any;\nclass A {\n  first() {}\n  ${member}\n  last() {}\n}`;
  expect(levels(source)).toEqual({ 'A.first': 'values', 'A.m': 'off', 'A.last': 'values' });
});

test.each([
  ['an object method', 'const o = { /* captureflow:off */ f() {}, g() {} };', { 'o.f': 'off', 'o.g': 'values' }],
  ['a property', 'const o = { /* captureflow:off */ f: () => 1, g: () => 2 };', { 'o.f': 'off', 'o.g': 'values' }],
  [
    'an argument',
    'on("a", /* captureflow:off */ () => 1, () => 2); declare const on: any',
    { '<anonymous>': 'off', '<anonymous>#2': 'values' },
  ],
  [
    'a call that takes a function',
    '// captureflow:off\napp.get("/users/{id};", auth, async () => 1); declare const app: any, auth: any',
    { '<anonymous>': 'off' },
  ],
  ['an array element', '[/* captureflow:off */ () => 1, () => 2];', { '<anonymous>': 'off', '<anonymous>#2': 'values' }],
])('a comment reaches %s', (_, source, expected) => {
  expect(levels(PLAIN + source)).toEqual(expected);
});

test('a comment holds for the functions inside, until a nearer one says otherwise', () => {
  const source = `${PLAIN}/* captureflow:calls */ function a() { const b = () => () => 1; /* captureflow:lines */ const c = () => () => 2; }`;
  expect(levels(source)).toEqual({ a: 'calls', 'a.b': 'calls', 'a.b.<anonymous>': 'calls', 'a.c': 'lines', 'a.c.<anonymous>': 'lines' });
});

test.each([
  ['the statement behind it has no function', '/* captureflow:off */ const a = 1;\nfunction f() {}'],
  [
    'the statement behind it ends without a semicolon',
    '// captureflow:off\nconst a = compute()\nfunction f() {}\ndeclare function compute(): number',
  ],
  ['a call ends without a semicolon', '// captureflow:off\ncompute()\nexport const f = () => 1\ndeclare function compute(): number'],
  ['a class stands between', '/* captureflow:off */ class A { x = 1 }\nfunction f() {}'],
  ['a block stands between', '/* captureflow:off */ { }\nfunction f() {}'],
  ['another property stands between', 'const o = { /* captureflow:off */ a: 1, b: 2 };\nfunction f() {}'],
  ['it stands in an argument before', 'String(/* captureflow:off */ 1), String(2);\nfunction f() {}'],
  ['it stands at the end of a body', 'if (1) { /* captureflow:off */ }\nfunction f() {}'],
])('a comment does not leak to a later function when %s', (_, source) => {
  expect(levels(PLAIN + source)).toEqual({ f: 'values' });
});

test('a comment before a property does not reach the next method', () => {
  expect(levels(`${PLAIN}const o = { /* captureflow:off */ a: 1, f() {} }`)).toEqual({ 'o.f': 'values' });
});

test.each([
  ['before all code', '/* captureflow:lines */\n'],
  ['behind a licence and a directive', '/* MIT */ "use strict"; // captureflow:lines\n'],
  ['behind a hashbang', '#!/usr/bin/env node\n// captureflow:lines\n'],
])('a comment %s sets the level of the file', (_, head) => {
  expect(levels(`${head}import 'a';\nfunction f() {}\nclass A { m() {} }`)).toEqual({ f: 'lines', 'A.m': 'lines' });
});

test('a file that its head turns off is left alone', () => {
  const { plan, code } = planSource('// captureflow:off\nexport function f() { return 1; }');
  expect(plan.skipped).toBe('OFF_BY_COMMENT');
  expect(plan.header).toEqual([]);
  expect(code).not.toContain('cov');
});

test('a function may be turned on in a file that its head turns off', () => {
  expect(levels(`// captureflow:off\nimport 'a';\nfunction f() {}\n/* captureflow:calls */ function g() {}`)).toEqual({
    f: 'off',
    g: 'calls',
  });
});

test.each([
  'captureflow:of',
  'captureflow:offline',
  'captureflow:OFF',
  'captureflow:all',
  'captureflow',
  'captureflow off',
  '@captureflow',
])('the words "%s" steer nothing', (words) => {
  expect(levels(`/* ${words} */\nconst a = 1;\n/* ${words} */ function f() {}`)).toEqual({ f: 'values' });
});

test('words in strings, templates and regular expressions steer nothing', () => {
  expect(
    levels(`const a = "/* captureflow:off */"; const b = \`// captureflow:off\`; const c = /\\/* captureflow:off *\\//;\nfunction f() {}`),
  ).toEqual({ f: 'values' });
});

test('a comment is stronger than a rule', () => {
  const { plan, skipped } = planSource(`${PLAIN}/* captureflow:lines */ function f() {}\nfunction g() {}`, { rules: [{ level: 'off' }] });
  expect(plan.record.f.map((record) => record[0])).toEqual(['f']);
  expect(skipped).toEqual({ g: 'OFF_BY_OPTION' });
});

test('@sensitive in the JSDoc of a function redacts the parameters it names', () => {
  const source = `${PLAIN}/**\n * @sensitive alpha\n * @sensitive {string} note text\n */\nfunction f(alpha: string, note: string, id: number) { return id; }\nfunction g(alpha: string) { return alpha; }`;
  const planned = planSource(source);
  expect(planned.function('f').record[4]).toEqual(['*alpha', '*note', 'id']);
  expect(planned.function('g').record[4]).toEqual(['alpha']);
});

test('@sensitive right before a declaration redacts that variable', () => {
  const { function: of } = planSource(
    `${PLAIN}function f() { /** @sensitive */ const alpha = 1; const /* @sensitive */ a = 2, b = 3; return alpha + a + b; }`,
  );
  expect(of('f').record[5]).toEqual(['*alpha', '*a', 'b']);
});

test('a redacted variable is never passed to a probe', () => {
  const { code } = planSource(`${PLAIN}export function f(password: string, id: number) { const apiKey = password + id; return id; }`);
  const probes = code.match(/covR\.\w+\([^;]*\)/g)?.join('\n') ?? '';
  expect(probes).toContain('id');
  expect(probes).not.toMatch(/\b(?:password|apiKey)\b(?!")/);
});
