/**
 * `node esbuild-child.mjs plain|plugin <folder of TypeScript sources>`: bundles it with esbuild, maps included; prints JSON
 * `{ seconds, cpu, bytes }` of the best of three builds: seconds by the clock (esbuild is a process of its own), processor seconds of this process
 * (where plugins run), and the size of the source.
 */
import { build } from 'esbuild';

const [mode, folder] = process.argv.slice(2);
const plugins = mode === 'plain' ? [] : [(await import('@captureflow/esbuild-plugin')).captureflow({ root: folder })];
let seconds = Infinity;
let cpu = Infinity;
let bytes = 0;
for (let k = 0; k < 3; k++) {
  const started = performance.now();
  const before = process.cpuUsage();
  const { metafile } = await build({
    entryPoints: [`${folder}/index.ts`],
    absWorkingDir: folder,
    bundle: true,
    treeShaking: false,
    platform: 'node',
    format: 'esm',
    sourcemap: true,
    write: false,
    outdir: 'out',
    metafile: true,
    external: ['@captureflow/runtime'],
    logLevel: 'error',
    plugins,
  });
  seconds = Math.min(seconds, (performance.now() - started) / 1000);
  const { user, system } = process.cpuUsage(before);
  cpu = Math.min(cpu, (user + system) / 1e6);
  bytes = Object.values(metafile.inputs).reduce((sum, input) => sum + input.bytes, 0);
}
console.log(JSON.stringify({ seconds, cpu, bytes }));
