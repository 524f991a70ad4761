/**
 * Builds `dist`: one ES module with core and trace inside (Node 20.20 and later load it with `require` as well), its declarations, and
 * the licences of what is bundled. The parser and the source map packages stay dependencies. Run `tsc -b` before.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { addLicences, emptyDist, refuseExternals } from '../scripts/bundle-parts.mjs';
import { writeDeclarations } from '../scripts/write-declarations.mjs';

emptyDist(import.meta.dirname);

const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));

await build({
  cwd: import.meta.dirname,
  input: 'src/index.ts',
  platform: 'node',
  external: Object.keys(dependencies),
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
  plugins: [refuseExternals(Object.keys(dependencies)), addLicences()],
  output: { file: 'dist/index.js', format: 'esm' },
});
writeDeclarations('esbuild-plugin', ['index'], ['.js'], ['esbuild', ...Object.keys(dependencies)]);
