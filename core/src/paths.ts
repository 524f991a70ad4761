/**
 * Paths as text: the pure part of `node:path` that core needs (core also runs where there is no file system).
 */

/**
 * Posix form, `C:` drive letters upper-cased, query and hash of bundler ids cut off. A `#` starts a hash only behind a file
 * extension: folders and files may well be called `c#` or `issue#7.ts`.
 */
export function toPosix(path: string): string {
  const slashed = path
    .replace(/\?.*$/, '')
    .replace(/(\.\w+)#[^/\\.]*$/, '$1')
    .replaceAll('\\', '/');
  return slashed.replace(/^([a-z]):/, (_, drive: string) => `${drive.toUpperCase()}:`);
}

/** `filename` relative to `root`, posix; with `../` when it lies outside. The identity of a module. */
export function toModuleId(root: string, filename: string): string {
  const from = toPosix(root).split('/').filter(Boolean);
  const to = toPosix(filename).split('/').filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}
