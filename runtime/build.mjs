/** Builds `dist`: JavaScript by rolldown, declarations from what `tsc -b` wrote into `dist/.types`. Run `tsc -b` before. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { writeDeclarations } from './declarations.mjs';
import config from './rolldown.config.mjs';

const dist = join(import.meta.dirname, 'dist');
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) if (name !== '.types') rmSync(join(dist, name), { recursive: true });
await build(config);
writeDeclarations(dist);
