/** Places that neither dialect has a node for, found in the text between two nodes. */

const TRIVIA = /(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/y;

/** Behind white space and comments. */
export function skipTrivia(source: string, at: number): number {
  TRIVIA.lastIndex = at;
  return TRIVIA.test(source) ? TRIVIA.lastIndex : at;
}

/** The next `{` at or after `at`, past closing parentheses, white space, comments and a word (`static`). */
export function findBrace(source: string, at: number): number {
  let place = skipTrivia(source, at);
  while (place < source.length && source[place] !== '{') place = skipTrivia(source, place + 1);
  return place;
}
