import { expect, test } from 'vitest';
import { describeProblems } from '../src/traces/describe-problems.ts';

const problem = (file: string, offset: number) =>
  ({ file, offset, code: 'UNSUPPORTED_VERSION', message: 'it is of another version' }) as const;

test('what is wrong many times with one file is said once, with the first place', () => {
  expect(describeProblems([problem('a.cft', 19), problem('a.cft', 40), problem('b.cft', 8), problem('a.cft', 99)])).toEqual([
    'a.cft at byte 19: it is of another version (and 2 more like it)',
    'b.cft at byte 8: it is of another version',
  ]);
});

test('a folder full of files that are wrong does not fill the screen', () => {
  const lines = describeProblems(Array.from({ length: 40 }, (_, i) => problem(`${i}.cft`, 8)));
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([11, '0.cft at byte 8: it is of another version', 'and 30 more problems']);
});
