/** Reads what a process left in its `.captureflow` folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTraces, readSegments } from '@captureflow/trace';

/** `{ files, traces }` of the process `pid`; the traces in order of their start. */
export function readTraces(folder, pid) {
  const directory = join(folder, '.captureflow');
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.cft') && name.split(/[-.]/).includes(String(pid)))
    .map((name) => join(directory, name));
  const segments = files.flatMap((file) => readSegments(readFileSync(file)).segments);
  const traces = buildTraces(segments).filter((trace) => trace.process.pid === pid);
  return { files, traces: traces.sort((a, b) => a.startTime - b.startTime) };
}
