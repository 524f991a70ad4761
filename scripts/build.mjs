/**
 * Builds every package into its `dist`: `tsc -b` for declarations (and the JS of core and trace), then rolldown for what is bundled.
 * Incremental in its tsc half. Usage: node scripts/build.mjs [package …]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

const PACKAGES = ['trace', 'core', 'runtime', 'transformer', 'babel-plugin', 'esbuild-plugin', 'hosts', 'viewer', 'cli'];

const wanted = process.argv.slice(2);
const ready = PACKAGES.filter(
  (name) =>
    (wanted.length === 0 || wanted.includes(name)) &&
    existsSync(join(ROOT, name, 'tsconfig.json')) &&
    readdirSync(join(ROOT, name, 'src')).some((file) => file.endsWith('.ts')),
);
for (const name of PACKAGES) if (!ready.includes(name)) console.log(`build: ${name} is left out`);

const started = performance.now();
// A type error fails the build but does not keep the other packages from being bundled.
let failed = (await run('tsc', ['-b', ...ready])).code === 0 ? '' : 'tsc -b';
for (const name of ready) {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, name, 'package.json'), 'utf8'));
  if (scripts?.build === undefined) continue;
  if ((await run('sh', ['-c', scripts.build], { cwd: join(ROOT, name) })).code !== 0) failed ||= name;
}
if (failed === '') console.log(`build: ${ready.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
else {
  console.error(`build: ${failed} failed`);
  process.exitCode = 1;
}
