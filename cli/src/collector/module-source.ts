/** The text of a module that a trace names, and of nothing else on this machine. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

const MOST_BYTES = 4 * 1024 * 1024;

/** `root`: folder that module paths start from. Undefined: it lies outside, is not there, is no file or is too large. */
export function readModuleSource(root: string, module: string): string | undefined {
  if (module === '' || module.includes('\0') || isAbsolute(module)) return undefined;
  try {
    const base = realpathSync(root);
    // Links are followed first: one that leads out of the project leads out of what is served.
    const file = realpathSync(resolve(base, module));
    const inside = relative(base, file);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return undefined;
    const stat = statSync(file);
    return stat.isFile() && stat.size <= MOST_BYTES ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
