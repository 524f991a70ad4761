/**
 * The JavaScript of the package: per format one set of files, in which both entries share the modules that hold state.
 * Everything is bundled; a user installs no dependency.
 */
import { defineConfig } from 'rolldown';

/** Options that let node_modules in must not make the recorder record itself. */
const banner = '/* captureflow:off */';

const shared = {
  cwd: import.meta.dirname,
  // Node's built-ins are asked for at run time (src/builtin.ts): nothing is external, so that browsers can be targets too.
  platform: 'neutral',
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
};

export default defineConfig([
  {
    ...shared,
    input: { index: 'src/index.ts', 'probe-1': 'src/probe-1.ts' },
    output: { banner, dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'shared.js' },
  },
  {
    ...shared,
    input: { index: 'src/index.ts', 'probe-1': 'src/probe-1-cjs.ts' },
    output: { banner, dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shared.cjs', exports: 'auto' },
  },
]);
