/** The traces that measured runs left in the working directory. Must not touch what another process wrote. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The runtime's default folder. */
const FOLDER = '.captureflow';

/** Removes those that were not there `before` and that a process in `pids` wrote. */
export function removeTraceFiles(cwd: string, before: ReadonlySet<string>, pids: ReadonlySet<number>): void {
  for (const name of listTraceFiles(cwd)) {
    const pid = /^traces-[^-]+-(\d+)(?:-\d+){0,2}\.cft$/.exec(name)?.[1];
    if (!before.has(name) && pid !== undefined && pids.has(Number(pid))) rmSync(join(cwd, FOLDER, name), { force: true });
  }
}

export function listTraceFiles(cwd: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(join(cwd, FOLDER)));
  } catch {
    return new Set();
  }
}
