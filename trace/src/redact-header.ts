/** What a segment's header says in the program's own words, without secrets: name, attributes and error of the root. */
import { REDACTED_TEXT } from './named-secrets.ts';
import { redactText } from './redact-text.ts';
import { isSensitiveName } from './redaction.ts';
import type { SegmentHeader } from './segment.ts';

export function redactHeader(header: SegmentHeader): SegmentHeader {
  const { root, error } = header;
  return {
    ...header,
    root: { ...root, name: redactText(root.name), attributes: redactObject(root.attributes) },
    ...(error === undefined ? {} : { error: { type: redactText(error.type), message: redactText(error.message) } }),
  };
}

/** Attributes are JSON. */
function redactJson(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (let i = 0; i < value.length; i++) items[i] = redactJson(value[i]);
    return items;
  }
  return typeof value === 'object' && value !== null ? redactObject(value as Readonly<Record<string, unknown>>) : value;
}

function redactObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(object)) {
    const value = object[key];
    result[redactText(key)] = isSensitiveName(key) && value !== null && value !== undefined ? REDACTED_TEXT : redactJson(value);
  }
  return result;
}
