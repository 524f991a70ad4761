/** Values in the words of the CaptureFlow server back as captured values: the other way of `python-value.ts`, for Python's own traces, too. */
import { valueOfJson } from './json-value.ts';
import type { Value } from './model.ts';

const NUMBERS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};
/** Types whose JSON says all that there is to say. */
const PLAIN: ReadonlySet<string> = new Set(['', 'NoneType', 'bool', 'int', 'float', 'str', 'dict', 'list', 'tuple']);

/** Never throws; what is no serialised value is unreadable. */
export function valueOfPython(serialized: unknown): Value {
  const { python_type: type, json_serialized: text } = (serialized ?? {}) as {
    readonly python_type?: unknown;
    readonly json_serialized?: unknown;
  };
  if (typeof text !== 'string') return { kind: 'unreadable' };
  const className = classNameOf(type);
  if (className === 'NoneType') return { kind: 'null' };
  if (className === 'int') return integerOf(text);
  if (className === 'float' && text in NUMBERS) return { kind: 'number', value: NUMBERS[text] as number };
  if (className === 'function')
    return { kind: 'function', name: /^<(?:bound method|function) ([^\s>]+)/.exec(text)?.[1] ?? '', form: 'function' };
  if (className === 'type') return { kind: 'function', name: /^<class '([^']*)'>/.exec(text)?.[1] ?? '', form: 'class' };
  const value = valueOfJson(text);
  // A text that is JSON by chance is still what `str` gave of an object.
  if (PLAIN.has(className)) return value;
  if (value.kind === 'object') return { ...value, className };
  if (value.kind === 'array') return className === 'set' ? { ...value, kind: 'set', className: 'Set' } : { ...value, className };
  return { kind: 'object', id: 1, className, size: 1, entries: [{ name: 'str', value: { kind: 'string', value: text } }] };
}

/** `dict` of `<class 'dict'>`. */
function classNameOf(type: unknown): string {
  return typeof type === 'string' ? (/^<class '(.*)'>$/.exec(type)?.[1] ?? type) : '';
}

/** Python's integers have no bound. Decimal digits of a huge one would take quadratic time to read. */
function integerOf(text: string): Value {
  if (!/^-?\d{1,1000}$/.test(text)) return valueOfJson(text);
  const value = Number(text);
  return Number.isSafeInteger(value) ? { kind: 'number', value } : { kind: 'bigint', value: BigInt(text) };
}
