/** Globs over files and functions. */
import { createFilter, type Options, resolveOptions } from '@captureflow/core';
import { expect, test } from 'vitest';

const filter = (options: Options = {}) => createFilter(resolveOptions(options, '/project'));

test.each([
  ['src/a.ts', true],
  ['a.js', true],
  ['.storybook/main.ts', true],
  ['src/.hidden/a.mts', true],
  ['node_modules/pg/index.js', false],
  ['packages/a/node_modules/pg/lib/x.js', false],
  ['src/node_modules.ts', true],
  ['src/a.d.ts', false],
  ['src/a.d.mts', false],
  ['src/a.d.cts', false],
  ['src/a.d.tsx.ts', true],
  ['../shared/a.ts', true],
  ['../../other/src/a.ts', true],
  ['../node_modules/pg/index.js', false],
])('with default options %s is included: %s', (moduleId, expected) => {
  expect(filter().includes(moduleId)).toBe(expected);
});

test.each([
  [{ include: ['src/**'] }, 'src/a/b.ts', true],
  [{ include: ['src/**'] }, 'test/a.ts', false],
  [{ include: ['src/**', 'lib/*.ts'] }, 'lib/a.ts', true],
  [{ include: ['src/**', 'lib/*.ts'] }, 'lib/a/b.ts', false],
  [{ include: ['**/*.{ts,tsx}'] }, 'src/a.tsx', true],
  [{ include: ['**/*.{ts,tsx}'] }, 'src/a.js', false],
  [{ include: [] }, 'src/a.ts', false],
  [{ exclude: ['**/*.test.ts'] }, 'src/a.test.ts', false],
  [{ exclude: ['**/*.test.ts'] }, 'src/a.ts', true],
  [{ exclude: ['**/*.test.ts'] }, 'node_modules/a.ts', true],
  [{ include: ['src/**'], exclude: ['src/generated/**'] }, 'src/generated/a.ts', false],
  [{ include: ['../shared/**'] }, '../shared/a.ts', true],
  [{ include: ['../shared/**'] }, '../secret/a.ts', false],
])('with %j the file %s is included: %s', (options, moduleId, expected) => {
  expect(filter(options).includes(moduleId)).toBe(expected);
});

test('a function has the level of the options when no rule matches', () => {
  expect(filter({ level: 'values' }).level('src/a.ts', 'f')).toBe('values');
});

test('the last rule that matches wins', () => {
  const { level } = filter({
    rules: [
      { level: 'calls' },
      { file: 'src/**', level: 'lines' },
      { file: 'src/a.ts', function: 'f', level: 'off' },
      { function: 'other', level: 'values' },
    ],
  });
  expect(level('lib/a.ts', 'f')).toBe('calls');
  expect(level('src/b.ts', 'f')).toBe('lines');
  expect(level('src/a.ts', 'f')).toBe('off');
  expect(level('src/a.ts', 'g')).toBe('lines');
  expect(level('src/a.ts', 'other')).toBe('values');
});

test.each([
  ['Cart.*', 'Cart.total', true],
  ['Cart.*', 'Cart.total.<anonymous>', true],
  ['Cart.*', 'Carton.total', false],
  ['Cart.*', 'Cart', false],
  ['*', 'a.b.<anonymous>#2', true],
  ['*.get *', 'Cart.get size', true],
  ['**.<anonymous>*', 'load.<anonymous>#2', true],
  ['{load,save}', 'save', true],
  ['{load,save}', 'saveAll', false],
  ['*Route', 'GET /users/Route', true],
  ['#secret', 'Cart.#secret', false],
  ['*.#secret', 'Cart.#secret', true],
])('the function glob %s matches %s: %s', (glob, name, expected) => {
  expect(filter({ level: 'calls', rules: [{ function: glob, level: 'lines' }] }).level('src/a.ts', name)).toBe(
    expected ? 'lines' : 'calls',
  );
});
