/** Builds `dist`: JavaScript by rolldown, declarations from what `tsc -b` wrote into `dist/.types`. Run `tsc -b` before. */
import { build } from 'rolldown';
import { emptyDist } from '../scripts/bundle-parts.mjs';
import { writeDeclarations } from '../scripts/write-declarations.mjs';
import config, { CJS, ESM } from './rolldown.config.mjs';

emptyDist(import.meta.dirname);
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
