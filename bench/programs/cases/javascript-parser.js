// A JavaScript parser: acorn reads a source file of postcss.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'acorn';

const folder = dirname(createRequire(import.meta.url).resolve('postcss/package.json'));
const text = readFileSync(join(folder, 'lib/parser.js'), 'utf8');

export function batch() {
  return parse(text, { ecmaVersion: 'latest' }).end;
}
