/** One captured value of the event stream, as the model has it. Tags and their operands stand in `wire.ts`. */
import { DesyncError } from './chunk-cursor.ts';
import type { ChunkCursor } from './chunk-cursor.ts';
import type { NamedValue, Value } from './model.ts';
import { Form, FORM_BUDGET, Tag } from './wire.ts';

/** Capture cuts at depth 3 by default; a stream that nests deeper than this is not from a recorder. */
const DEEPEST = 200;

const FORMS: readonly Extract<Value, { kind: 'function' }>['form'][] = ['function', 'class', 'async', 'generator', 'async generator'];
const CUT_REASONS: readonly Extract<Value, { kind: 'cut' }>['reason'][] = ['depth', 'nodes', 'bytes', 'room', 'budget'];
/** By `Form`. */
const FORM_NAMES: readonly string[] = ['', 'Array', 'Function'];

const ABSENT: Value = { kind: 'absent' };
export const UNDEFINED: Value = { kind: 'undefined' };
const NULL: Value = { kind: 'null' };
const FALSE: Value = { kind: 'boolean', value: false };
const TRUE: Value = { kind: 'boolean', value: true };
const PROMISE: Value = { kind: 'promise' };
const PROXY: Value = { kind: 'proxy' };
const GETTER: Value = { kind: 'getter' };
const UNREADABLE: Value = { kind: 'unreadable' };
export const REDACTED: Value = { kind: 'redacted' };

/** Stands for a value of which the stream says that it is the error of an earlier throw; compared by identity. */
export const SAME_ERROR: Value = { kind: 'unreadable' };

/** Reads one value with all that is nested in it. Throws `DesyncError` when the columns do not hold one. */
export type ReadValue = (cursor: ChunkCursor) => Value;

/** Numbers the objects of one snapshot. */
interface Snapshot {
  objects: number;
}

/** The value, as plain data. */
export function readValue(cursor: ChunkCursor): Value {
  return read(cursor, { objects: 0 }, 0);
}

/** What a recorder keeps of one object; a stream that claims more gets a list that grows. */
const USUAL_COUNT = 100;

/** For `count` things of which nobody knows yet whether they are there. A list that grows has room for 17 from its first one on: half the memory of a trace. */
function listFor<T>(count: number): T[] {
  return count <= USUAL_COUNT ? new Array<T>(count) : [];
}

function read(cursor: ChunkCursor, snapshot: Snapshot, depth: number): Value {
  if (depth > DEEPEST) throw new DesyncError('depth');
  const head = cursor.word();
  const n = head >>> 5;
  switch (head & 31) {
    case Tag.ABSENT:
      return ABSENT;
    case Tag.UNDEFINED:
      return UNDEFINED;
    case Tag.NULL:
      return NULL;
    case Tag.FALSE:
      return FALSE;
    case Tag.TRUE:
      return TRUE;
    case Tag.INT:
      return { kind: 'number', value: head >> 5 };
    case Tag.INT_WIDE:
      return { kind: 'number', value: cursor.word() };
    case Tag.NUMBER:
      return { kind: 'number', value: cursor.number() };
    case Tag.STRING:
      return { kind: 'string', value: cursor.text() };
    case Tag.STRING_CUT:
      return { kind: 'string', value: cursor.text(), length: cursor.word() };
    case Tag.BIGINT:
      return readBigint(cursor);
    case Tag.SYMBOL:
      return readSymbol(cursor);
    case Tag.FUNCTION:
      return { kind: 'function', name: cursor.text(), form: pick(FORMS, n) };
    case Tag.OBJECT: {
      const id = ++snapshot.objects;
      const className = cursor.text();
      const size = cursor.word();
      return { kind: 'object', id, className, size, entries: readEntries(cursor, snapshot, n, depth) };
    }
    case Tag.ARRAY:
    case Tag.SET: {
      const id = ++snapshot.objects;
      const kind = (head & 31) === Tag.ARRAY ? 'array' : 'set';
      const className = cursor.text();
      const size = cursor.word();
      const items = listFor<Value>(n);
      for (let i = 0; i < n; i++) items[i] = read(cursor, snapshot, depth + 1);
      return { kind, id, className, size, items };
    }
    case Tag.MAP: {
      const id = ++snapshot.objects;
      const className = cursor.text();
      const size = cursor.word();
      const pairs = listFor<readonly [Value, Value]>(n);
      for (let i = 0; i < n; i++) {
        const key = read(cursor, snapshot, depth + 1);
        pairs[i] = [key, read(cursor, snapshot, depth + 1)];
      }
      return { kind: 'map', id, className, size, pairs };
    }
    case Tag.ERROR: {
      const id = ++snapshot.objects;
      const className = cursor.text();
      const message = cursor.text();
      return { kind: 'error', id, className, message, entries: readEntries(cursor, snapshot, n, depth) };
    }
    case Tag.DATE:
      return { kind: 'date', time: cursor.number() };
    case Tag.REGEXP:
      return { kind: 'regexp', source: cursor.text() };
    case Tag.PROMISE:
      return PROMISE;
    case Tag.PROXY:
      return PROXY;
    case Tag.OPAQUE:
      return { kind: 'opaque', className: cursor.text(), size: cursor.word() };
    case Tag.BUFFER: {
      const className = cursor.text();
      const size = cursor.word();
      return { kind: 'buffer', className, size, head: cursor.text() };
    }
    case Tag.REFERENCE:
      return { kind: 'reference', id: cursor.word() };
    case Tag.CUT:
      return { kind: 'cut', className: cursor.text(), size: cursor.word(), reason: pick(CUT_REASONS, n) };
    case Tag.FORM: {
      const form = n & ~FORM_BUDGET;
      const size = form === Form.ARRAY ? cursor.word() : -1;
      return { kind: 'cut', className: pick(FORM_NAMES, form), size, reason: n === form ? 'hot' : 'budget' };
    }
    case Tag.REDACTED:
      return REDACTED;
    case Tag.GETTER:
      return GETTER;
    case Tag.UNREADABLE:
      return UNREADABLE;
    case Tag.SAME:
      return SAME_ERROR;
    default:
      throw new DesyncError('tag');
  }
}

function readEntries(cursor: ChunkCursor, snapshot: Snapshot, count: number, depth: number): NamedValue[] {
  const entries = listFor<NamedValue>(count);
  for (let i = 0; i < count; i++) {
    const name = cursor.text();
    entries[i] = { name, value: read(cursor, snapshot, depth + 1) };
  }
  return entries;
}

function readBigint(cursor: ChunkCursor): Value {
  const value = cursor.ref();
  if (typeof value !== 'bigint') throw new DesyncError('bigint');
  return { kind: 'bigint', value };
}

function readSymbol(cursor: ChunkCursor): Value {
  const value = cursor.ref();
  if (typeof value !== 'symbol') throw new DesyncError('symbol');
  return { kind: 'symbol', description: value.description ?? '' };
}

function pick<T>(names: readonly T[], index: number): T {
  const name = names[index];
  if (name === undefined) throw new DesyncError('index');
  return name;
}
