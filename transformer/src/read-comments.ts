/**
 * Comments that carry a word of ours, found through the positions of tokens (a raw scan would trip over regular expressions,
 * templates and the text of JSX). Costs nothing in files without such a word.
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
  // What stands there is text, whatever it looks like.
  const texts: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.JsxText) return void texts.push(node);
    add(ts.getLeadingCommentRanges(text, node.pos));
    add(ts.getTrailingCommentRanges(text, node.pos));
    add(ts.getTrailingCommentRanges(text, node.end));
    for (const child of node.getChildren(sourceFile)) visit(child);
  };
  visit(sourceFile);
  return [...found.values()]
    .filter(({ start }) => !texts.some((node) => node.pos <= start && start < node.end))
    .sort((a, b) => a.start - b.start);
}
