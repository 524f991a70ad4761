/** Where figures come from. */
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  /** The version of the Node that was measured, such as `v24.1.0`. */
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Of the last minute, before anything ran here: above the number of cores, trust the first digit only. */
  readonly load: number;
}

export function describeMachine(node: string): Machine {
  return {
    node,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

export function formatMachine({ node, cpu, cores, memoryGb, load }: Machine): string {
  return `Node ${node}, ${cores} x ${cpu}, ${memoryGb} GB, load ${load}`;
}
