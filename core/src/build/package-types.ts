/**
 * Whether a file without module syntax is a module nevertheless: `type` of the nearest package.json, as Node and bundlers read it (H93).
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface PackageTypes {
  /** Its ending or its package says so. False: syntax has to tell. */
  isModule(fileName: string): boolean;
}

/** Remembers what it read; watching hosts make a new one for each build. */
export function createPackageTypes(): PackageTypes {
  const folders = new Map<string, boolean>();

  function isModuleFolder(folder: string): boolean {
    let answer = folders.get(folder);
    // A package without a manifest takes nothing from the program that uses it.
    if (basename(folder) === 'node_modules') return false;
    if (answer === undefined) {
      const parent = dirname(folder);
      // What a package without a manifest is, its user's package.json does not say.
      const isEnd = parent === folder || basename(folder) === 'node_modules';
      answer = isEnd ? false : (readType(folder) ?? isModuleFolder(parent));
      folders.set(folder, answer);
    }
    return answer;
  }

  return { isModule: (fileName) => /\.m[jt]s$/.test(fileName) || (!/\.c[jt]s$/.test(fileName) && isModuleFolder(dirname(fileName))) };
}

/** Undefined: no package.json here. One without `type`, or that is no JSON, ends the search. */
function readType(folder: string): boolean | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  try {
    return (JSON.parse(text) as { type?: unknown }).type === 'module';
  } catch {
    return false;
  }
}
