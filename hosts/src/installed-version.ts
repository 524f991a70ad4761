/** The version of a tool that does not say it to its plugins. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Of the package as `folder` sees it; undefined when there is none. */
export function installedVersion(name: string, folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, 'package.json'))(`${name}/package.json`) as { readonly version?: string };
    return manifest.version;
  } catch {
    return undefined;
  }
}
