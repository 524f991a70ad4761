/** Removes what the build wrote: every package's and example's `dist`, and the tool caches. Sources and recorded traces stay. */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const folders = workspaces.flatMap((entry) =>
  entry.endsWith('/*') ? readdirSync(join(ROOT, entry.slice(0, -2))).map((name) => join(entry.slice(0, -2), name)) : [entry],
);
for (const folder of folders) {
  const dist = join(ROOT, folder, 'dist');
  if (existsSync(dist)) rmSync(dist, { recursive: true });
}
rmSync(join(ROOT, 'node_modules/.cache/captureflow'), { recursive: true, force: true });
