/**
 * Builds `dist`: one self-contained CommonJS file (ts-patch loads CommonJS; ESM transformers are experimental there), its declarations,
 * and the licences of what is bundled. `typescript` is never imported: the transformer works with the instance it is handed. Run `tsc -b` before.
 */
import { build } from 'rolldown';
import { addLicences, emptyDist, refuseExternals } from '../scripts/bundle-parts.mjs';
import { writeDeclarations } from '../scripts/write-declarations.mjs';

emptyDist(import.meta.dirname);

await build({
  cwd: import.meta.dirname,
  input: 'src/index.ts',
  platform: 'node',
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
  plugins: [refuseExternals(), addLicences()],
  output: { file: 'dist/index.cjs', format: 'cjs', exports: 'named' },
});
writeDeclarations('transformer', ['index'], ['.cjs'], ['typescript']);
