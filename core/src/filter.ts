/**
 * Which files and functions the options name: globs compiled once per build.
 */
import type { Level } from '@captureflow/trace/metadata';
import picomatch from 'picomatch';
import type { ResolvedOptions } from './options.ts';

export interface Filter {
  /** `moduleId`: path from the project root, posix. */
  includes(moduleId: string): boolean;
  /** The level the options ask for; `name`: the function's scope path. */
  level(moduleId: string, name: string): Level;
}

/** Declaration files are never included: they have no bodies (H101). */
export function createFilter(options: ResolvedOptions): Filter {
  const included = picomatch([...options.include], { dot: true });
  const excluded = picomatch([...options.exclude], { dot: true });
  const rules = options.rules.map((rule) => ({
    file: rule.file === undefined ? undefined : picomatch(rule.file, { dot: true }),
    // Scope paths have no slashes that mean anything, so a `*` spans the dots of `Cart.total`.
    function: rule.function === undefined ? undefined : picomatch(rule.function, { dot: true, bash: true }),
    level: rule.level,
  }));
  return {
    includes: (moduleId) => !/\.d\.[cm]?ts$/.test(moduleId) && matches(included, moduleId) && !matches(excluded, moduleId),
    level(moduleId, name) {
      let level = options.level;
      for (const rule of rules) {
        if (rule.file !== undefined && !matches(rule.file, moduleId)) continue;
        if (rule.function !== undefined && !rule.function(name)) continue;
        level = rule.level;
      }
      return level;
    },
  };
}

/** A `**` matches no `..`: files outside the root (a shared folder of a monorepo) are asked for by their rest as well. */
function matches(glob: (path: string) => boolean, moduleId: string): boolean {
  return glob(moduleId) || (moduleId.startsWith('../') && glob(moduleId.replace(/^(?:\.\.\/)+/, '')));
}
