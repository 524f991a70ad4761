/** Where inserted text stands, what moves with what, and that the map leads every piece back. */
import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping';
import { expect, test } from 'vitest';
import { createEditedText, type EditedText } from '../src/edited-text.ts';
import { encodeMappings } from '../src/encode-mappings.ts';

const edit = (source: string, edits: (text: EditedText) => void): EditedText => {
  const text = createEditedText(source);
  edits(text);
  return text;
};

/** The words and marks of the new text that have a place in the source: `[word, line:column in the source]`. */
function places(text: EditedText): readonly string[] {
  const lines = text.toString().split('\n');
  const map = new TraceMap({ version: 3, sources: ['a.js'], names: [], mappings: encodeMappings(text) });
  return decodedMappings(map).flatMap((segments, line) =>
    segments.map(([column, , sourceLine, sourceColumn]) => {
      const word = /^(?:\w+|.)/.exec((lines[line] as string).slice(column))?.[0];
      return `${word} ${sourceLine}:${sourceColumn}`;
    }),
  );
}

test('at one offset the left texts come first, each side in the order of its calls', () => {
  const text = edit('ab', (t) => {
    t.insertRight(1, '1');
    t.insertLeft(1, '2');
    t.insertRight(1, '3');
    t.insertLeft(1, '4');
  });
  expect(text.toString()).toBe('a2413b');
});

test('texts stand at both ends, and in a text without characters', () => {
  const both = (t: EditedText): void => {
    t.insertRight(t.source.length, 'd');
    t.insertLeft(t.source.length, 'c');
    t.insertLeft(0, 'a');
  };
  expect(edit('b', both).toString()).toBe('abcd');
  expect(edit('', (t) => t.insertLeft(0, 'a')).toString()).toBe('a');
});

test('edits may be told in any order', () => {
  const text = edit('a, b, c', (t) => {
    t.insertLeft(7, '!');
    t.replace(4, 5, ';');
    t.insertRight(0, '>');
    t.replace(1, 2, '');
  });
  expect(text.toString()).toBe('>a b; c!');
});

test('a piece moves with what is inserted at its inner sides, before and after it was moved', () => {
  const text = edit('head a b tail', (t) => {
    t.insertRight(7, '<');
    t.insertLeft(7, '|');
    t.move(7, 8, 4);
    t.insertLeft(8, '>');
    t.insertRight(8, '|');
    t.insertLeft(4, '+');
  });
  expect(text.toString()).toBe('head+<b> a || tail');
});

test('pieces moved to one place keep their order, and pieces inside a moved piece move within it', () => {
  const text = edit('{ 1; (2; f3) ; f4 }', (t) => {
    t.move(5, 12, 1);
    t.move(9, 11, 6);
    t.move(15, 17, 1);
  });
  expect(text.toString()).toBe('{(f32; )f4 1;  ;  }');
});

test('every word and mark leads back, over lines, long insertions, replacements and moves', () => {
  const text = edit('one = two;\nlong_word(three)\nlast', (t) => {
    t.insertRight(6, `${'x'.repeat(5000)}(`);
    t.insertLeft(9, ')');
    t.replace(20, 21, '<<');
    t.move(28, 32, 11);
  });
  expect(text.toString()).toBe(`one = ${'x'.repeat(5000)}(two);\nlastlong_word<<three)\n`);
  expect(places(text)).toEqual([
    'one 0:0',
    '= 0:4',
    'two 0:6',
    '; 0:9',
    'lastlong_word 2:0',
    'long_word 1:0',
    '< 1:9',
    'three 1:10',
    ') 1:15',
  ]);
});

test('a move back over many lines finds its line, the first and an empty one, too', () => {
  const text = edit('\n\na\nb\n\nc', (t) => t.move(7, 8, 1));
  expect(text.toString()).toBe('\nc\na\nb\n\n');
  expect(places(text)).toEqual(['c 5:0', 'a 2:0', 'b 3:0']);
});
