// A Markdown parser: marked writes HTML.
import { parse } from 'marked';

const text = Array.from(
  { length: 20 },
  (_, index) =>
    `## Part ${index}\n\nSome *emphasis*, a [link](https://example.com/${index}) and \`code\`.\n\n- one\n- two **bold**\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n`,
).join('\n');

export function batch() {
  return parse(text).length;
}
