/**
 * What a file is by its ending and its package: `type` of the nearest package.json, as Node and every bundler read it (H93).
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PackageFormats {
  /** Undefined: neither ending nor package says it; syntax has to. */
  of(fileName: string): 'esm' | 'cjs' | undefined;
}

/** Remembers what it read; watching hosts make a new one for each build. */
export function createPackageFormats(): PackageFormats {
  const types = new Map<string, 'esm' | 'cjs' | undefined>();

  function typeAt(folder: string): 'esm' | 'cjs' | undefined {
    if (types.has(folder)) return types.get(folder);
    const type = readType(folder);
    const parent = dirname(folder);
    const answer = type === 'none' ? (parent === folder ? undefined : typeAt(parent)) : type;
    types.set(folder, answer);
    return answer;
  }

  return {
    of(fileName) {
      if (/\.m[jt]s$/.test(fileName)) return 'esm';
      if (/\.c[jt]s$/.test(fileName)) return 'cjs';
      return typeAt(dirname(fileName));
    },
  };
}

/** `none`: no package.json here. One without `type`, or that cannot be read as JSON, says nothing but ends the search. */
function readType(folder: string): 'esm' | 'cjs' | 'none' | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return 'none';
  }
  try {
    const { type } = JSON.parse(text) as { type?: unknown };
    return type === 'module' ? 'esm' : type === 'commonjs' ? 'cjs' : undefined;
  } catch {
    return undefined;
  }
}
