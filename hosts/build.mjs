/** Builds `dist`: JavaScript by rolldown, declarations from what `tsc -b` wrote into `dist/.types`. Run `tsc -b` before. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { writeDeclarations } from '../scripts/write-declarations.mjs';
import config, { CJS, ESM } from './rolldown.config.mjs';

const dist = join(import.meta.dirname, 'dist');
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) if (name !== '.types') rmSync(join(dist, name), { recursive: true });
await build(config);
const users = ['@captureflow/esbuild-plugin', '@captureflow/runtime', '@captureflow/transformer', 'typescript'];
// `register-thread` is loaded by `register` only.
writeDeclarations(
  'hosts',
  ESM.filter((name) => name !== 'register-thread'),
  ['.js'],
  users,
);
writeDeclarations('hosts', CJS, ['.cjs'], users);
