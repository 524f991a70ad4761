/** A seeded generator (mulberry32): what a test finds, it finds again. */
import type { Value } from '../src/model.ts';

export type Random = (below: number) => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const TEXTS = [
  '',
  'a',
  'id',
  'name',
  'Straße',
  '日本語',
  '🙂 smile',
  '\ud800 alone',
  'tail \udc00',
  '\ufeffbom',
  'x'.repeat(300),
  'é'.repeat(60),
  '"\\\n\t\u001b[31m',
];

export function randomText(random: Random): string {
  return TEXTS[random(TEXTS.length)] as string;
}

/** Any captured value. `ids` numbers the objects of the snapshot as the recorder does. */
export function randomValue(random: Random, depth: number = 0, ids: { next: number } = { next: 1 }): Value {
  const nested = (): Value => randomValue(random, depth + 1, ids);
  const many = <T>(create: () => T): T[] => Array.from({ length: random(4) }, create);
  const text = (): string => randomText(random);
  switch (random(depth < 4 ? 26 : 20)) {
    case 0:
      return { kind: 'absent' };
    case 1:
      return { kind: 'undefined' };
    case 2:
      return { kind: 'null' };
    case 3:
      return { kind: 'boolean', value: random(2) === 1 };
    case 4:
      return { kind: 'number', value: random(1000) - 500 };
    case 5:
      return {
        kind: 'number',
        value: [0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1e-300, 2 ** 31, -(2 ** 31)][random(8)] as number,
      };
    case 6:
      return { kind: 'string', value: text() };
    case 7:
      return { kind: 'string', value: text(), length: 1000 + random(1e6) };
    case 8:
      return { kind: 'bigint', value: [0n, -1n, 2n ** 64n, -(2n ** 200n), 255n][random(5)] as bigint };
    case 9:
      return { kind: 'symbol', description: 'a symbol' };
    case 10:
      return {
        kind: 'function',
        name: text(),
        form: (['function', 'class', 'async', 'generator', 'async generator'] as const)[random(5)] ?? 'function',
      };
    case 11:
      return { kind: 'date', time: random(2) === 0 ? Number.NaN : 1.7e12 + random(1e6) };
    case 12:
      return { kind: 'regexp', source: `/${text()}/g` };
    case 13:
      return { kind: (['promise', 'proxy', 'redacted', 'getter', 'unreadable'] as const)[random(5)] ?? 'promise' };
    case 14:
      return { kind: 'opaque', className: text(), size: random(10) - 1 };
    case 15:
      return { kind: 'buffer', className: 'Uint8Array', size: random(100), head: 'deadbeef' };
    case 16:
      return { kind: 'reference', id: 1 + random(ids.next) };
    case 17:
      return {
        kind: 'cut',
        className: text(),
        size: random(10) - 1,
        reason: (['depth', 'nodes', 'bytes', 'room'] as const)[random(4)] ?? 'depth',
      };
    case 18:
      return { kind: 'string', value: text() };
    case 19:
      return { kind: 'number', value: random(10) };
    case 20: {
      const id = ids.next++;
      return { kind: 'object', id, className: text(), size: random(30), entries: many(() => ({ name: text(), value: nested() })) };
    }
    case 21: {
      const id = ids.next++;
      return { kind: 'array', id, className: 'Array', size: random(30), items: many(nested) };
    }
    case 22: {
      const id = ids.next++;
      return { kind: 'set', id, className: 'Set', size: random(30), items: many(nested) };
    }
    case 23: {
      const id = ids.next++;
      return { kind: 'map', id, className: 'Map', size: random(30), pairs: many(() => [nested(), nested()] as const) };
    }
    case 24: {
      const id = ids.next++;
      return { kind: 'error', id, className: 'TypeError', message: text(), entries: many(() => ({ name: 'cause', value: nested() })) };
    }
    default: {
      const id = ids.next++;
      return { kind: 'object', id, className: 'Object', size: 3, entries: many(() => ({ name: '__proto__', value: nested() })) };
    }
  }
}
