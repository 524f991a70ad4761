/** What is wrong with files, as lines for a terminal: each kind once a file, and no more than somebody reads. */
import type { ReadProblem } from '../read-traces.ts';

const MOST_LINES = 10;

/** Without a line's end. */
export function describeProblems(problems: readonly ReadProblem[]): string[] {
  const alike = new Map<string, { readonly first: ReadProblem; count: number }>();
  for (const problem of problems) {
    const key = `${problem.file}\n${problem.message}`;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { first: problem, count: 1 });
    else known.count++;
  }
  const lines = [...alike.values()].map(
    ({ first: { file, offset, message }, count }) =>
      `${file}${offset === undefined ? '' : ` at byte ${offset}`}: ${message}${count === 1 ? '' : ` (and ${count - 1} more like it)`}`,
  );
  return lines.length <= MOST_LINES + 1 ? lines : [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more problems`];
}
