/** One-line previews of captured values. What capture cut, and what the width cuts, is marked. */
import type { NamedValue, Value } from './model.ts';
import { clip, printable, quoted } from './printable.ts';

export interface FormatValueOptions {
  /** Characters that the preview may take; default 80. Marks of cuts can go a little beyond it. */
  readonly width?: number;
}

/** Values nest as deep as they were captured; below this, `…` stands. */
const DEEPEST = 20;
const IDENTIFIER: RegExp = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A preview such as `12.5`, `"abc…" (10,000 chars)`, `[1, 2, …+12 more]`, `Cart { items: [3 items] }`, `[redacted]`. */
export function formatValue(value: Value, options: FormatValueOptions = {}): string {
  return format(value, Math.max(options.width ?? 80, 8), 0);
}

/** The head line of an error: `NotFoundError: order 7 not found`. For anything else that was thrown, its preview. */
export function formatError(error: Value, width: number): string {
  if (error.kind !== 'error') return format(error, width, 0);
  const name = printable(error.className || 'Error');
  return error.message === '' ? clip(name, width) : clip(`${name}: ${printable(error.message, width)}`, Math.max(width, 8));
}

function format(value: Value, width: number, depth: number): string {
  switch (value.kind) {
    case 'undefined':
    case 'null':
      return value.kind;
    case 'absent':
      return '[not initialised]';
    case 'promise':
      return 'Promise';
    case 'proxy':
      return 'Proxy';
    case 'redacted':
    case 'getter':
    case 'unreadable':
      return `[${value.kind}]`;
    case 'boolean':
      return String(value.value);
    case 'number':
      return Object.is(value.value, -0) ? '-0' : String(value.value);
    case 'string':
      return formatString(value.value, value.length, width);
    case 'bigint':
      return formatBigint(value.value, width);
    case 'symbol':
      return `Symbol(${printable(value.description, width)})`;
    case 'function':
      return formatFunction(value.name, value.form, width);
    case 'object':
      return formatObject(value.className, value.size, value.entries, width, depth);
    case 'array':
    case 'set':
      return formatItems(value, width, depth);
    case 'map':
      return formatMap(value, width, depth);
    case 'error':
      return formatErrorValue(value, width, depth);
    case 'date':
      return formatDate(value.time);
    case 'regexp':
      return printable(value.source, width);
    case 'opaque':
      return value.size < 0
        ? `[${printable(value.className || 'object', width)}]`
        : `[${printable(value.className, width)}(${value.size})]`;
    case 'buffer':
      return `${printable(value.className, width)}(${count(value.size)}) <${value.head}${value.head.length < value.size * 2 ? '…' : ''}>`;
    case 'reference':
      return `[same as #${value.id}]`;
    case 'cut':
      return value.size < 0
        ? `${printable(value.className || (value.reason === 'hot' || value.reason === 'budget' ? 'object' : 'Object'), width)} …`
        : `${printable(value.className || 'Object', width)}(${count(value.size)}) …`;
  }
}

function formatString(text: string, length: number | undefined, width: number): string {
  const full = length ?? text.length;
  // In a narrow place the beginning says more than the length.
  const note = full > 40 && width >= 24 ? ` (${count(full)} chars)` : '';
  if (length === undefined && text.length + 2 <= width) {
    const whole = quoted(text);
    if (whole.length <= width) return whole;
  }
  const room = Math.max(4, width - note.length - 3);
  const head = clip(text, room + 1);
  return `${quoted(head.endsWith('…') ? head.slice(0, -1) : head).slice(0, -1)}…"${note}`;
}

function formatBigint(value: bigint, width: number): string {
  // Decimal digits of a huge integer take quadratic time; hexadecimal ones do not.
  const hex = value.toString(16);
  return hex.length <= 64 ? clip(`${value}n`, Math.max(width, 8)) : `0x${clip(hex.replace('-', ''), 12)}n (${count(hex.length * 4)} bits)`;
}

function formatFunction(name: string, form: Extract<Value, { kind: 'function' }>['form'], width: number): string {
  const shown = printable(name, width) || '(anonymous)';
  if (form === 'class') return `class ${shown}`;
  const star = form.endsWith('generator') ? '*' : '';
  return `${form.startsWith('async') ? 'async ' : ''}ƒ${star} ${shown}`;
}

