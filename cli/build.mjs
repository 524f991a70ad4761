/**
 * Builds `dist`: the command as one file of its own code; the instrumenter and the libraries stay imports. Run `tsc -b` before.
 */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { emptyDist } from '../scripts/bundle-parts.mjs';

const dist = emptyDist(import.meta.dirname);

await build({
  cwd: import.meta.dirname,
  input: 'src/captureflow.ts',
  platform: 'node',
  external: ['@captureflow/esbuild-plugin', 'commander', 'tinyglobby'],
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
  output: { file: 'dist/captureflow.js', format: 'esm' },
});
chmodSync(join(dist, 'captureflow.js'), 0o755);
