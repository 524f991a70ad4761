/** Comments that carry a word of ours. Costs one search in files without such a word. */
import type { CommentFacts } from '../facts.ts';

const OURS = /captureflow:|@sensitive/;

/** `list` is asked for only when it is needed: parsers make it lazily. */
export function readComments(
  source: string,
  list: () => readonly { readonly start: number; readonly end: number }[],
): readonly CommentFacts[] {
  if (!OURS.test(source)) return [];
  return list()
    .map(({ start, end }): CommentFacts => ({ start, end, text: source.slice(start, end) }))
    .filter((comment) => OURS.test(comment.text))
    .sort((a, b) => a.start - b.start);
}
