/**
 * What emitted code requires: the CommonJS twin of `probe-1.ts`, the plain object itself.
 */
import type { Probes } from '@captureflow/core/probe-abi';
import { shared } from './instance.ts';

shared.api.autostart();

const probes: Probes = shared.probes;
// Babel makes `require` of our import and would copy a plain object, once a module.
Object.defineProperty(probes, '__esModule', { value: true });
export default probes;
