/**
 * Captured values as JSON that people read in other tools, within a number of bytes. What had to be left out for room shows as `…`, and the
 * text stays JSON. Types that JSON does not have become texts, `[redacted]` among them; a class name stands under the key `$type`.
 */
import { formatValue } from './format-value.ts';
import type { NamedValue, Value } from './model.ts';
import { utf8Length } from './utf8-fit.ts';

export interface FittedJson {
  readonly text: string;
  /** Something was left out for room. What the recorder had cut before does not count. */
  readonly cut: boolean;
}

/** Values nest as deep as they were captured; below this stands a mark. */
const DEEPEST = 50;
/** `"…"` in UTF-8: what any value can be cut to. */
const LEAST = 5;
/** `,"…":"+1000000 more"`. */
const MORE_ROOM = 24;

/** One value in at most `room` bytes of UTF-8; 5 at least. */
export function valueJson(value: Value, room: number): FittedJson {
  const writer = new JsonWriter();
  const text = writer.write(value, room, 0);
  return { text, cut: writer.cut };
}

/**
 * Named values as one object in at most `room` bytes (32 at least): the short ones whole, what they leave shared out among the long ones.
 * Names that do not fit are counted in a last entry `"…": "+n more"`.
 */
export function namedValuesJson(values: readonly NamedValue[], room: number): FittedJson {
  const whole = valueJson({ kind: 'object', id: 0, className: '', size: values.length, entries: values }, Number.MAX_SAFE_INTEGER);
  if (utf8Length(whole.text) <= room) return whole;
  const writer = new JsonWriter();
  const keys: string[] = [];
  let left = room - 2 - MORE_ROOM;
  for (const { name } of values) {
    const key = `${JSON.stringify(name)}:`;
    const size = utf8Length(key) + LEAST + 1;
    if (size > left) break;
    left -= size;
    keys.push(key);
  }
  left += keys.length * LEAST;
  const sizes = keys.map((_, index) => ({ index, size: utf8Length(writer.write((values[index] as NamedValue).value, room, 0)) }));
  const parts: string[] = [];
  let waiting = keys.length;
  for (const { index, size } of sizes.sort((a, b) => a.size - b.size)) {
    const share = Math.max(LEAST, Math.floor(left / waiting--));
    const text = writer.write((values[index] as NamedValue).value, Math.min(share, size), 0);
    left -= utf8Length(text);
    parts[index] = `${keys[index]}${text}`;
  }
  if (keys.length < values.length) parts.push(`"…":"+${values.length - keys.length} more"`);
  return { text: `{${parts.join(',')}}`, cut: true };
}

class JsonWriter {
  cut = false;

  write(value: Value, room: number, depth: number): string {
    if (depth > DEEPEST) return '"…"';
    switch (value.kind) {
      case 'undefined':
      case 'null':
        return 'null';
      case 'boolean':
        return this.fit(String(value.value), room);
      case 'number':
        return this.fit(numberText(value.value), room);
      case 'string':
        return this.string(value.length === undefined ? value.value : `${value.value}…`, room);
      case 'array':
      case 'set':
        return this.array(value.items, value.size, room, depth);
      case 'object':
        return this.object(value.className === 'Object' ? '' : value.className, value.entries, value.size, room, depth);
      case 'map':
        return this.object(value.className, value.pairs.map(namedPair), value.size, room, depth);
      case 'error': {
        const entries = [{ name: 'message', value: { kind: 'string', value: value.message } } as const, ...value.entries];
        return this.object(value.className || 'Error', entries, entries.length, room, depth);
      }
      default:
        return this.string(formatValue(value, { width: 200 }), room);
    }
  }

  private fit(text: string, room: number): string {
    if (utf8Length(text) <= room) return text;
    this.cut = true;
    return '"…"';
  }

  private string(text: string, room: number): string {
    // Escapes make up to six bytes of a unit: a long text is not written in full to find out.
    let keep = Math.min(text.length, room);
    let json = JSON.stringify(keep === text.length ? text : `${text.slice(0, keep)}…`);
    for (let size = utf8Length(json); size > room; size = utf8Length(json)) {
      if (keep <= 1) {
        this.cut = true;
        return '"…"';
      }
      keep = Math.min(keep - 1, Math.floor((keep * room) / size));
      // Half of a pair is no text.
      if (isHigh(text.charCodeAt(keep - 1))) keep--;
      json = JSON.stringify(`${text.slice(0, Math.max(0, keep))}…`);
    }
    if (keep < text.length) this.cut = true;
    return json;
  }

  private array(items: readonly Value[], size: number, room: number, depth: number): string {
    const parts: string[] = [];
    let left = room - 2;
    for (const item of items) {
      const space = left - 1 - (parts.length + 1 < Math.max(size, items.length) ? MORE_ROOM : 0);
      if (space < LEAST) break;
      // An element that a sparse array does not have.
      const part = item.kind === 'absent' ? 'null' : this.write(item, space, depth + 1);
      parts.push(part);
      left -= utf8Length(part) + 1;
    }
    const more = this.more(parts.length, items.length, size);
    if (more > 0) parts.push(`"…+${more} more"`);
    return this.fit(`[${parts.join(',')}]`, room);
  }

  private object(className: string, entries: readonly NamedValue[], size: number, room: number, depth: number): string {
    const parts: string[] = [];
    let left = room - 2;
    // Two keys of one name are no JSON: the program's own wins.
    if (className !== '' && !entries.some(({ name }) => name === '$type')) {
      const part = `"$type":${JSON.stringify(className)}`;
      const length = utf8Length(part) + 1;
      if (length + MORE_ROOM <= left) {
        parts.push(part);
        left -= length;
      }
    }
    let written = 0;
    for (const { name, value } of entries) {
      const key = `${JSON.stringify(name)}:`;
      const space = left - 1 - utf8Length(key) - (written + 1 < Math.max(size, entries.length) ? MORE_ROOM : 0);
      if (space < LEAST) break;
      const part = `${key}${this.write(value, space, depth + 1)}`;
      parts.push(part);
      left -= utf8Length(part) + 1;
      written++;
    }
    const more = this.more(written, entries.length, size);
    if (more > 0) parts.push(`"…":"+${more} more"`);
    return this.fit(`{${parts.join(',')}}`, room);
  }

  /** How many are not shown, for whatever reason. */
  private more(written: number, known: number, size: number): number {
    if (written < known) this.cut = true;
    return Math.max(size, known) - written;
  }
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify(String(value));
}

function namedPair([key, value]: readonly [Value, Value]): NamedValue {
  return { name: key.kind === 'string' && key.length === undefined ? key.value : formatValue(key, { width: 80 }), value };
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
