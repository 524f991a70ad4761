/**
 * Builds `dist`: the command as one file of its own code; the instrumenter and the libraries stay imports. Run `tsc -b` before.
 */
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

const dist = join(import.meta.dirname, 'dist');
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) if (name !== '.types') rmSync(join(dist, name), { recursive: true });

await build({
  cwd: import.meta.dirname,
  input: 'src/captureflow.ts',
  platform: 'node',
  external: ['@captureflow/esbuild-plugin', 'commander', 'tinyglobby'],
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
  output: { file: 'dist/captureflow.js', format: 'esm' },
});
chmodSync(join(dist, 'captureflow.js'), 0o755);
