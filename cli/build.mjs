/**
 * Builds `dist`: the command, and how it measures for this project's own bench, of their own code; the instrumenter and the libraries stay imports. Run
 * `tsc -b` before.
 */
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyDist } from '../scripts/bundle-parts.mjs';
import { writeDeclarations } from '../scripts/write-declarations.mjs';
import { bundleCommand } from './bundle-command.mjs';

const dist = emptyDist(import.meta.dirname);
await bundleCommand(dist);
chmodSync(join(dist, 'captureflow.js'), 0o755);
// The page is one file; `viewer` is built before.
copyFileSync(join(import.meta.dirname, '../viewer/dist/index.html'), join(dist, 'viewer.html'));
writeDeclarations('cli', ['measure', 'viewer'], ['.js']);
