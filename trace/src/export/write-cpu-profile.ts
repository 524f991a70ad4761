/**
 * V8's CPU profile (`.cpuprofile`) of one trace, for VS Code, DevTools and everything that reads it. A profile knows one stack at a time: here that is the call
 * that was running, so time in which a function was suspended is its caller's or nobody's, and calls side by side are told apart by who ran last.
 */
import type { Trace } from '../model.ts';
import { timelineOf } from './timeline.ts';
import type { Timeline } from './timeline.ts';

/** Readers count samples, so they stand at even distances; this many, or as many as microseconds where there are fewer. */
const SAMPLES = 100_000;

interface Node {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly line: number;
  readonly column: number;
  hits: number;
  readonly children: number[];
}

export function* writeCpuProfile(traces: Iterable<Trace>): Generator<string> {
  const [trace] = traces;
  const nodes: Node[] = [node(1, '(root)', '', 0, 0), node(2, '(idle)', '', 0, 0)];
  nodes[0]?.children.push(2);
  const startTime = Math.round((trace?.startTime ?? 0) * 1000);
  const { samples, step, length } = trace === undefined ? { samples: [], step: 1, length: 0 } : sample(trace, nodes);
  yield '{"nodes":[';
  for (let i = 0; i < nodes.length; i++) {
    const { id, name, url, line, column, hits, children } = nodes[i] as Node;
    const callFrame = { functionName: name, scriptId: '0', url, lineNumber: line - 1, columnNumber: column - 1 };
    yield `${i === 0 ? '' : ',\n'}${JSON.stringify({ id, callFrame, hitCount: hits, children })}`;
  }
  yield `],"startTime":${startTime},"endTime":${startTime + Math.round(length * 1000)},"samples":[`;
  for (let i = 0; i < samples.length; i++) yield `${i === 0 ? '' : ','}${samples[i] as number}`;
  yield '],"timeDeltas":[';
  let before = 0;
  for (let i = 0; i < samples.length; i++) {
    // Whole microseconds that do not drift.
    const at = Math.round(i * step * 1000);
    yield `${i === 0 ? '' : ','}${at - before}`;
    before = at;
  }
  yield ']}\n';
}

function sample(trace: Trace, nodes: Node[]): { readonly samples: number[]; readonly step: number; readonly length: number } {
  const timeline = timelineOf(trace);
  const length = timeline.end.reduce((latest, end) => Math.max(latest, end), 0);
  const step = Math.max(0.001, length / SAMPLES);
  const count = Math.floor(length / step) + 1;
  const nodeOf = nodesOf(trace, timeline, nodes);
  const samples: number[] = [];
  for (const [entry, to] of running(trace, timeline)) {
    const id = entry < 0 ? 2 : nodeOf(entry);
    for (; samples.length < count && samples.length * step < to; ) {
      samples.push(id);
      (nodes[id - 1] as Node).hits++;
    }
  }
  return { samples, step, length };
}

/** Who ran (-1: nobody) up to which moment, in order of time. */
function* running(trace: Trace, { start, end, count }: Timeline): Generator<readonly [entry: number, to: number]> {
  const moments: { readonly at: number; readonly entry: number; readonly runs: boolean }[] = [];
  for (let entry = 0; entry < count; entry++) {
    const span = trace.spans[entry - 1];
    const last = end[entry] as number;
    moments.push({ at: start[entry] as number, entry, runs: true });
    for (const { from, to } of span?.suspensions ?? []) {
      moments.push({ at: Math.min(from, last), entry, runs: false });
      if (to !== undefined && to < last) moments.push({ at: to, entry, runs: true });
    }
    moments.push({ at: last, entry, runs: false });
  }
  // Sorting is stable: of one moment, a caller begins before what it calls.
  moments.sort((a, b) => a.at - b.at);
  const runs = new Uint8Array(count);
  const stack: number[] = [];
  for (const { at, entry, runs: begins } of moments) {
    for (let top = stack.at(-1); top !== undefined && runs[top] === 0; top = stack.at(-1)) stack.pop();
    if (at > 0) yield [stack.at(-1) ?? -1, at];
    runs[entry] = begins ? 1 : 0;
    if (begins) stack.push(entry);
  }
}

/** A node a path of callers. */
function nodesOf(trace: Trace, { parent, count }: Timeline, nodes: Node[]): (entry: number) => number {
  const known = new Int32Array(count);
  const byPath = new Map<string, number>();
  return (wanted) => {
    const path: number[] = [];
    let at = wanted;
    for (; at >= 0 && known[at] === 0; at = parent[at] as number) path.push(at);
    let id = at >= 0 ? (known[at] as number) : 1;
    for (let entry = path.pop(); entry !== undefined; entry = path.pop()) {
      const fn = trace.spans[entry - 1]?.function;
      const key = `${id} ${fn?.key ?? ''}:${fn?.line ?? 0}`;
      let child = byPath.get(key);
      if (child === undefined) {
        child = nodes.length + 1;
        nodes.push(node(child, fn?.name ?? trace.root.name, fn?.module ?? '', fn?.line ?? 1, fn?.column ?? 1));
        nodes[id - 1]?.children.push(child);
        byPath.set(key, child);
      }
      known[entry] = id = child;
    }
    return id;
  };
}

function node(id: number, name: string, url: string, line: number, column: number): Node {
  return { id, name, url, line, column, hits: 0, children: [] };
}
