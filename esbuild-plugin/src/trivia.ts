/**
 * Whitespace and comments between tokens, in both directions. Text only; must not know the tree.
 */

export interface Trivia {
  /** End of the token before `offset`, which starts a token. */
  before(offset: number): number;
  /** Start of the token behind `offset`, which ends a token. */
  after(offset: number): number;
}

export function createTrivia(source: string, comments: readonly { readonly start: number; readonly end: number }[]): Trivia {
  const startOf = new Map(comments.map((comment) => [comment.end, comment.start]));
  const endOf = new Map(comments.map((comment) => [comment.start, comment.end]));
  return {
    before(offset) {
      let at = offset;
      for (;;) {
        while (at > 0 && isSpace(source, at - 1)) at--;
        const start = startOf.get(at);
        if (start === undefined) return at;
        at = start;
      }
    },
    after(offset) {
      let at = offset;
      for (;;) {
        while (at < source.length && isSpace(source, at)) at++;
        const end = endOf.get(at);
        if (end === undefined) return at;
        at = end;
      }
    },
  };
}

function isSpace(source: string, at: number): boolean {
  const unit = source.charCodeAt(at);
  return unit === 32 || (unit >= 9 && unit <= 13) || (unit >= 0xa0 && /\s/.test(source[at] as string));
}
