// An HTML processor: parse5 builds the tree of a page and writes it again.
import { parse, serialize } from 'parse5';

const rows = Array.from(
  { length: 60 },
  (_, index) =>
    `<tr id=r${index}><td>${index}<td><a href="/items/${index}?a=1&amp;b=2">item &lt;${index}&gt;</a><td><img src=x.png alt=''>`,
).join('\n');
const prose = 'A page says something, too: "words &amp; more words", in sentences of the usual length. '.repeat(4);
const text = `<!doctype html><title>Items</title><style>td { color: red }</style><p>${prose.repeat(5)}<p>${prose.repeat(3)}<table>${rows}</table><script>let a = '<b>';</script>`;

export function batch() {
  return serialize(parse(text)).length;
}
