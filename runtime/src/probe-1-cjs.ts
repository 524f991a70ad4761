/**
 * What emitted code requires: the CommonJS twin of `probe-1.ts`. The plain object itself, because emitted code reads `on` from
 * it at every call, and a getter there would be a call.
 */
import type { Probes } from '@captureflow/core/probe-abi';
import { shared } from './instance.ts';

shared.api.autostart();

const probes: Probes = shared.probes;
// Babel makes `require` of our import and would copy a plain object, with `on` as it was at that moment.
Object.defineProperty(probes, '__esModule', { value: true });
export default probes;
