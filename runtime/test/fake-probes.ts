/** Probes that write down what they are told, for tests of what calls them. */
import { PROBE_NAMES } from '@captureflow/core/probe-abi';
import type { Probes } from '@captureflow/core/probe-abi';
import type { ModuleRecord } from '@captureflow/trace/metadata';

export interface FakeProbes extends Probes {
  readonly events: unknown[][];
  readonly modules: ModuleRecord[];
}

/** Tokens are 1, 2, 3 …; function ids 100, 101 … */
export function fakeProbes(): FakeProbes {
  const events: unknown[][] = [];
  const modules: ModuleRecord[] = [];
  let tokens = 0;
  const probes: Record<string, unknown> = { events, modules };
  for (const name of PROBE_NAMES) {
    probes[name] = (...args: unknown[]) => {
      events.push([name, ...args]);
      return name.startsWith('enter') ? ++tokens : args[1];
    };
  }
  probes['register'] = (record: ModuleRecord) => 99 + modules.push(record);
  probes['gates'] = (size: number) => new Int32Array(size);
  return probes as unknown as FakeProbes;
}
