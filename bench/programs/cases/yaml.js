// A YAML parser: yaml reads a document into objects.
import { parse } from 'yaml';

const text = Array.from(
  { length: 15 },
  (_, index) =>
    `- name: item ${index}\n  tags: [a, b, "c ${index}"]\n  size: { width: ${index}, height: 2.5 }\n  text: >\n    folded\n    lines\n`,
).join('');

export function batch() {
  return parse(text).length;
}
