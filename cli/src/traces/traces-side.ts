/** One side of a comparison: what is compared of all calls, as columns, and single calls when they are shown. One trace at a time is in memory. */
import { type CallDigests, type ComparedSide, digestCalls, joinColumns, mergeCalls, type Span, type Trace } from '@captureflow/trace';
import type { TraceEntry } from '../read-traces.ts';

export interface TracesSide extends ComparedSide {
  readonly traces: number;
  /** Those at these places among all calls of the side; decodes their traces again. */
  spansAt(indexes: readonly number[]): ReadonlyMap<number, Span>;
}

export function sideOf(entries: readonly TraceEntry[]): TracesSide {
  const digests: CallDigests[] = [];
  /** Of each trace the place of its first call; behind them that of the end. */
  const firsts: number[] = [0];
  function* loaded(): Generator<Trace> {
    for (const entry of entries) {
      const trace = entry.load();
      digests.push(digestCalls(trace.spans));
      firsts.push((firsts.at(-1) ?? 0) + trace.spans.length);
      yield trace;
    }
  }
  const { columns, suspensions, functions } = joinColumns(loaded());
  return {
    functions,
    merged: mergeCalls(columns, suspensions),
    digests: { args: joined(digests.map(({ args }) => args)), outcome: joined(digests.map(({ outcome }) => outcome)) },
    traces: entries.length,
    spansAt: (indexes) => {
      const found = new Map<number, Span>();
      entries.forEach((entry, i) => {
        const from = firsts[i] ?? 0;
        const to = firsts[i + 1] ?? 0;
        const wanted = indexes.filter((index) => index >= from && index < to);
        if (wanted.length === 0) return;
        const { spans } = entry.load();
        for (const index of wanted) {
          const span = spans[index - from];
          if (span !== undefined) found.set(index, span);
        }
      });
      return found;
    },
  };
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
