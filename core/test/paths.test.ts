/** Module ids: one spelling for a file, whatever system and host named it. */
import { toModuleId, toPosix } from '@captureflow/core';
import { expect, test } from 'vitest';

test.each([
  ['/project', '/project/src/a.ts', 'src/a.ts'],
  ['/project/', '/project/src/a.ts', 'src/a.ts'],
  ['/project', '/project/a.ts', 'a.ts'],
  ['/project', '/other/a.ts', '../other/a.ts'],
  ['/project/packages/a', '/project/packages/b/src/x.ts', '../b/src/x.ts'],
  ['/project/src', '/project/a.ts', '../a.ts'],
  ['/pro', '/project/a.ts', '../project/a.ts'],
  ['C:\\project', 'C:\\project\\src\\a.ts', 'src/a.ts'],
  ['c:\\project', 'C:/project/src/a.ts', 'src/a.ts'],
  ['C:/project', 'c:\\project\\a.ts', 'a.ts'],
  ['/project', '/project/src/a.vue?vue&type=script&src=/x/y', 'src/a.vue'],
  ['/project', '/project/src/a.ts#fragment', 'src/a.ts'],
  ['/srv/c#', '/srv/c#/src/a.ts', 'src/a.ts'],
  ['/srv', '/srv/c#/src/a.ts', 'c#/src/a.ts'],
  ['/project', '/project/src/issue#7.ts', 'src/issue#7.ts'],
])('under the root %s the file %s is %s', (root, file, expected) => {
  expect(toModuleId(root, file)).toBe(expected);
});

test('two files of one project never share an id', () => {
  const files = ['a.ts', 'src/a.ts', '../a.ts', 'src/a#1.ts', 'src/a#2.ts', 'c#/a.ts', 'c#/b.ts'];
  const ids = files.map((file) => toModuleId('/srv/app', `/srv/app/${file}`));
  expect(new Set(ids).size).toBe(files.length);
});

test('drive letters are upper case and slashes are posix', () => {
  expect(toPosix('d:\\a\\b.ts')).toBe('D:/a/b.ts');
});
