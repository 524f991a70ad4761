/**
 * From the paths of the command line to a list of files, each with the place it is written to. Looks at the disk, writes nothing.
 */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { globSync } from 'tinyglobby';
import { InputError } from '../input-error.ts';

export interface ListedFile {
  /** Absolute. */
  readonly input: string;
  /** Absolute; the input itself under `--in-place`. */
  readonly output: string;
  readonly isCode: boolean;
}

export interface ListRequest {
  readonly paths: readonly string[];
  /** A folder, or a file when one file is asked for. Undefined: in place. */
  readonly out: string | undefined;
  readonly cwd: string;
}

const CODE = /\.[cm]?[jt]sx?$/;
const DECLARATION = /\.d\.(?:[^.]+\.)?[cm]?ts$/;

/**
 * Folders keep their structure: what the paths have in common is cut off. Folders called `node_modules` are left out unless a path
 * leads into one. Throws InputError.
 */
export function listFiles({ paths, out, cwd }: ListRequest): readonly ListedFile[] {
  const target = out === undefined ? undefined : resolve(cwd, out);
  const roots = paths.map((path) => {
    const absolute = resolve(cwd, path);
    const stat = statSync(absolute, { throwIfNoEntry: false });
    if (stat === undefined) throw new InputError(`${path} does not exist`, 1);
    return { absolute, isFolder: stat.isDirectory() };
  });
  const inputs = [...new Set(roots.flatMap((root) => (root.isFolder ? listFolder(root.absolute, target) : [root.absolute])))];
  const listed = inputs.map((input) => ({ input, isCode: isCodeFile(input) }));
  if (target === undefined) return listed.map((file) => ({ ...file, output: file.input }));

  const only = roots.length === 1 && !roots[0]?.isFolder ? listed[0] : undefined;
  if (only !== undefined && namesFile(out ?? '', target)) return refuseOverwriting([{ ...only, output: target }], cwd);
  if (lstatSync(target, { throwIfNoEntry: false })?.isFile()) throw new InputError(`-o ${out} is a file; several files need a folder`, 2);
  const base = commonFolder(roots.map((root) => (root.isFolder ? root.absolute : dirname(root.absolute))));
  return refuseOverwriting(
    listed.map((file) => ({ ...file, output: join(target, relative(base, file.input)) })),
    cwd,
  );
}

export function isCodeFile(path: string): boolean {
  return CODE.test(path) && !DECLARATION.test(path);
}

/** `out` may lie inside the folder; an earlier run's output is no input. */
function listFolder(folder: string, out: string | undefined): readonly string[] {
  return globSync('**/*', {
    cwd: folder,
    absolute: true,
    dot: true,
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/.git/**'],
  })
    .map((path) => resolve(path))
    .filter((path) => out === undefined || out === folder || !isInside(path, out))
    .sort();
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** `-o x.js` is a file and `-o x`, `-o x.js/` a folder, unless the disk says otherwise. */
function namesFile(out: string, target: string): boolean {
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat !== undefined) return !stat.isDirectory();
  return !/[/\\]$/.test(out) && CODE.test(extname(basename(target)));
}

function commonFolder(folders: readonly string[]): string {
  let common = folders[0] ?? '';
  while (!folders.every((folder) => folder === common || isInside(folder, common))) common = dirname(common);
  return common;
}

function refuseOverwriting(files: readonly ListedFile[], cwd: string): readonly ListedFile[] {
  const inputs = new Set(files.map((file) => realpathSync(file.input)));
  for (const { output } of files) {
    if (inputs.has(realOutput(output)))
      throw new InputError(`${relative(cwd, output)} is an input; name another folder with -o, or say --in-place`, 2);
  }
  return files;
}

/** The folder may be a link to the input's. */
function realOutput(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realOutput(folder), basename(path));
  }
}
