/** Builds `dist`: JavaScript by rolldown, declarations from what `tsc -b` wrote into `dist/.types`. Run `tsc -b` before. */
import { emptyDist } from '../scripts/bundle-parts.mjs';
import { bundleInto } from './bundle.mjs';
import { writeDeclarations } from './declarations.mjs';

const dist = emptyDist(import.meta.dirname);
await bundleInto(import.meta.dirname);
writeDeclarations(dist);
