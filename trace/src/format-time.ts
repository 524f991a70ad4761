/** How long spans took, in words that say how sure that is. */
import { formatDuration, formatEstimate } from './format-duration.ts';
import type { Span } from './model.ts';

/** Total duration, and how much of it the span was off the stack. */
export function formatTime(span: Span): string {
  if (span.end === undefined) return `from ${formatDuration(span.start)}`;
  const total = formatEstimate(span.end - span.start, span.timeError);
  let away = 0;
  for (const { from, to } of span.suspensions) away += (to ?? span.end) - from;
  return span.suspensions.length === 0 ? total : `${total} (${formatEstimate(span.end - span.start - away, span.timeError)} running)`;
}

/** What calls in a row took together, without what lies between them. */
export function formatTimeOfAll(spans: readonly Span[]): string {
  const first = spans[0];
  const last = spans.at(-1);
  if (first === undefined || last === undefined) return formatDuration(0);
  let total = 0;
  let error = 0;
  for (const { start, end, timeError } of spans) {
    total += (end ?? start) - start;
    error += timeError;
  }
  // No more than from the first to the last, whatever is known of each.
  const most = (last.end ?? last.start) - first.start + last.timeError;
  return formatEstimate(total, Math.min(error, Math.max(total, most - total)));
}
