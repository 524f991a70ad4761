// A long text that is handed from function to function, as parsers do: cut at its beginning each time.
const text = 'a line of some text, as long as lines are\n'.repeat(100);

function peek(source, at) {
  return source.charCodeAt(at);
}

function scan(source) {
  let sum = 0;
  for (let i = 0; i < 50; i++) sum += peek(source, i);
  return sum;
}

export function batch() {
  let sum = 0;
  for (let i = 0; i < 20; i++) sum += scan(text);
  return sum;
}
