/** Offsets to 1-based lines and columns. */
import { createLineIndex } from '@captureflow/core';
import { expect, test } from 'vitest';

test.each([
  ['LF', 'a\nbc\nd'],
  ['CR', 'a\rbc\rd'],
  ['U+2028', 'a\u2028bc\u2028d'],
  ['U+2029', 'a\u2029bc\u2029d'],
])('%s ends a line', (_, source) => {
  const { at } = createLineIndex(source);
  expect([...source].map((_c, k) => at(k))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 2 },
    { line: 2, column: 1 },
    { line: 2, column: 2 },
    { line: 2, column: 3 },
    { line: 3, column: 1 },
  ]);
});

test('CRLF ends one line, not two', () => {
  const { at } = createLineIndex('a\r\nb\r\n\r\nc');
  expect(at(2)).toEqual({ line: 1, column: 3 });
  expect(at(3)).toEqual({ line: 2, column: 1 });
  expect(at(8)).toEqual({ line: 4, column: 1 });
});

test('other white space and a byte order mark end no line', () => {
  expect(createLineIndex('\uFEFFa\u0085b\fc\vd').at(7)).toEqual({ line: 1, column: 8 });
});

test('columns count UTF-16 units', () => {
  expect(createLineIndex('\n😀x').at(3)).toEqual({ line: 2, column: 3 });
});

test('an offset at the very end lies in the last line', () => {
  expect(createLineIndex('').at(0)).toEqual({ line: 1, column: 1 });
  expect(createLineIndex('ab\n').at(3)).toEqual({ line: 2, column: 1 });
});
