/**
 * Values that stay in the columns of their chunk: what an object holds is decoded again each time that it is asked for. A large trace takes a third of the
 * memory so. Readers see no difference, but who copies such a value (spread, clone) gets less than it is.
 */
import { ChunkCursor } from './chunk-cursor.ts';
import type { NamedValue, Value } from './model.ts';
import { readValue } from './read-value.ts';
import { Tag } from './wire.ts';
import type { ChunkColumns } from './wire.ts';

type Of<K extends Value['kind']> = Extract<Value, { readonly kind: K }>;

/** Reads one value as `readValue` does, with all its checks; objects, arrays, sets and maps keep only where they stand. */
export function readLater(cursor: ChunkCursor): Value {
  const tag = cursor.next & 31;
  if (tag !== Tag.OBJECT && tag !== Tag.ARRAY && tag !== Tag.SET && tag !== Tag.MAP) return readValue(cursor);
  const { chunk, opsAt, numsAt, refsAt } = cursor;
  const value = readValue(cursor);
  switch (value.kind) {
    case 'object':
      return value.entries.length === 0 ? value : new LaterObject(value, chunk, opsAt, numsAt, refsAt);
    case 'array':
    case 'set':
      return value.items.length === 0 ? value : new LaterList(value, chunk, opsAt, numsAt, refsAt);
    case 'map':
      return value.pairs.length === 0 ? value : new LaterMap(value, chunk, opsAt, numsAt, refsAt);
    default:
      return value;
  }
}

class Later<K extends 'object' | 'array' | 'set' | 'map'> {
  readonly kind: K;
  readonly id: number;
  readonly className: string;
  readonly size: number;
  private readonly chunk: ChunkColumns;
  private readonly ops: number;
  private readonly nums: number;
  private readonly refs: number;

  constructor(
    { kind, id, className, size }: { readonly kind: K; readonly id: number; readonly className: string; readonly size: number },
    chunk: ChunkColumns,
    ops: number,
    nums: number,
    refs: number,
  ) {
    this.kind = kind;
    this.id = id;
    this.className = className;
    this.size = size;
    this.chunk = chunk;
    this.ops = ops;
    this.nums = nums;
    this.refs = refs;
  }

  /** What was read once reads again: the columns do not change. */
  protected read(): Value {
    return readValue(new ChunkCursor(this.chunk, this.ops, this.nums, this.refs));
  }
}

class LaterObject extends Later<'object'> implements Of<'object'> {
  get entries(): readonly NamedValue[] {
    return (this.read() as Of<'object'>).entries;
  }
}

class LaterList extends Later<'array' | 'set'> implements Of<'array' | 'set'> {
  get items(): readonly Value[] {
    return (this.read() as Of<'array' | 'set'>).items;
  }
}

class LaterMap extends Later<'map'> implements Of<'map'> {
  get pairs(): readonly (readonly [Value, Value])[] {
    return (this.read() as Of<'map'>).pairs;
  }
}
