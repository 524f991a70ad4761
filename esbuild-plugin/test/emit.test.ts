/** What text does is the same with and without insertions, and every token stays on its line. */
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { CaptureFlowError, createFilter, type Edit, planFile, resolveOptions } from '@captureflow/core';
import { emit } from '../src/emit.ts';
import { instrument } from '../src/index.ts';
import { type ParsedFile, parse } from '../src/parse.ts';
import { read } from '../src/read.ts';
import { runText } from './run-text.ts';
import { SNIPPETS } from './snippets.ts';

const ENTRIES = Object.entries(SNIPPETS).map(([name, { code, loader = 'js' }]) => ({ name, code, loader }));
const LEVELS = ['calls', 'values', 'locals', 'lines'] as const;

test.each(ENTRIES)('$name: does the same at every level', async ({ code, loader }) => {
  const plain = await runText(code, loader);
  expect(plain.logs.join('\n')).not.toContain('threw');
  for (const level of LEVELS) {
    const result = instrument(code, { filename: `a.${loader}`, level, format: 'cjs' });
    const instrumented = await runText(result?.code ?? '', loader);
    expect(instrumented.logs, `level ${level}\n${result?.code}`).toEqual(plain.logs);
    expect(instrumented.calls.length, level).toBeGreaterThan(0);
  }
});

test.each(ENTRIES)('$name: has as many lines as before, and each its own words', ({ name, code, loader }) => {
  const result = instrument(code, { filename: `a.${loader}`, level: 'lines', format: 'cjs' });
  const before = code.split('\n');
  const after = (result?.code ?? '').split('\n');
  expect(after.length).toBe(before.length);
  // The only code that leaves its line (H21).
  if (name === 'declarations that a block would change') return;
  for (const [k, line] of before.entries()) {
    const words: readonly string[] = (after[k] as string).match(/[\w$]+/g) ?? [];
    let at = 0;
    for (const word of line.match(/[\w$]+/g) ?? []) {
      at = words.indexOf(word, at) + 1;
      expect(at, `line ${k + 1} lost ${word}: ${after[k]}`).toBeGreaterThan(0);
    }
  }
});

test('a pure call keeps its comment immediately before it', () => {
  const code =
    'export const f = () => /* @__PURE__ */ g(); export function h() { return /* @__PURE__ */ g(); } export const i = async () => await /* @__PURE__ */ g();';
  const text = instrument(code, { filename: 'a.js' })?.code ?? '';
  expect(text.match(/\/\* @__PURE__ \*\/ g\(\)/g)).toHaveLength(3);
});

test('comments stand once', () => {
  const code = SNIPPETS['comments behind return and in its argument']?.code ?? '';
  const text = instrument(code, { filename: 'a.js' })?.code ?? '';
  for (const word of ['one', 'two', 'three', 'four', 'five']) expect(text.split(word), word).toHaveLength(2);
});

test('TypeScript stays TypeScript', () => {
  const text = instrument('export const f = <T,>(a: T): T => a as T;', { filename: 'a.tsx' })?.code ?? '';
  expect(text).toContain('<T,>(a: T): T =>');
  expect(text).toMatch(/= ?a as T,/);
  expect(parseSync('a.tsx', text).errors).toEqual([]);
});

function planOf(code: string) {
  const file = parse(code, 'a.js', 'esm') as ParsedFile;
  const facts = read(file, 'esm');
  const options = resolveOptions({}, '/');
  const limits = { derivedInitialisersBreak: false };
  return { file, facts, plan: planFile({ source: code, facts, moduleId: 'a.js', options, filter: createFilter(options), limits }) };
}

test.each<Edit>([
  { at: 'before', start: 3, code: ['x; '] },
  { at: 'wrap', of: 'pause', start: 40, code: ['x(', { hole: 'expression' }, ')'] },
  { at: 'hoist', start: 41 },
  { at: 'split', start: 2, code: ['x; '] },
])('a place of "$at" that is not there fails with file, line and column', (edit) => {
  const { file, facts, plan } = planOf('export function f(a) {\n  return a;\n}\nconst b = 1;\n');
  const [fn] = plan.functions;
  const broken = { ...plan, functions: [{ ...(fn as (typeof plan.functions)[number]), edits: [...(fn?.edits ?? []), edit] }] };
  expect(() => emit(file, facts, broken)).toThrow(CaptureFlowError);
  expect(() => emit(file, facts, broken)).toThrow(/PLAN_DESYNC a\.js:\d+:\d+ /);
});

test('a function that is not there fails, too', () => {
  const { file, facts, plan } = planOf('export function f(a) {\n  return a;\n}\n');
  const moved = { ...plan, functions: plan.functions.map((fn) => ({ ...fn, bodyStart: 5, edits: [] })) };
  expect(() => emit(file, facts, moved)).toThrow(/PLAN_DESYNC a\.js:1:6 .*a function body/);
});
