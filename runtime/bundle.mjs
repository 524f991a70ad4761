/** The package's JavaScript, as `npm run build` makes it, in any folder: tests install it where users would have it. */
import { join } from 'node:path';
import { build } from 'rolldown';
import config from './rolldown.config.mjs';

/** Writes `dist` into `folder`. */
export async function bundleInto(folder) {
  for (const { output, ...options } of config) await build({ ...options, output: { ...output, dir: join(folder, output.dir) } });
}
