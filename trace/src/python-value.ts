/** Captured values in the words of the CaptureFlow server, which was made for Python. */
import type { SerializedObject } from './captureflow-json.ts';
import { formatValue } from './format-value.ts';
import type { NamedValue, Value } from './model.ts';

/** Values nest as deep as they were captured; below this stands a mark. */
const DEEPEST = 50;

export const PYTHON_NONE: SerializedObject = { python_type: "<class 'NoneType'>", json_serialized: 'null' };

/** `value` with its type; JSON text where it has some, else a text of it. Cuts show as strings that begin with `…`. */
export function toPythonValue(value: Value): SerializedObject {
  const json = isJson(value) ? toJson(value, 0) : toText(value);
  return { python_type: `<class '${pythonType(value)}'>`, json_serialized: json };
}

function pythonType(value: Value): string {
  switch (value.kind) {
    case 'undefined':
    case 'null':
    case 'absent':
      return 'NoneType';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value.value) && !Object.is(value.value, -0) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'string':
    case 'redacted':
      return 'str';
    case 'function':
      return value.form === 'class' ? 'type' : 'function';
    case 'object':
      return value.className === 'Object' || value.className === '' ? 'dict' : value.className;
    case 'array':
      return value.className === 'Array' || value.className === '' ? 'list' : value.className;
    case 'map':
      return value.className === 'Map' ? 'dict' : value.className;
    case 'set':
      return value.className === 'Set' ? 'set' : value.className;
    case 'date':
      return 'datetime.datetime';
    case 'buffer':
      return 'bytes';
    case 'regexp':
      return 're.Pattern';
    case 'error':
    case 'cut':
    case 'opaque':
      return value.className || 'object';
    case 'symbol':
      return 'Symbol';
    case 'promise':
      return 'Promise';
    case 'proxy':
      return 'Proxy';
    case 'getter':
    case 'unreadable':
    case 'reference':
      return 'object';
  }
}

/** Whether the value itself has JSON; what is nested in it and has none becomes a string. */
function isJson(value: Value): boolean {
  switch (value.kind) {
    case 'undefined':
    case 'null':
    case 'absent':
    case 'boolean':
    case 'bigint':
    case 'string':
    case 'redacted':
    case 'object':
    case 'array':
    case 'map':
    case 'set':
      return true;
    case 'number':
      return Number.isFinite(value.value);
    default:
      return false;
  }
}

/** What Python's `str` would give, near enough. */
function toText(value: Value): string {
  if (value.kind === 'number') return Number.isNaN(value.value) ? 'nan' : value.value > 0 ? 'inf' : '-inf';
  if (value.kind === 'error') return value.message;
  if (value.kind === 'function') return value.form === 'class' ? `<class '${value.name}'>` : `<function ${value.name || '<anonymous>'}>`;
  return formatValue(value, { width: 200 });
}

/** Written as text, because building an object would give `__proto__` keys a meaning. */
function toJson(value: Value, depth: number): string {
  if (depth > DEEPEST) return '"…"';
  switch (value.kind) {
    case 'undefined':
    case 'null':
    case 'absent':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'bigint':
      return toJsonInteger(value.value);
    case 'string':
      return JSON.stringify(value.length === undefined ? value.value : `${value.value}…`);
    case 'redacted':
      return '"[redacted]"';
    case 'object':
      return toJsonObject(value.entries, value.size, depth);
    case 'map':
      return toJsonObject(
        value.pairs.map(([key, item]) => ({ name: keyOf(key), value: item })),
        value.size,
        depth,
      );
    case 'array':
    case 'set': {
      const items = value.items.map((item) => toJson(item, depth + 1));
      if (value.size > items.length) items.push(`"…+${value.size - items.length} more"`);
      return `[${items.join(', ')}]`;
    }
    default:
      return value.kind === 'number' && Number.isFinite(value.value) ? String(value.value) : JSON.stringify(toText(value));
  }
}

function toJsonObject(entries: readonly NamedValue[], size: number, depth: number): string {
  const fields = entries.map(({ name, value }) => `${JSON.stringify(name)}: ${toJson(value, depth + 1)}`);
  if (size > entries.length) fields.push(`"…": "+${size - entries.length} more"`);
  return `{${fields.join(', ')}}`;
}

function keyOf(key: Value): string {
  return key.kind === 'string' && key.length === undefined ? key.value : formatValue(key, { width: 80 });
}

/** Python reads integers of any size, but decimal digits of a huge one take quadratic time to make. */
function toJsonInteger(value: bigint): string {
  return value.toString(16).length <= 1000 ? String(value) : JSON.stringify(formatValue({ kind: 'bigint', value }));
}
