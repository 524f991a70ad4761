/** JSON as captured values: the other way of `value-json.ts`, as far as it goes. */
import type { NamedValue, Value } from './model.ts';

/** Deeper than any writer goes. */
const DEEPEST = 100;

/** The value in a JSON text; a text that is no JSON is a string. */
export function valueOfJson(text: string): Value {
  try {
    return valueOf(JSON.parse(text), { next: 1 }, 0);
  } catch {
    return { kind: 'string', value: text };
  }
}

/** The entries of a JSON object; none for anything else. */
export function namedValuesOfJson(text: string): readonly NamedValue[] {
  const value = valueOfJson(text);
  return value.kind === 'object' ? value.entries : [];
}

function valueOf(value: unknown, ids: { next: number }, depth: number): Value {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value === 'string') return { kind: 'string', value };
  const id = ids.next++;
  if (depth > DEEPEST) return { kind: 'cut', className: '', size: -1, reason: 'depth' };
  if (Array.isArray(value)) {
    return { kind: 'array', id, className: 'Array', size: value.length, items: value.map((item) => valueOf(item, ids, depth + 1)) };
  }
  const { $type, ...rest } = value as Record<string, unknown>;
  // A property of the program's own that happens to have this name is no class.
  const className = typeof $type === 'string' ? $type : 'Object';
  const entries = Object.entries(typeof $type === 'string' ? rest : (value as object)).map(([name, item]) => ({
    name,
    value: valueOf(item, ids, depth + 1),
  }));
  return { kind: 'object', id, className, size: entries.length, entries };
}
