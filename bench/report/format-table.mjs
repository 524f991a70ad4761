/** A table as Markdown, which is as good to read on a terminal. */
import { markdownTable } from 'markdown-table';

/** `{ title, head, rows, notes? }`: every column but the first holds figures. */
export function formatTable({ title, head, rows, notes = [] }) {
  const align = head.map((_, column) => (column === 0 ? 'l' : 'r'));
  return [`### ${title}`, '', markdownTable([head, ...rows], { align }), ...notes.flatMap((note) => ['', note]), ''].join('\n');
}
