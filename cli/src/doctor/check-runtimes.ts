/**
 * Which copies of the runtime one program would load: those that its instrumented files, its packages and the project itself find from where each of them lies.
 * Looks at folders the way Node does; runs nothing of the project.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Finding } from './finding.ts';

export interface RuntimeUser {
  /** As a person would name it: a file, or a package. */
  readonly name: string;
  /** Folder from which it looks for the runtime. */
  readonly folder: string;
  /** The package that its code imports probes from. */
  readonly runtime: string;
}

interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Copy {
  readonly version: string;
  readonly users: string[];
}

const RUNTIME = '@captureflow/runtime';
const MOST_NAMED = 3;

/** `files`: instrumented ones; those that carry the runtime in themselves, as bundles do, are `bundled`. */
export function checkRuntimes(cwd: string, files: readonly RuntimeUser[], bundled: readonly string[]): Finding[] {
  const copies = new Map<string, Copy>();
  const lost: RuntimeUser[] = [];
  for (const user of [{ name: 'this project', folder: cwd, runtime: RUNTIME }, ...packagesWithRuntime(cwd), ...files]) {
    const folder = findPackage(user.folder, user.runtime);
    if (folder === undefined) {
      if (files.includes(user)) lost.push(user);
      continue;
    }
    const known = copies.get(folder);
    if (known === undefined) copies.set(folder, { version: String(manifestOf(folder)?.version ?? 'unknown'), users: [user.name] });
    else known.users.push(user.name);
  }
  return [...lostFindings(lost), ...copyFindings(cwd, copies), ...bundleFindings(bundled, copies.size > 0 && files.length > 0)];
}

function lostFindings(lost: readonly RuntimeUser[]): Finding[] {
  const [first] = lost;
  if (first === undefined) return [];
  return [
    {
      title: 'instrumented files find their runtime',
      status: 'fail',
      detail: `${first.runtime} cannot be found from ${named(lost.map(({ name }) => name))}: ES modules would not load, CommonJS would run unrecorded`,
      fix: `npm install ${first.runtime} in the package that these files belong to`,
    },
  ];
}

function copyFindings(cwd: string, copies: ReadonlyMap<string, Copy>): Finding[] {
  if (copies.size < 2) return [];
  const versions = new Set([...copies.values()].map(({ version }) => version));
  const list = [...copies].map(([folder, { version, users }]) => `${version} in ${relative(cwd, folder) || '.'} (for ${named(users)})`);
  const detail = `${list.join('; ')}. One process uses the copy that loads first, for all`;
  return [
    versions.size === 1
      ? {
          title: `${copies.size} copies of the runtime`,
          status: 'warn',
          detail,
          fix: 'npm dedupe, or make it a peer dependency of your packages',
        }
      : {
          title: `${versions.size} versions of the runtime in one program`,
          status: 'fail',
          detail: `${detail}: what only another version knows is then missing`,
          fix: `install one version everywhere: npm ls ${RUNTIME} shows who asks for which`,
        },
  ];
}

/** Bundles share a realm's runtime as packages do, but nothing here tells their versions. */
function bundleFindings(bundled: readonly string[], imported: boolean): Finding[] {
  if (bundled.length + Number(imported) < 2) return [];
  const other = imported ? ', and other files import it' : '';
  return [
    {
      title: 'the runtime is in several files',
      status: 'warn',
      detail: `${named(bundled)} ${bundled.length === 1 ? 'carries' : 'carry'} a copy inside${other}: fine when they run apart; in one process the first that loads serves all`,
      fix: `leave ${RUNTIME} out of the bundles of one program (external)`,
    },
  ];
}

/** The project's packages, and theirs, that name the runtime themselves; of other ones nobody installs a copy for them. */
function packagesWithRuntime(cwd: string): RuntimeUser[] {
  const users: RuntimeUser[] = [];
  const seen = new Set<string>();
  const open: { readonly folder: string; readonly isProject: boolean }[] = [{ folder: cwd, isProject: true }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const manifest = manifestOf(next.folder);
    if (manifest === undefined) continue;
    const { dependencies, optionalDependencies, peerDependencies, devDependencies } = manifest;
    const names = Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies,
      ...(next.isProject ? devDependencies : {}),
    });
    if (!next.isProject && names.includes(RUNTIME)) users.push({ name: String(manifest.name), folder: next.folder, runtime: RUNTIME });
    for (const name of names) {
      const folder = name === RUNTIME ? undefined : findPackage(next.folder, name);
      if (folder === undefined || seen.has(folder)) continue;
      seen.add(folder);
      open.push({ folder, isProject: false });
    }
  }
  return users;
}

/** Its real folder, found as Node finds it: in the `node_modules` here and above. */
function findPackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (statSync(join(found, 'package.json'), { throwIfNoEntry: false })?.isFile() === true) return realpathSync(found);
    if (dirname(folder) === folder) return undefined;
  }
}

function manifestOf(folder: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function named(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, MOST_NAMED).join(', ');
  return distinct.length > MOST_NAMED ? `${shown} and ${distinct.length - MOST_NAMED} more` : shown;
}
