// An HTML processor: parse5 builds the tree of a page and writes it again.
import { parse, serialize } from 'parse5';

const rows = Array.from(
  { length: 60 },
  (_, index) =>
    `<tr id=r${index}><td>${index}<td><a href="/items/${index}?a=1&amp;b=2">item &lt;${index}&gt;</a><td><img src=x.png alt=''>`,
).join('\n');
const text = `<!doctype html><title>Items</title><style>td { color: red }</style><p>One<p>Two<table>${rows}</table><script>let a = '<b>';</script>`;

export function batch() {
  return serialize(parse(text)).length;
}
