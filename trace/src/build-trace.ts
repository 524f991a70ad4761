/** From decoded segments to traces: puts the parts of each root together and reads what their headers say. */
import type { Manifests } from './function-table.ts';
import type { Trace } from './model.ts';
import { readValue } from './read-value.ts';
import type { ReadValue } from './read-value.ts';
import type { Segment, SegmentHeader } from './segment.ts';
import { TraceBuilder } from './trace-builder.ts';

/**
 * Builds the trace of one root out of its segments, in any order. Survives every inconsistency in them: what could not be used is counted
 * in `dropped` under `decoder.<cause>`. `manifests` are needed for modules built with `metadata: 'manifest'`; without them their spans
 * have placeholder names. `read`: `readLater` for a trace that takes less memory. Throws a RangeError when there is no segment.
 */
export function buildTrace(segments: readonly Segment[], manifests?: Manifests, read: ReadValue = readValue): Trace {
  const ordered = [...segments].sort((a, b) => a.header.part - b.header.part);
  const first = ordered[0]?.header;
  if (first === undefined) throw new RangeError('buildTrace needs at least one segment');
  const builder = new TraceBuilder(first.spanBase, read);
  const dropped = new Map<string, number>();
  const add = (cause: string, count: number): void => void dropped.set(cause, (dropped.get(cause) ?? 0) + count);
  const parts: SegmentHeader[] = [];
  for (const segment of ordered) {
    const { header } = segment;
    if (rootKey(header) !== rootKey(first)) {
      add('decoder.foreign', 1);
    } else if (header.part === parts.at(-1)?.part) {
      // The same part twice: a file that was sent again.
      add('decoder.part', 1);
    } else {
      parts.push(header);
      for (const [cause, count] of Object.entries(header.dropped)) add(cause, count);
      builder.addPart(segment, header.timeOrigin - first.timeOrigin - first.start, manifests);
    }
  }
  const { annotations, dropped: decoderDropped, ...events } = builder.finish();
  for (const [cause, count] of decoderDropped) add(cause, count);
  // A part that was written at a crash or before the end knows less than a later one.
  const { root, process } = parts.at(-1) ?? first;
  const kept = parts.find((header) => header.kept !== undefined)?.kept;
  const rootsDropped = sumByCause(parts);
  const error = parts.findLast((header) => header.error !== undefined)?.error;
  const ended = parts.find((header) => header.end !== null);
  return {
    traceId: first.traceId,
    root: { ...root, spanId: first.spanBase, annotations, ...(error === undefined ? {} : { error }) },
    startTime: first.timeOrigin + first.start,
    ...(ended === undefined || ended.end === null ? {} : { duration: Math.max(0, ended.end - ended.start) }),
    process,
    ...events,
    dropped: Object.fromEntries(dropped),
    ...(kept === undefined ? {} : { kept }),
    ...(rootsDropped === undefined ? {} : { rootsDropped }),
  };
}

function sumByCause(parts: readonly SegmentHeader[]): Record<string, number> | undefined {
  let sums: Record<string, number> | undefined;
  for (const { rootsDropped } of parts) {
    for (const [cause, count] of Object.entries(rootsDropped ?? {})) {
      sums ??= {};
      sums[cause] = (sums[cause] ?? 0) + count;
    }
  }
  return sums;
}

/** Builds every trace of which `segments` holds a part, in the order of their first appearance. */
export function buildTraces(segments: readonly Segment[], manifests?: Manifests): Trace[] {
  const groups = new Map<string, Segment[]>();
  for (const segment of segments) {
    const key = rootKey(segment.header);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [segment]);
    else group.push(segment);
  }
  return [...groups.values()].map((group) => buildTrace(group, manifests));
}

/** A trace id alone is not enough: roots of other processes and threads join their caller's trace by `traceparent`. */
function rootKey(header: SegmentHeader): string {
  return `${header.traceId}-${header.spanBase}`;
}
