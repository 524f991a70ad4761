import { describe, expect, test } from 'vitest';
import { buildTrace, readLater, SiteKind } from '../src/index.ts';
import type { Segment, Trace, Value } from '../src/index.ts';
import { createRandom, randomValue } from './random.ts';
import { functions, StreamBuilder } from './stream-builder.ts';

const FUNCTIONS = {
  functions: functions({
    parameters: ['a', 'b'],
    bindings: ['x'],
    sites: [
      [SiteKind.EXIT, 1, [0]],
      [SiteKind.THROW, 1, [0]],
    ],
    positions: [[0]],
  }),
};

/** What readers see, as data. */
function seen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object' || value === null) return value;
  const keys = new Set(Object.keys(value));
  for (const key of ['entries', 'items', 'pairs']) if (key in value) keys.add(key);
  for (const key of ['chunk', 'ops', 'nums', 'refs']) keys.delete(key);
  return Object.fromEntries([...keys].map((key) => [key, seen((value as Record<string, unknown>)[key])]));
}

function both(segment: Segment): readonly [later: Trace, now: Trace] {
  return [buildTrace([segment], undefined, readLater), buildTrace([segment])];
}

describe('values that are read when they are asked for', () => {
  test.each(Array.from({ length: 30 }, (_, seed) => seed))('are the same as those that are read at once (%s)', (seed) => {
    const random = createRandom(seed);
    const s = new StreamBuilder();
    for (let i = 0; i < 20; i++) {
      const span = s.enter(0, randomValue(random), randomValue(random));
      const threw = random(3) === 0;
      s.site(span, threw ? 1 : 0, randomValue(random)).annotate(span, randomValue(random));
      if (threw) s.throw(span, 0, 1, randomValue(random));
      else s.exit(span, randomValue(random));
    }
    const [later, now] = both(s.segment(FUNCTIONS));
    expect(seen(later)).toEqual(seen(now));
    expect(later.dropped).toEqual({});
    expect(later.spans[19]?.locals).toHaveLength(1);
  });

  test('say the same again, and take no part of a trace from a stream that breaks inside one', () => {
    const s = new StreamBuilder();
    const object: Value = {
      kind: 'object',
      id: 1,
      className: 'Object',
      size: 1,
      entries: [{ name: 'k', value: { kind: 'number', value: 7 } }],
    };
    s.exit(s.enter(0, object), object);
    const whole = s.segment(FUNCTIONS);
    const [later] = both(whole);
    const value = later.spans[0]?.args[0]?.value as Extract<Value, { kind: 'object' }>;
    expect(value.entries).toEqual(object.entries);
    expect(value.entries).toEqual(value.entries);
    const [chunk] = whole.chunks;
    for (let cut = 0; cut < (chunk?.opsLength ?? 0); cut++) {
      const [half, plain] = both({ ...whole, chunks: [{ ...(chunk as Segment['chunks'][number]), opsLength: cut }] });
      expect(seen(half)).toEqual(seen(plain));
    }
  });
});
