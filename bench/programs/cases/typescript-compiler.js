// A compiler of TypeScript: sucrase strips the types of a source file of zod.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { transform } from 'sucrase';

const folder = dirname(createRequire(import.meta.url).resolve('zod/package.json'));
const text = readFileSync(join(folder, 'src/v4/core/util.ts'), 'utf8');

export function batch() {
  return transform(text, { transforms: ['typescript'] }).code.length;
}
