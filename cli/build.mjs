/**
 * Builds `dist`: the command, and how it measures for this project's own bench, of their own code; the instrumenter and the libraries stay imports. Run
 * `tsc -b` before.
 */
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { emptyDist, refuseExternals } from '../scripts/bundle-parts.mjs';
import { writeDeclarations } from '../scripts/write-declarations.mjs';

const dist = emptyDist(import.meta.dirname);
const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));

for (const name of ['captureflow', 'measure'])
  await build({
    cwd: import.meta.dirname,
    input: `src/${name}.ts`,
    platform: 'node',
    external: Object.keys(dependencies),
    resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
    plugins: [refuseExternals(Object.keys(dependencies))],
    output: { file: `dist/${name}.js`, format: 'esm' },
  });
chmodSync(join(dist, 'captureflow.js'), 0o755);
// The page is one file; `viewer` is built before.
copyFileSync(join(import.meta.dirname, '../viewer/dist/index.html'), join(dist, 'viewer.html'));
writeDeclarations('cli', ['measure'], ['.js']);
