// A CSS processor: postcss reads a style sheet, a plugin changes it, and it is written again.
import postcss from 'postcss';

const text = Array.from(
  { length: 60 },
  (_, index) =>
    `.card-${index} > a:hover, .card-${index}::before { color: #${(index * 4099).toString(16).padStart(6, '0')}; margin: 0 ${index}px; }\n@media (min-width: ${index * 10}px) { .wide-${index} { display: grid; grid-template: "a b" 1fr / auto; } }\n`,
).join('');
const processor = postcss([
  {
    postcssPlugin: 'rem',
    Declaration(declaration) {
      if (declaration.value.endsWith('px')) declaration.value = declaration.value.replace(/(\d+)px/, (_, px) => `${px / 16}rem`);
    },
  },
]);

export function batch() {
  return processor.process(text, { from: undefined }).css.length;
}
