/** Traces for the tests of OTLP, and short ways to look at what was written. Tests only. */
import { buildTrace } from '../src/index.ts';
import type { Trace, Value } from '../src/index.ts';
import type { OtlpAttribute, OtlpSpan, OtlpValue } from '../src/otlp.ts';
import { createRandom, randomValue } from './random.ts';
import { functions, StreamBuilder } from './stream-builder.ts';
import type { TestFunction } from './stream-builder.ts';

export const ERROR: Value = { kind: 'error', id: 1, className: 'RangeError', message: 'too far', entries: [] };

/** `outer(items: ['a'], limit: 2)` calls `load(7)`, which awaits and returns 'row', and `check`, whose error passes through `outer`. */
export function sampleTrace(): Trace {
  const s = new StreamBuilder().time(100);
  const outer = s.enterAt(0, 0, 'TOP', list('a'), 2);
  s.time(110);
  const load = s.enter(1, 7);
  s.time(112).suspend(load).time(120).resume(load).time(121).exit(load, 'row');
  s.time(130);
  const check = s.enter(2);
  s.time(131).throw(check, 0, 1, ERROR).time(132).throw(outer, 0, 1, 'same');
  return buildTrace([
    s.segment({
      functions: functions(
        { name: 'Api.get', line: 3, parameters: ['items', 'limit'] },
        { name: 'load', line: 12, parameters: ['id'], flags: 3 },
        { name: 'check', line: 20 },
      ),
      root: {
        kind: 'http',
        name: 'GET /orders',
        attributes: { 'http.request.method': 'GET', 'http.response.status_code': 500, tags: ['a', 'b'], more: { deep: [1] } },
      },
      error: { type: 'RangeError', message: 'too far' },
    }),
  ]);
}

/** A root with `width` calls of `leaf(i)`, the n-th taking n ms; each `failEvery`-th throws. */
export function wideTrace(width: number, failEvery: number = 0): Trace {
  const s = new StreamBuilder().time(100);
  const top = s.enterAt(0, 0, 'TOP');
  let now = 101;
  for (let i = 1; i <= width; i++) {
    const leaf = s.time(now).enter(1, i);
    now += i;
    s.time(now);
    if (failEvery > 0 && i % failEvery === 0) s.throw(leaf, 0, i, ERROR);
    else s.exit(leaf, i);
  }
  s.time(now + 1).exit(top);
  return buildTrace([s.segment({ functions: functions({ name: 'top' }, { name: 'leaf', parameters: ['n'] }), end: now + 2 })]);
}

/** Calls, values, errors, pauses, annotations and losses by a seed. */
export function randomTrace(seed: number): Trace {
  const random = createRandom(seed);
  const names: TestFunction[] = Array.from({ length: 5 }, (_, i) => ({ name: `f${i}`, line: i + 1, parameters: ['a', 'b'] }));
  const s = new StreamBuilder();
  let now = 100;
  const tick = (): void => void s.time((now += random(1000) / 64));
  const open: number[] = [];
  tick();
  for (let i = 0; i < 60; i++) {
    tick();
    const top = open.at(-1);
    const choice = random(10);
    if (top === undefined) open.push(s.enterAt(random(5), 0, (['TOP', 'ROOT', 'LEXICAL'] as const)[random(3)] ?? 'TOP'));
    else if (choice < 4) open.push(s.enter(random(5), randomValue(random), randomValue(random)));
    else if (choice < 6) s.exit(open.pop() as number, randomValue(random));
    else if (choice < 7) s.throw(open.pop() as number, 0, 1 + random(3), random(2) === 0 ? ERROR : randomValue(random));
    else if (choice < 8) s.annotate(top, randomValue(random));
    else if (choice < 9) s.elided(random(5), top, 1 + random(1000));
    else
      s.suspend(top)
        .time((now += 5))
        .resume(top);
  }
  const ended = random(3) > 0;
  return buildTrace([
    s.segment({
      functions: functions(...names),
      end: ended ? now + 1 : null,
      dropped: random(2) === 0 ? { ring: 1 + random(9) } : {},
      root: { kind: 'task', name: 'random', attributes: { seed }, ...(random(2) === 0 ? { parent: PARENT } : {}) },
    }),
  ]);
}

export const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' } as const;

export function list(...texts: string[]): Value {
  return {
    kind: 'array',
    id: 1,
    className: 'Array',
    size: texts.length,
    items: texts.map((value) => ({ kind: 'string', value })),
  };
}

/** Attributes as an object, integers as numbers. */
export function attributesOf(holder: { readonly attributes?: readonly OtlpAttribute[] }): Record<string, unknown> {
  return Object.fromEntries((holder.attributes ?? []).map(({ key, value }) => [key, plain(value)]));
}

function plain(value: OtlpValue): unknown {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue !== undefined) return value.arrayValue.values?.map(plain);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

export function spanNamed(spans: readonly OtlpSpan[], name: string): OtlpSpan {
  const span = spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`there is no span ${name}`);
  return span;
}
