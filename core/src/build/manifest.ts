/**
 * `metadata: 'manifest'`: names and positions go to `.captureflow/manifest/<hash>.json` under the project root instead of into the
 * code; readers find a module's record there by the hash that its segments carry. One file a module, so that parallel and
 * incremental builds never write the same one with different content.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../plan.ts';

/** Does nothing for plans with inline metadata. Errors of the file system fail the build. */
export function writeManifest(root: string, plan: Plan): void {
  if (plan.hash === undefined || plan.functions.length === 0) return;
  const folder = join(root, '.captureflow', 'manifest');
  const file = join(folder, `${plan.hash}.json`);
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  // Written aside and renamed: a reader never sees half a file.
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(plan.record)}\n`);
  renameSync(aside, file);
}
