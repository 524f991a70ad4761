/** Where the figures come from. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

export function describeMachine(node) {
  const machine = {
    node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    /** Of the last minute, before anything ran here: above the number of cores, trust the first digit only. */
    load: Number(loadavg()[0].toFixed(1)),
  };
  return { ...machine, text: `Node ${machine.node}, ${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB, load ${machine.load}` };
}
