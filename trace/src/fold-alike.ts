/** Folds calls that are alike: a loop over a thousand rows must not hide what happened around it. */
import type { Span } from './model.ts';

/** A span to show, or the rest of a row of calls that are alike. */
export type Entry = { readonly span: Span; readonly folded?: undefined } | { readonly span?: undefined; readonly folded: readonly Span[] };

/**
 * The spans of `numbers` in their order. Of calls of one function in a row that returned, have nothing under them and nothing to tell
 * besides (`gaps`: numbers of spans behind which events are missing), the first `kept` stay; the others become one entry.
 */
export function foldAlike(spans: readonly Span[], numbers: readonly number[], kept: number, gaps: ReadonlyMap<number, unknown>): Entry[] {
  const entries: Entry[] = [];
  const list = numbers.flatMap((number) => spans[number - 1] ?? []);
  for (let from = 0; from < list.length; ) {
    const first = list[from] as Span;
    let end = from + 1;
    if (isPlainLeaf(first, gaps)) while (end < list.length && isAlike(first, list[end] as Span, gaps)) end++;
    // One line for a single span would say less and save nothing.
    const shown = end - from > kept + 1 ? from + kept : end;
    for (let i = from; i < shown; i++) entries.push({ span: list[i] as Span });
    if (shown < end) entries.push({ folded: list.slice(shown, end) });
    from = end;
  }
  return entries;
}

function isAlike(first: Span, other: Span, gaps: ReadonlyMap<number, unknown>): boolean {
  return other.function.key === first.function.key && other.link === first.link && isPlainLeaf(other, gaps);
}

function isPlainLeaf(span: Span, gaps: ReadonlyMap<number, unknown>): boolean {
  const bare = span.children.length === 0 && span.annotations.length === 0 && span.elided.length === 0;
  return bare && span.outcome.kind === 'returned' && !gaps.has(span.number);
}
