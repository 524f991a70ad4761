/** Bundles the command, its threads and what else the package exports into a folder: into `dist`, and into others for tests of real processes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { refuseExternals } from '../scripts/bundle-parts.mjs';

/**
 * Of a file the module it is made of; each is a bundle of its own, and a thread loads no more than it needs. What is imported when it is asked for stands
 * beside it.
 */
const BUNDLES = {
  captureflow: 'captureflow',
  measure: 'measure',
  viewer: 'viewer',
  'read-thread': 'collector/read-thread',
  'store-thread': 'collector/store-thread',
  'view-thread': 'collector/view-thread',
};
/** The command and its threads. */
export const COMMAND = ['captureflow', 'read-thread', 'store-thread', 'view-thread'];
const FOLDER = import.meta.dirname;

/** @param {string} folder @param {readonly (keyof typeof BUNDLES)[]} names */
export async function bundleCommand(folder, names = Object.keys(BUNDLES)) {
  const { dependencies: needed, peerDependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
  const dependencies = Object.keys({ ...needed, ...peerDependencies });
  for (const name of names)
    await build({
      cwd: FOLDER,
      input: { [name]: `src/${BUNDLES[name]}.ts` },
      platform: 'node',
      external: dependencies,
      resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
      plugins: [refuseExternals(dependencies)],
      output: { dir: folder, entryFileNames: '[name].js', chunkFileNames: `${name}-[name].js`, format: 'esm' },
    });
}
