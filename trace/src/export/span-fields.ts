/** What is said of a span beside its name and times, as JSON texts by name: one concept for every format that has room for fields. */
import { formatError } from '../format-value.ts';
import type { Span, Trace } from '../model.ts';
import { namedValuesJson, valueJson } from '../value-json.ts';

/** Label and JSON text, in the order in which people read them. */
export type Field = readonly [name: FieldName, json: string];
export type FieldName = (typeof FIELD_NAMES)[number];

export const FIELD_NAMES = [
  'at',
  'arguments',
  'return',
  'threw',
  'locals',
  'outcome',
  'link',
  'waited_ms',
  'annotations',
  'counted_calls',
  'attributes',
  'dropped',
] as const;

export function spanFields(span: Span, room: number): Field[] {
  const { outcome, function: fn } = span;
  const fields: Field[] = [['at', JSON.stringify(placeOf(span))]];
  if (span.args.length > 0 || fn.parameters.length > 0) fields.push(['arguments', namedValuesJson(span.args, room).text]);
  if (outcome.kind === 'returned' && outcome.value !== undefined) fields.push(['return', valueJson(outcome.value, room).text]);
  if (outcome.kind === 'threw') fields.push(['threw', JSON.stringify(thrownText(span) ?? 'unknown')]);
  if (span.locals !== undefined && span.locals.length > 0) {
    fields.push([
      'locals',
      namedValuesJson(
        span.locals.filter(({ value }) => value.kind !== 'absent'),
        room,
      ).text,
    ]);
  }
  if (outcome.kind === 'open' || outcome.kind === 'closed') fields.push(['outcome', JSON.stringify(outcome.kind)]);
  if (span.link !== 'call' && span.link !== 'top') fields.push(['link', JSON.stringify(span.link)]);
  if (span.suspensions.length > 0) fields.push(['waited_ms', String(round(waited(span)))]);
  if (span.annotations.length > 0)
    fields.push(['annotations', `[${span.annotations.map((value) => valueJson(value, room).text).join(',')}]`]);
  if (span.elided.length > 0) fields.push(['counted_calls', countedJson(span.elided)]);
  return fields;
}

export function rootFields({ root, elided, dropped, gaps }: Trace): Field[] {
  const fields: Field[] = [];
  if (root.error !== undefined) fields.push(['threw', JSON.stringify(`${root.error.type}: ${root.error.message}`)]);
  if (elided.length > 0) fields.push(['counted_calls', countedJson(elided)]);
  if (Object.keys(root.attributes).length > 0) fields.push(['attributes', JSON.stringify(root.attributes)]);
  const lost = gaps.reduce((sum, { events }) => sum + events, 0);
  const causes = { ...dropped, ...(lost > 0 ? { gap: lost } : {}) };
  if (Object.keys(causes).length > 0) fields.push(['dropped', JSON.stringify(causes)]);
  return fields;
}

export function placeOf({ function: { module, line, column } }: Span): string {
  return `${module}:${line}:${column}`;
}

/** The error in one line; undefined when the span did not throw one that is known. */
export function thrownText({ outcome }: Span): string | undefined {
  return outcome.kind === 'threw' && outcome.error !== undefined ? formatError(outcome.error, 400) : undefined;
}

function waited({ suspensions, end }: Span): number {
  return suspensions.reduce((sum, { from, to }) => sum + Math.max(0, (to ?? end ?? from) - from), 0);
}

function countedJson(elided: Span['elided']): string {
  return `{${elided.map(({ function: { key }, count }) => `${JSON.stringify(key)}:${count}`).join(',')}}`;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
