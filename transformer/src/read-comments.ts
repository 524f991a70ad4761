/**
 * Comments that carry a word of ours, found through the positions of nodes (a raw scan would trip over regular expressions
 * and templates). Costs nothing in files without such a word.
 */
import type { CommentFacts } from '@captureflow/core';
import type ts from 'typescript';

export function readComments(ts: typeof import('typescript'), sourceFile: ts.SourceFile): readonly CommentFacts[] {
  const { text } = sourceFile;
  if (!/captureflow:|@sensitive/.test(text)) return [];
  const found = new Map<number, CommentFacts>();
  const add = (ranges: readonly ts.CommentRange[] | undefined): void => {
    for (const { pos, end } of ranges ?? []) {
      const comment = text.slice(pos, end);
      if (/captureflow:|@sensitive/.test(comment)) found.set(pos, { start: pos, end, text: comment });
    }
  };
  const visit = (node: ts.Node): void => {
    add(ts.getLeadingCommentRanges(text, node.pos));
    // On the line of an opening brace, a comma or a `=` a comment counts as trailing, of a token that is no node.
    add(ts.getTrailingCommentRanges(text, node.pos));
    add(ts.getTrailingCommentRanges(text, node.end));
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  visit(sourceFile.endOfFileToken);
  return [...found.values()].sort((a, b) => a.start - b.start);
}
