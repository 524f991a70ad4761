/** What a segment's header says in the program's own words, without secrets: name, attributes and error of the root. */
import { REDACTED_TEXT } from './named-secrets.ts';
import { isCardNumber } from './secret-patterns.ts';
import type { SegmentHeader } from './segment.ts';

/** `clean`: what is written of a text. `hides`: names of which the value is hidden. `hidesCards`: numbers that are card numbers are. */
export function redactHeader(
  header: SegmentHeader,
  clean: (text: string) => string,
  hides: Rules['hides'],
  hidesCards: boolean,
): SegmentHeader {
  const { root, error } = header;
  const rules: Rules = { clean, hides, hidesCards };
  return {
    ...header,
    root: { ...root, name: clean(root.name), attributes: redactObject(root.attributes, rules) },
    ...(error === undefined ? {} : { error: { type: clean(error.type), message: clean(error.message) } }),
  };
}

interface Rules {
  readonly clean: (text: string) => string;
  readonly hides: (name: string) => boolean;
  readonly hidesCards: boolean;
}

/** Attributes are JSON. */
function redactJson(value: unknown, rules: Rules): unknown {
  if (typeof value === 'string') return rules.clean(value);
  if (typeof value === 'number') return rules.hidesCards && isCardNumber(String(value)) ? REDACTED_TEXT : value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (let i = 0; i < value.length; i++) items[i] = redactJson(value[i], rules);
    return items;
  }
  return typeof value === 'object' && value !== null ? redactObject(value as Readonly<Record<string, unknown>>, rules) : value;
}

function redactObject(object: Readonly<Record<string, unknown>>, rules: Rules): Record<string, unknown> {
  const result: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(object)) {
    const value = object[key];
    const isHidden = rules.hides(key) && value !== null && value !== undefined;
    result[rules.clean(key)] = isHidden ? REDACTED_TEXT : redactJson(value, rules);
  }
  return result;
}
