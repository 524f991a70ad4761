/** Questions that tests ask of a trace. */
import type { NamedValue, Span, Trace, Value } from '@captureflow/trace';

/** The spans of the functions whose scope path is `name` or ends with it: `awardPoints` finds `listenToOrders.awardPoints`. */
export function spansOf(trace: Trace, name: string): Span[] {
  return trace.spans.filter((span) => `.${span.function.name}`.endsWith(`.${name}`));
}

/** The only span of that function. */
export function spanOf(trace: Trace, name: string): Span {
  const [span, second] = spansOf(trace, name);
  if (span === undefined) throw new Error(`${trace.root.name} has no span of ${name}; it has ${names(trace.spans).join(', ')}`);
  if (second !== undefined) throw new Error(`${trace.root.name} has more than one span of ${name}`);
  return span;
}

/** From the parent to the span right under the root. */
export function ancestorsOf(trace: Trace, span: Span): Span[] {
  const above: Span[] = [];
  for (let at = trace.spans[span.parent - 1]; at !== undefined; at = trace.spans[at.parent - 1]) above.push(at);
  return above;
}

export function names(spans: readonly Span[]): string[] {
  return spans.map((span) => span.function.name);
}

/** Values as plain JavaScript, as far as tests compare them: objects by their entries, errors as `Name: message`. */
export function plain(values: readonly NamedValue[] | undefined): Record<string, unknown> {
  return Object.fromEntries((values ?? []).map(({ name, value }) => [name, plainValue(value)]));
}

export function plainValue(value: Value): unknown {
  switch (value.kind) {
    case 'boolean':
    case 'number':
    case 'string':
      return value.value;
    case 'undefined':
      return undefined;
    case 'null':
      return null;
    case 'object':
      return plain(value.entries);
    case 'array':
      return value.items.map(plainValue);
    case 'error':
      return `${value.className}: ${value.message}`;
    default:
      return `[${value.kind}]`;
  }
}