function formatObject(className: string, size: number, entries: readonly NamedValue[], width: number, depth: number): string {
  const name = className === '' || className === 'Object' ? '' : `${printable(className, width)} `;
  if (size === 0) return `${name}{}`;
  const keys = entries.map((entry) => ({ label: `${formatKey(entry.name)}: `, value: entry.value }));
  return `${name}${list('{ ', ' }', keys, size, width - name.length, depth) ?? `{${plural(size, 'key')}}`}`;
}

/** What stands for an element that a sparse array does not have. */
const HOLE: { readonly label: string; readonly value: Value } = { label: '', value: { kind: 'opaque', className: 'hole', size: -1 } };

function formatItems(value: Extract<Value, { kind: 'array' | 'set' }>, width: number, depth: number): string {
  const plain = value.kind === 'array' ? value.className === 'Array' || value.className === '' : false;
  const name = plain ? '' : `${printable(value.className || 'Set', width)} `;
  const [open, close] = value.kind === 'array' ? ['[', ']'] : ['{ ', ' }'];
  if (value.size === 0) return value.kind === 'array' ? `${name}[]` : `${name}{}`;
  const items = value.items.map((item) => (item.kind === 'absent' ? HOLE : { label: '', value: item }));
  const listed = list(open, close, items, value.size, width - name.length, depth);
  return `${name}${listed ?? `${open.trim()}${plural(value.size, 'item')}${close.trim()}`}`;
}

function formatMap(value: Extract<Value, { kind: 'map' }>, width: number, depth: number): string {
  const name = `${printable(value.className || 'Map', width)} `;
  if (value.size === 0) return `${name}{}`;
  const pairs = value.pairs.map(([key, item]) => ({ label: `${format(key, 24, depth + 1)} => `, value: item }));
  return `${name}${list('{ ', ' }', pairs, value.size, width - name.length, depth) ?? `{${plural(value.size, 'entry', 'entries')}}`}`;
}

function formatErrorValue(value: Extract<Value, { kind: 'error' }>, width: number, depth: number): string {
  const head = formatError(value, width);
  if (value.entries.length === 0 || depth >= DEEPEST) return head;
  const entries = value.entries.map((entry) => ({ label: `${formatKey(entry.name)}: `, value: entry.value }));
  return `${head} ${list('{ ', ' }', entries, entries.length, width - head.length - 1, depth) ?? '{…}'}`;
}

/** The items that fit into `width` and how many more there are; undefined when not even one fits. */
function list(
  open: string,
  close: string,
  items: readonly { readonly label: string; readonly value: Value }[],
  size: number,
  width: number,
  depth: number,
): string | undefined {
  if (depth >= DEEPEST) return undefined;
  const inside = width - open.length - close.length;
  const parts: string[] = [];
  let used = 0;
  for (const { label, value } of items) {
    const room = inside - used - label.length;
    // A single item must not take it all: names of the others say more than its end.
    const part = label + format(value, Math.max(8, Math.min(room, Math.ceil(inside * 0.7))), depth + 1);
    if (used + part.length > inside) break;
    parts.push(part);
    used += part.length + 2;
  }
  // Taken back from the end, so that each value is formatted once however deep it lies.
  let mark = '';
  for (;;) {
    const more = Math.max(size, items.length) - parts.length;
    mark = more > 0 ? `…+${count(more)} more` : '';
    if (mark === '' || parts.length === 0 || used + mark.length <= inside) break;
    used -= (parts.pop() as string).length + 2;
  }
  if (parts.length === 0) return undefined;
  if (mark !== '') parts.push(mark);
  return open + parts.join(', ') + close;
}

function formatKey(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name);
}

function formatDate(time: number): string {
  // The range of Date; beyond it toISOString throws.
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : 'Invalid Date';
}

function plural(size: number, one: string, many: string = `${one}s`): string {
  return `${count(size)} ${size === 1 ? one : many}`;
}

/** Thousands separated by commas, whatever the locale of the machine. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
