/**
 * Lanes that the traces of a process share: a thousand requests one after the other are one lane, not a thousand. Takes traces in the order of their
 * start; one that comes too early gets lanes of its own.
 */
import { LanePool } from '../lane-pool.ts';
import type { Trace } from '../model.ts';
import type { Timeline } from './timeline.ts';

export interface ProcessLanes {
  /** Unlike the system's own, of one process only. */
  readonly pid: number;
  readonly name: string;
  /** How many lanes are in use so far. */
  lanes: number;
}

interface Shared extends ProcessLanes {
  pool: LanePool;
  first: number;
  latestStart: number;
}

export class SharedLanes {
  readonly processes: ProcessLanes[] = [];
  private readonly byKey = new Map<string, Shared>();

  /** The lanes of the trace's tracks, from 0 on within the process. */
  place(trace: Trace, timeline: Timeline): { readonly process: ProcessLanes; readonly lanes: readonly number[] } {
    const process = this.processOf(trace);
    const { startTime } = trace;
    if (startTime < process.latestStart) {
      process.pool = new LanePool();
      process.first = process.lanes;
    }
    process.latestStart = startTime;
    const lanes = timeline.order.map((entries) => {
      let end = 0;
      for (const entry of entries) end = Math.max(end, timeline.end[entry] as number);
      return process.first + process.pool.take(startTime, startTime + end);
    });
    for (const lane of lanes) process.lanes = Math.max(process.lanes, lane + 1);
    return { process, lanes };
  }

  private processOf({ process: { pid, service, runtime, threadId } }: Trace): Shared {
    const key = JSON.stringify([pid, service, runtime, threadId]);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    let number = pid > 0 ? pid : 1;
    while (this.processes.some((other) => other.pid === number)) number++;
    const name = [service || 'process', runtime, threadId > 0 ? `thread ${threadId}` : ''].filter((part) => part !== '').join(', ');
    const process: Shared = { pid: number, name, lanes: 0, pool: new LanePool(), first: 0, latestStart: Number.NEGATIVE_INFINITY };
    this.byKey.set(key, process);
    this.processes.push(process);
    return process;
  }
}

/** `lane 3`; the first one is where most of it happens. */
export function laneName(lane: number): string {
  return lane === 0 ? 'calls' : `calls, at the same time (${lane + 1})`;
}
