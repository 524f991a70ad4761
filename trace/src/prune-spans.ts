/**
 * Which spans of a large trace go to a backend that cannot take all: OpenTelemetry's viewers fail at some thousand spans a trace, and Tempo
 * refuses traces over a few MB. What is left out is counted at the nearest span above it that stays.
 */
import type { Span, Trace } from './model.ts';

export interface PruneOptions {
  /** Spans that a trace may have, its root not counted; the longest stay. 0: only the root. Default 2,000. */
  readonly maxSpans?: number;
  /** ms under which a span is left out. Default 0. */
  readonly minDuration?: number;
  /** Levels under the root that stay. Default: all. */
  readonly maxDepth?: number;
  /** Spans that threw stay before all others and whatever their duration and depth. Default true. */
  readonly keepErrors?: boolean;
}

export interface PrunedSpans {
  /** In order of start. */
  readonly kept: readonly Span[];
  /** Number of the nearest span above a span that is kept, 0 being the root. By number. */
  anchorOf(span: Span): number;
  /** Left out under the span of this number, 0 being the root; undefined: none. */
  readonly pruned: ReadonlyMap<number, PrunedCount>;
}

export interface PrunedCount {
  spans: number;
  /** Of them, those that threw. */
  errors: number;
}

const DEFAULT_MAX_SPANS = 2000;

/** Chooses among the spans with numbers over `after`; those up to it stay when they are in `sent`, undefined meaning all. */
export function pruneSpans(trace: Trace, options: PruneOptions = {}, after: number = 0, sent?: ReadonlySet<number>): PrunedSpans {
  const { spans } = trace;
  const chosen = chooseSpans(trace, options, after);
  const isKept = (number: number): boolean => (number <= after ? (sent?.has(number) ?? true) : chosen[number] === 1);
  const anchors = new Uint32Array(spans.length + 1);
  const pruned = new Map<number, PrunedCount>();
  const kept: Span[] = [];
  // Parents have lower numbers than their children.
  for (const span of spans) {
    const anchor = span.parent === 0 || isKept(span.parent) ? span.parent : (anchors[span.parent] as number);
    anchors[span.number] = anchor;
    if (span.number <= after) continue;
    if (isKept(span.number)) {
      kept.push(span);
      continue;
    }
    const count = pruned.get(anchor) ?? { spans: 0, errors: 0 };
    count.spans++;
    if (span.outcome.kind === 'threw') count.errors++;
    pruned.set(anchor, count);
  }
  return { kept, anchorOf: ({ number }) => anchors[number] as number, pruned };
}

/** 1 at the numbers of the spans that stay. */
function chooseSpans(trace: Trace, options: PruneOptions, after: number): Uint8Array {
  const { maxSpans = DEFAULT_MAX_SPANS, minDuration = 0, maxDepth = Number.POSITIVE_INFINITY, keepErrors = true } = options;
  const { spans } = trace;
  const depths = new Uint32Array(spans.length + 1);
  const candidates: Span[] = [];
  for (const span of spans) {
    const depth = (depths[span.parent] as number) + 1;
    depths[span.number] = depth;
    if (span.number <= after) continue;
    const isError = keepErrors && span.outcome.kind === 'threw';
    if (isError || (depth <= maxDepth && durationOf(span) >= minDuration)) candidates.push(span);
  }
  if (candidates.length > maxSpans) {
    const rank = (span: Span): number => (keepErrors && span.outcome.kind === 'threw' ? 1 : 0);
    // Of equals the earlier one: callers come before what they call.
    candidates.sort((a, b) => rank(b) - rank(a) || compareDurations(durationOf(b), durationOf(a)) || a.number - b.number);
    candidates.length = maxSpans;
  }
  const chosen = new Uint8Array(spans.length + 1);
  for (const { number } of candidates) chosen[number] = 1;
  return chosen;
}

/** What has not ended is as long as anything. */
function durationOf(span: Span): number {
  return span.end === undefined ? Number.POSITIVE_INFINITY : span.end - span.start;
}

/** A difference of two infinities is no number. */
function compareDurations(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
