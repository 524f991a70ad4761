/** Bundles the command, its threads and what else the package exports into a folder: into `dist`, and into others for tests of real processes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { refuseExternals } from '../scripts/bundle-parts.mjs';

/** Of a file the module it is made of; each is a bundle of its own. */
const BUNDLES = { captureflow: 'captureflow', measure: 'measure', viewer: 'viewer', 'collector-thread': 'collector/thread-main' };
const FOLDER = import.meta.dirname;

/** @param {string} folder @param {readonly (keyof typeof BUNDLES)[]} names */
export async function bundleCommand(folder, names = Object.keys(BUNDLES)) {
  const { dependencies: needed, peerDependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
  const dependencies = Object.keys({ ...needed, ...peerDependencies });
  for (const name of names)
    await build({
      cwd: FOLDER,
      input: `src/${BUNDLES[name]}.ts`,
      platform: 'node',
      external: dependencies,
      resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
      plugins: [refuseExternals(dependencies)],
      output: { file: join(folder, `${name}.js`), format: 'esm' },
    });
}
