/** What `preload/witness.cjs` says about a process, and how the reports of one command are put together. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WitnessReport {
  readonly pid: number;
  readonly node: string;
  /** Processor time of all threads, user and system. */
  readonly cpuMs: number;
  readonly peakMb: number;
  /** The runtime was loaded. */
  readonly instrumented: boolean;
  /** Of instrumented functions, recorded or counted. */
  readonly calls: number;
  readonly spans: number;
}

/** One a Node process of the command that came to its end. */
export function readReports(folder: string): readonly WitnessReport[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      ...(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Omit<WitnessReport, 'pid'>),
      pid: Number.parseInt(name, 10),
    }));
}
