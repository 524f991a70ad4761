import { describe, expect, it } from 'vitest';
import { lineStates, tokensOf } from '../src/views/source/source-tokens.ts';

function kinds(line: string): string[] {
  return tokensOf(line)
    .tokens.filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind} ${text}`);
}

describe('colouring of a source', () => {
  it('knows keywords, numbers, strings and comments', () => {
    expect(kinds("const price = 12.5 + f('a // b'); // note")).toEqual([
      'keyword const',
      'number 12.5',
      "string 'a // b'",
      'comment // note',
    ]);
    expect(kinds('constant.for1')).toEqual([]);
  });

  it('carries comments and templates over lines', () => {
    const lines = ['/* one', 'two */ let a = `x', '${b} y`; return 1'];
    expect(lineStates(lines)).toEqual(['code', 'comment', 'template']);
    expect(tokensOf(lines[1]!, 'comment').tokens.map(({ kind }) => kind)).toEqual(['comment', 'plain', 'keyword', 'plain', 'string']);
  });

  it('loses no character of any line', () => {
    const lines = ['a "unclosed', "it's", '`a\\`b` /* c */ d', '\\', '💥 const "\\"" \u2028', '/*/', '"\\', '``', '// `'];
    for (const state of ['code', 'comment', 'template'] as const) {
      for (const line of lines) {
        expect(
          tokensOf(line, state)
            .tokens.map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }
    }
  });
});
