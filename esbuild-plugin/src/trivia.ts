/**
 * Whitespace and comments between tokens, in both directions. Text and the list of comments only; must not know the tree.
 */

export interface Trivia {
  /** End of the token before `offset`, which starts a token, where a comment stands between them; else `offset` itself. */
  beforeComments(offset: number): number;
  /** Start of the token behind `offset`, which ends a token. */
  after(offset: number): number;
}

type Comments = readonly { readonly start: number; readonly end: number }[];

/** `comments`: asked for once, and only where there may be one: making the list costs as much as a tenth of parsing. */
export function createTrivia(source: string, comments: () => Comments): Trivia {
  let startOf: Map<number, number> | undefined;
  let endOf: Map<number, number> | undefined;

  function spaceBefore(offset: number): number {
    let at = offset;
    while (at > 0 && isSpace(source, at - 1)) at--;
    return at;
  }

  return {
    beforeComments(offset) {
      let at = spaceBefore(offset);
      if (source[at - 1] !== '/' && !hasLineEnd(source, at, offset)) return offset;
      startOf ??= new Map(comments().map((comment) => [comment.end, comment.start]));
      let start = startOf.get(at);
      if (start === undefined) return offset;
      for (; start !== undefined; start = startOf.get(at)) at = spaceBefore(start);
      return at;
    },
    after(offset) {
      endOf ??= new Map(comments().map((comment) => [comment.start, comment.end]));
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

/** Only a line comment ends with anything but a slash, and with it ends its line. */
function hasLineEnd(source: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (/[\n\r\u2028\u2029]/.test(source[at] as string)) return true;
  return false;
}
