/**
 * Builds `dist`: one self-contained CommonJS file (Babel 7 loads its plugins synchronously with `require`, and Babel 8 takes CommonJS as well), its
 * declarations, and the licences of what is bundled. `@babel/core` is never imported: the plugin works with the API it is handed. Run `tsc -b` before.
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
writeDeclarations('babel-plugin', ['index'], ['.cjs']);
