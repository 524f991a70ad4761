/** A table as Markdown, which is as good to read on a terminal. */
import { markdownTable } from 'markdown-table';
import type { Interval } from './judge.ts';

export interface Table {
  readonly title: string;
  /** Every column but the first holds figures. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Paragraphs below the table. */
  readonly notes?: readonly string[];
}

export function formatTable({ title, head, rows, notes = [] }: Table): string {
  const align = head.map((_, column) => (column === 0 ? 'l' : 'r'));
  return [`### ${title}`, '', markdownTable([head, ...rows], { align }), ...notes.flatMap((note) => ['', note]), ''].join('\n');
}

export function formatInterval([low, high]: Interval): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}
