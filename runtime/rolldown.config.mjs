/**
 * The JavaScript of the package: per format one set of files, in which the entries share the modules that hold state.
 * Everything is bundled; a user installs no dependency.
 */
import { join } from 'node:path';
import { defineConfig, rolldown } from 'rolldown';

/** Options that let node_modules in must not make the recorder record itself. */
const banner = '/* captureflow:off */';

const shared = {
  cwd: import.meta.dirname,
  // Node's built-ins are asked for at run time (src/builtin.ts): nothing is external, so that browsers can be targets too.
  platform: 'neutral',
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
};

/** The worker's program as one text of CommonJS, which `new Worker(text, { eval: true })` takes on every Node. */
async function bundleWorker() {
  const bundle = await rolldown({ ...shared, input: 'src/shipping/worker-main.ts' });
  const { output } = await bundle.generate({ format: 'cjs', minify: true, codeSplitting: false });
  await bundle.close();
  return output[0].code;
}

let workerText;
/** `src/shipping/worker-code.ts` gets the bundled worker. No file of its own: an `import()` would make two chunks of every user's bundle, which Rollup and Rolldown refuse with `output.file`. */
const carryWorker = {
  name: 'carry-worker',
  load: {
    filter: { id: /[\\/]shipping[\\/]worker-code\.ts$/ },
    async handler() {
      return { code: `export const workerCode = ${JSON.stringify(await (workerText ??= bundleWorker()))};`, moduleType: 'js' };
    },
  },
};

const WITHOUT_NODE = [
  'default-exporters',
  'exit-flush',
  'http-root',
  'leaf-spans',
  'process-context',
  'propagation',
  'shipping/create-spill',
  'shipping/worker-carrier',
];

/** The build for browsers and edge runtimes: other brand checks, and nothing of what needs Node. */
const forTheWeb = {
  name: 'for-the-web',
  load: {
    filter: { id: new RegExp(`[\\\\/]runtime[\\\\/]src[\\\\/](?:host-types|${WITHOUT_NODE.join('|').replaceAll('/', '[\\\\/]')})\\.ts$`) },
    handler(id) {
      const standIn = id.endsWith('host-types.ts') ? 'host-types-web.ts' : 'without-node.ts';
      return { code: `export * from ${JSON.stringify(join(import.meta.dirname, 'src/page', standIn))};`, moduleType: 'ts' };
    },
  },
};

export default defineConfig([
  {
    ...shared,
    plugins: [carryWorker],
    input: { index: 'src/index.ts', 'probe-1': 'src/probe-1.ts', otel: 'src/otel.ts' },
    output: { banner, dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'shared.js' },
  },
  {
    ...shared,
    plugins: [carryWorker],
    input: { index: 'src/index.ts', 'probe-1': 'src/probe-1-cjs.ts', otel: 'src/otel.ts' },
    output: { banner, dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shared.cjs', exports: 'auto' },
  },
  {
    ...shared,
    plugins: [forTheWeb],
    input: { index: 'src/index.ts', 'probe-1': 'src/probe-1.ts' },
    output: { banner, dir: 'dist/web', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'shared.js' },
  },
]);
