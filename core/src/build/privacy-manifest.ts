/**
 * Option `privacyManifest`: one file that says of every function what is recorded of it, for people to review and for version control to compare. A
 * build changes the entries of the modules that it saw and leaves the others: incremental builds see some, parallel ones share the file under a lock.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { ModuleEntries } from './privacy-entries.ts';

const VERSION = 1;
/** After the last module of a burst: a watching build never ends. */
const QUIET_MS = 300;
const LOCK_WAIT_MS = 10;
/** Another build that holds the lock for longer is dead: merging takes milliseconds. */
const LOCK_LASTS_MS = 5000;

type Modules = Record<string, ModuleEntries>;

interface Pending {
  readonly root: string;
  /** Undefined: nothing of the module is recorded any more. */
  readonly modules: Map<string, ModuleEntries | undefined>;
  readonly includes: (moduleId: string) => boolean;
}

/** By absolute path of the file. */
const pending = new Map<string, Pending>();
let timer: NodeJS.Timeout | undefined;
let waitsForExit = false;

/** Notes what became of a module; the file is written soon after the last one, and when the process ends. */
export function notePrivacy(
  root: string,
  file: string,
  moduleId: string,
  entries: ModuleEntries | undefined,
  includes: (moduleId: string) => boolean,
): void {
  const path = resolve(root, file);
  const known = pending.get(path) ?? { root, modules: new Map<string, ModuleEntries | undefined>(), includes };
  known.modules.set(moduleId, entries);
  pending.set(path, known);
  clearTimeout(timer);
  timer = setTimeout(writePending, QUIET_MS);
  timer.unref();
  if (waitsForExit) return;
  waitsForExit = true;
  process.once('exit', writePending);
}

/** Writes what was noted. A file that cannot be written is reported: the build itself has succeeded. */
export function writePending(): void {
  for (const [file, { root, modules, includes }] of pending) {
    pending.delete(file);
    try {
      mkdirSync(dirname(file), { recursive: true });
      const release = lock(file);
      try {
        merge(file, root, modules, includes);
      } finally {
        release();
      }
    } catch (error) {
      process.stderr.write(`[captureflow] the privacy manifest was not written: ${(error as Error).message}\n`);
    }
  }
}

function merge(file: string, root: string, seen: Pending['modules'], includes: Pending['includes']): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const modules: Modules = Object.create(null);
  for (const [moduleId, entries] of Object.entries(parse(before, file))) {
    if (!seen.has(moduleId) && includes(moduleId) && existsSync(resolve(root, moduleId))) modules[moduleId] = entries;
  }
  for (const [moduleId, entries] of seen) if (entries !== undefined) modules[moduleId] = entries;
  const after = format(modules);
  if (after === before) return;
  // Written aside and renamed: a reader never sees half a file.
  const aside = `${file}.${process.pid}.${threadId}`;
  writeFileSync(aside, after);
  renameSync(aside, file);
}

/** A file that is no manifest is somebody else's: it is left alone. */
function parse(text: string, file: string): Modules {
  if (text === '') return {};
  const value = JSON.parse(text) as { version?: unknown; modules?: Modules };
  if (value.version !== VERSION || typeof value.modules !== 'object')
    throw new Error(`${file} exists and is no privacy manifest of version ${VERSION}`);
  return value.modules;
}

/** One line a function, modules in the order of the alphabet: a changed function is a changed line. */
function format(modules: Modules): string {
  const blocks = Object.keys(modules)
    .sort()
    .map((moduleId) => {
      const lines = Object.entries(modules[moduleId] as ModuleEntries).map(
        ([name, entry]) => `      ${JSON.stringify(name)}: ${JSON.stringify(entry)}`,
      );
      return `    ${JSON.stringify(moduleId)}: {\n${lines.join(',\n')}\n    }`;
    });
  return `{\n  "version": ${VERSION},\n  "modules": {\n${blocks.join(',\n')}\n  }\n}\n`;
}

/** A folder is made or it is there: the one operation on every file system that two processes cannot both succeed in. */
function lock(file: string): () => void {
  const folder = `${file}.lock`;
  for (;;) {
    try {
      mkdirSync(folder);
      return () => rmdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    try {
      if (Date.now() - statSync(folder).mtimeMs > LOCK_LASTS_MS) rmdirSync(folder);
    } catch {
      // Whoever held it has just let go.
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_WAIT_MS);
  }
}
