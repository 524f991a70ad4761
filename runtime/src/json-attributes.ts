/** Attributes of a root as JSON values: what a program passes may hold anything, and is encoded with the trace. */
import { hides } from './sensitive.ts';

const MAX_DEPTH = 3;
const MAX_ENTRIES = 50;
const MAX_TEXT = 1000;

/** A copy of own data properties, bounded; what JSON does not know is shown as text. Runs no getter and no `toJSON`. */
export function jsonAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return copyObject(attributes, 0);
}

function copyObject(object: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object).slice(0, MAX_ENTRIES)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined || !('value' in descriptor) || descriptor.value === undefined) continue;
    const value = hides(key) ? '[redacted]' : copyValue(descriptor.value, depth);
    Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

function copyValue(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'object':
      if (value === null) return null;
      if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[array]' : '[object]';
      if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item: unknown) => copyValue(item, depth + 1));
      return copyObject(value, depth + 1);
    case 'bigint':
    case 'symbol':
      return String(value);
    default:
      return `[${typeof value}]`;
  }
}
