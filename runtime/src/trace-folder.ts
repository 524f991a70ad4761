/**
 * A folder of ours, made when the first file is to be written, which git ignores. Must not touch a folder that was there. Makes those above by itself: Node's
 * own recursion says ENOENT for whatever it failed by, a read-only disk for example, and never ends where a folder takes none (/proc; seen on Node 20 and 24).
 */

type FileSystem = typeof import('node:fs');
type Path = typeof import('node:path');

/** Throws Node's error when there is none and it cannot be made. */
export function makeTraceFolder(fs: FileSystem, path: Path, dir: string): void {
  if (!makeFolder(fs, path, dir)) return;
  try {
    fs.writeFileSync(path.join(dir, '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // Somebody else's file, or none: both are fine.
  }
}

/** False: it was there. */
function makeFolder(fs: FileSystem, path: Path, dir: string): boolean {
  if (isFolder(fs, dir)) return false;
  try {
    fs.mkdirSync(dir);
  } catch (error) {
    const above = path.dirname(dir);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !isFolder(fs, above) && above !== dir) {
      makeFolder(fs, path, above);
      return makeFolder(fs, path, dir);
    }
    // Another process may have been faster.
    if (!isFolder(fs, dir)) throw error;
    return false;
  }
  return true;
}

function isFolder(fs: FileSystem, dir: string): boolean {
  return fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true;
}
