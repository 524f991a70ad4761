/**
 * Captured values as JSON arrays and back, nothing lost: bigint, NaN, -0 and cuts come back as they were. For the page's data file; what
 * people read in other tools is `value-json.ts`. The reader believes no text: what no writer makes becomes an unreadable value.
 */
import type { NamedValue, Value } from './model.ts';

/** A JSON value. A scalar stands for itself; everything else is an array that begins with a `Code`. */
export type PackedValue = string | number | boolean | null | readonly PackedItem[];
export type PackedItem = PackedValue | readonly PackedItem[];

/** Deeper than any capture goes; an import could, and nothing that reads values may run out of stack. */
const DEEPEST = 200;

const PLAIN = ['absent', 'undefined', 'promise', 'proxy', 'redacted', 'getter', 'unreadable'] as const;
const REASONS = ['depth', 'nodes', 'bytes', 'room', 'budget', 'hot'] as const;
const FORMS = ['function', 'class', 'async', 'generator', 'async generator'] as const;
const TOO_DEEP: PackedValue = ['cut', '', -1, 'depth'];
const UNREADABLE: Value = { kind: 'unreadable' };

export function packValue(value: Value, depth: number = 0): PackedValue {
  if (depth > DEEPEST) return TOO_DEEP;
  switch (value.kind) {
    case 'null':
      return null;
    case 'boolean':
      return value.value;
    case 'number':
      return packNumber(value.value);
    case 'string':
      return value.length === undefined ? value.value : ['string', value.value, value.length];
    case 'bigint':
      return ['bigint', String(value.value)];
    case 'symbol':
      return ['symbol', value.description];
    case 'function':
      return ['function', value.name, value.form];
    case 'object':
      return ['object', value.id, value.className, value.size, packNamed(value.entries, depth + 1)];
    case 'array':
    case 'set':
      return [value.kind, value.id, value.className, value.size, value.items.map((item) => packValue(item, depth + 1))];
    case 'map':
      return [value.kind, value.id, value.className, value.size, value.pairs.flat().map((item) => packValue(item, depth + 1))];
    case 'date':
      return ['date', packNumber(value.time)];
    case 'error':
      return ['error', value.id, value.className, value.message, packNamed(value.entries, depth + 1)];
    case 'regexp':
      return ['regexp', value.source];
    case 'opaque':
      return ['opaque', value.className, value.size];
    case 'buffer':
      return ['buffer', value.className, value.size, value.head];
    case 'reference':
      return ['reference', value.id];
    case 'cut':
      return ['cut', value.className, value.size, value.reason];
    default:
      return [value.kind];
  }
}

/** Names and values in turn: shorter than pairs. */
export function packNamed(values: readonly NamedValue[], depth: number = 0): readonly PackedItem[] {
  const packed: PackedItem[] = [];
  for (const { name, value } of values) packed.push(name, packValue(value, depth));
  return packed;
}

/** A number that JSON does not have, as a text inside an array. */
export function packNumber(value: number): PackedValue {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', Object.is(value, -0) ? '-0' : String(value)];
}

export function unpackNumber(packed: unknown): number {
  if (typeof packed === 'number') return packed;
  return Array.isArray(packed) && packed[0] === 'number' ? Number(packed[1]) : Number.NaN;
}

export function unpackNamed(packed: unknown, depth: number = 0): NamedValue[] {
  const items = listOf(packed);
  const values: NamedValue[] = [];
  for (let i = 0; i + 1 < items.length; i += 2) values.push({ name: textOf(items[i]), value: unpackValue(items[i + 1], depth) });
  return values;
}

export function unpackValue(packed: unknown, depth: number = 0): Value {
  if (packed === null) return { kind: 'null' };
  if (typeof packed === 'string') return { kind: 'string', value: packed };
  if (typeof packed === 'number') return { kind: 'number', value: packed };
  if (typeof packed === 'boolean') return { kind: 'boolean', value: packed };
  // One level more than the writer's deepest, which stands for what is below it.
  if (!Array.isArray(packed) || depth > DEEPEST + 1) return UNREADABLE;
  return unpackArray(packed, depth);
}

function unpackArray(packed: readonly unknown[], depth: number): Value {
  const [kind, a, b, c, d] = packed;
  switch (kind) {
    case 'number':
      return { kind, value: unpackNumber(packed) };
    case 'string':
      return { kind, value: textOf(a), length: countOf(b) };
    case 'bigint':
      return unpackBigint(a);
    case 'symbol':
      return { kind, description: textOf(a) };
    case 'function':
      return { kind, name: textOf(a), form: oneOf(FORMS, b) };
    case 'object':
      return { kind, id: countOf(a), className: textOf(b), size: countOf(c), entries: unpackNamed(d, depth + 1) };
    case 'array':
    case 'set':
      return { kind, id: countOf(a), className: textOf(b), size: countOf(c), items: unpackItems(d, depth + 1) };
    case 'map': {
      const items = unpackItems(d, depth + 1);
      const pairs: (readonly [Value, Value])[] = [];
      for (let i = 0; i + 1 < items.length; i += 2) pairs.push([items[i] as Value, items[i + 1] as Value]);
      return { kind, id: countOf(a), className: textOf(b), size: countOf(c), pairs };
    }
    case 'date':
      return { kind, time: unpackNumber(a) };
    case 'error':
      return { kind, id: countOf(a), className: textOf(b), message: textOf(c), entries: unpackNamed(d, depth + 1) };
    case 'regexp':
      return { kind, source: textOf(a) };
    case 'opaque':
      return { kind, className: textOf(a), size: countOf(b) };
    case 'buffer':
      return { kind, className: textOf(a), size: countOf(b), head: textOf(c) };
    case 'reference':
      return { kind, id: countOf(a) };
    case 'cut':
      return { kind, className: textOf(a), size: countOf(b), reason: oneOf(REASONS, c) };
    default:
      return { kind: oneOf(PLAIN, kind, 'unreadable') };
  }
}

function unpackBigint(digits: unknown): Value {
  const text = textOf(digits);
  return /^-?\d+$/.test(text) ? { kind: 'bigint', value: BigInt(text) } : UNREADABLE;
}

function unpackItems(packed: unknown, depth: number): Value[] {
  return listOf(packed).map((item) => unpackValue(item, depth));
}

export function listOf(packed: unknown): readonly unknown[] {
  return Array.isArray(packed) ? packed : [];
}

export function textOf(packed: unknown): string {
  return typeof packed === 'string' ? packed : '';
}

export function countOf(packed: unknown): number {
  return typeof packed === 'number' ? packed : -1;
}

/** `packed` when it is one of `names`, else `otherwise` (default: the first). */
export function oneOf<T>(names: readonly T[], packed: unknown, otherwise: T = names[0] as T): T {
  return names.includes(packed as T) ? (packed as T) : otherwise;
}
