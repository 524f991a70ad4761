/** Builds `dist`: JavaScript by rolldown, declarations from what `tsc -b` wrote into `dist/.types`. Run `tsc -b` before. */
import { build } from 'rolldown';
import { emptyDist } from '../scripts/bundle-parts.mjs';
import { writeDeclarations } from './declarations.mjs';
import config from './rolldown.config.mjs';

const dist = emptyDist(import.meta.dirname);
await build(config);
writeDeclarations(dist);
