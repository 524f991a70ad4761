/** The traces that a program left in its folder, read by the built reader. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run.mjs';

export async function readTraces(at) {
  const { buildTraces, readSegments } = await import(join(ROOT, 'trace/dist/index.js'));
  const folder = join(at, '.captureflow');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.cft'));
  return files.flatMap((name) => buildTraces(readSegments(readFileSync(join(folder, name))).segments));
}
