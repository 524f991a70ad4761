/** The arrows between packages are lint rules; these tests prove that the rules bite, in a copy of the layout outside the workspace. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'captureflow-lint-'));

beforeAll(() => cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json')));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lints one file with this code; returns the rule names reported, one per finding. */
async function lint(path: string, code: string): Promise<string[]> {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
  const output = await new Promise<string>((resolve) => {
    execFile(join(root, 'node_modules/.bin/oxlint'), ['-f', 'unix', path], { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  rmSync(file);
  return [...output.matchAll(/\[Error\/\w+\(([\w-]+)\)\]/g)].map((match) => match[1] ?? '');
}

const use = (specifier: string): string => `import { x } from '${specifier}';\nexport const y: unknown = x;\n`;

test.each([
  ['core/src/a.ts', 'typescript'],
  ['core/src/a.ts', '@babel/parser'],
  ['core/src/a.ts', 'node:fs'],
  ['core/src/a.ts', '@captureflow/trace'],
  ['core/src/a.ts', '../../trace/src/model.ts'],
  ['trace/src/a.ts', 'oxc-parser'],
  ['trace/src/a.ts', 'node:zlib'],
  ['trace/src/a.ts', '@captureflow/core'],
  ['runtime/src/a.ts', '@captureflow/core'],
  ['runtime/src/exporters/a.ts', 'node:fs'],
  ['runtime/src/a.ts', 'picomatch'],
  ['transformer/src/a.ts', 'typescript'],
  ['transformer/src/a.ts', '@captureflow/runtime'],
  ['runtime/test/a.test.ts', '../../trace/src/model.ts'],
])('%s may not import %s', async (path, specifier) => {
  expect(await lint(path, use(specifier))).toEqual(['no-restricted-imports']);
});

test.each([
  ['core/src/a.ts', '@captureflow/trace/metadata'],
  ['core/src/a.ts', '@captureflow/trace/name-patterns'],
  ['core/src/a.ts', '@captureflow/trace/redaction'],
  ['core/src/a.ts', 'picomatch'],
  ['runtime/src/a.ts', '@captureflow/trace/wire'],
  ['runtime/src/a.ts', '@captureflow/core/probe-abi'],
  ['transformer/src/a.ts', '@captureflow/core'],
  ['transformer/src/a.ts', 'node:path'],
])('%s may import %s', async (path, specifier) => {
  expect(await lint(path, use(specifier))).toEqual([]);
});

test('the transformer may name the types of typescript', async () => {
  expect(await lint('transformer/src/a.ts', `import type ts from 'typescript';\nexport type Node = ts.Node;\n`)).toEqual([]);
});

test('an emitter may not let the compiler invent names', async () => {
  const code = `export const name = (f: { createUniqueName(text: string): unknown }): unknown => f.createUniqueName('x');\n`;
  expect(await lint('transformer/src/a.ts', code)).toEqual(['no-restricted-properties']);
});

test('core and trace may not read process', async () => {
  expect(await lint('core/src/a.ts', 'export const cwd: unknown = process.cwd();\n')).toEqual(['no-restricted-globals']);
});

test('a test file may neither focus nor skip', async () => {
  const code = `import { expect, test } from 'vitest';\ntest.only('a', () => expect(1).toBe(1));\ntest.skip('b', () => expect(1).toBe(1));\n`;
  expect((await lint('core/test/a.test.ts', code)).toSorted()).toEqual(['no-disabled-tests', 'no-focused-tests']);
});
