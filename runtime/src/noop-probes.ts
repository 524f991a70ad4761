/** Probes that record nothing, for a copy of the runtime that may not record. Must keep the values that probes hand through. */
import { PROBE_NAMES } from '@captureflow/core/probe-abi';
import type { Probes } from '@captureflow/core/probe-abi';

/** A new object. */
export function noopProbes(): Probes {
  const probes: Record<string, unknown> = {};
  for (const name of PROBE_NAMES)
    probes[name] = name.startsWith('enter') || name === 'register' ? () => 0 : (_token: number, value: unknown) => value;
  // What is not there lets everything pass.
  probes['gates'] = () => new Int32Array(0);
  return probes as unknown as Probes;
}
