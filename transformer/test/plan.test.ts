/** What plans of real sources hold: arities, sites, positions, forms, parents. Structure, not text. */
import type { Code, FunctionPlan } from '@captureflow/core';
import { MAX_PROBE_VALUES } from '@captureflow/core/probe-abi';
import { type FunctionRecord, LEVELS, SiteKind } from '@captureflow/trace/metadata';
import { describe, expect, test } from 'vitest';
import { CORPUS, SLOPPY } from './corpus.ts';
import { planSource } from './plan-source.ts';

const BUILT = LEVELS.filter((level) => level !== 'off');

const text = (code: Code): string =>
  code.map((piece) => (typeof piece === 'string' ? piece : 'binding' in piece ? piece.name : '_')).join('');

function codes(plan: FunctionPlan): readonly Code[] {
  return [
    plan.prologue,
    plan.epilogue,
    plan.handler,
    plan.finalizer ?? [],
    ...plan.edits.map((edit) => (edit.at === 'hoist' ? [] : edit.code)),
  ];
}

/** `values` calls in the code of a function: site and how many values are passed. */
function siteCalls(plan: FunctionPlan): { site: number; arity: number; passed: number }[] {
  return codes(plan).flatMap((code) =>
    [...text(code).matchAll(/\.values(\d)\(\w+,(\d+)((?:,[^(),]+(?:\(\))?)*)\)/g)].map((match) => ({
      arity: Number(match[1]),
      site: Number(match[2]),
      passed: (match[3] as string).split(',').length - 1,
    })),
  );
}

function checkFunction(plan: FunctionPlan, record: FunctionRecord): void {
  const [, , , , parameters, bindings, sites, positions] = record;
  const calls = siteCalls(plan);
  expect(
    calls.map((call) => call.site).sort((a, b) => a - b),
    'each site is reported by one call',
  ).toEqual(sites.map((_, k) => k));
  for (const { site, arity, passed } of calls) {
    const [kind, , indexes] = sites[site] as FunctionRecord[6][number];
    const names = indexes.map((index) => (kind === SiteKind.MORE_PARAMETERS ? parameters : bindings)[index] as string);
    expect(names).not.toContain(undefined);
    expect(arity).toBe(names.filter((name) => !name.startsWith('*')).length);
    expect(passed).toBe(arity);
    expect(arity).toBeLessThanOrEqual(MAX_PROBE_VALUES);
  }
  const all = codes(plan).map(text).join('\n');
  const set = new Set([...all.matchAll(/cov\w*P=(\d+)/g)].map((match) => Number(match[1])));
  expect(
    [...set].every((position) => position < Math.max(1, positions.length)),
    'only known positions are set',
  ).toBe(true);
  expect(
    positions.slice(1).every((_, k) => set.has(k + 1)),
    'every position is set somewhere',
  ).toBe(true);
  for (const indexes of positions) {
    expect(new Set(indexes).size).toBe(indexes.length);
    expect(indexes.every((index) => index >= 0 && index < bindings.length)).toBe(true);
  }
  expect(positions.length > 0).toBe(bindings.length > 0);
  expect(text(plan.handler)).toMatch(positions.length > 1 ? /\w+P\)\)?:\w+;$/ : /\(\w+,\w+\)\)?:\w+;$/);
  expect(/\.(?:hold|caught|end)\(/.test(all)).toBe(plan.finalizer !== undefined);
  expect(/\.(?:exit|thrown)\(/.test(all)).toBe(plan.finalizer === undefined);
}

describe.each(BUILT)('at level %s', (level) => {
  test.each(Object.entries(CORPUS))('the plan of "%s" is consistent with its record', (name, source) => {
    const planned = planSource(source, { level }, { kind: SLOPPY.has(name) ? 'cjs' : 'esm' });
    expect(planned.plan.functions.length).toBeGreaterThan(0);
    expect(planned.plan.functions.map((fn) => fn.index)).toEqual(planned.plan.record.f.map((_, k) => k));
    planned.plan.functions.forEach((fn) => checkFunction(fn, planned.plan.record.f[fn.index] as FunctionRecord));
    const wanted = new Set<string>(
      level === 'calls'
        ? []
        : ['MORE_PARAMETERS', ...(level === 'values' ? [] : ['EXIT', 'THROW']), ...(level === 'lines' ? ['LINE'] : [])],
    );
    const kinds = new Set(planned.plan.record.f.flatMap((record) => record[6].map((site) => Object.keys(SiteKind)[site[0]] as string)));
    expect([...kinds].filter((kind) => !wanted.has(kind))).toEqual([]);
  });
});

test.each(Object.entries(CORPUS))('facts and plan of "%s" are plain JSON without line ends in code', (name, source) => {
  const { facts, plan } = planSource(source, { level: 'lines', types: true }, { kind: SLOPPY.has(name) ? 'cjs' : 'esm' });
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  for (const code of [plan.header, ...plan.functions.flatMap(codes)]) expect(text(code)).not.toMatch(/[\n\r\u2028\u2029]/);
});

test.each(Object.entries(CORPUS))('facts of "%s" lie in order and inside the text', (_, source) => {
  const { facts } = planSource(source, {}, { kind: 'cjs' });
  for (const list of [facts.scopes, facts.functions])
    expect(list.map((item) => item.start)).toEqual(list.map((item) => item.start).sort((a, b) => a - b));
  for (const scope of facts.scopes)
    expect(
      scope.parent < 0 ||
        ((facts.scopes[scope.parent]?.start ?? Infinity) <= scope.start && (facts.scopes[scope.parent]?.end ?? 0) >= scope.end),
    ).toBe(true);
  for (const binding of facts.bindings) expect(source.startsWith(binding.name, binding.start)).toBe(true);
  for (const fn of facts.functions)
    expect(fn.start <= fn.bodyStart && fn.bodyStart <= fn.directivesEnd && fn.bodyEnd <= source.length).toBe(true);
  expect(new Set(facts.functions.map((fn) => fn.bodyStart)).size).toBe(facts.functions.length);
});

const enterOf = (source: string, name = 'f', options = {}) => text(planSource(source, options).function(name).plan.prologue);

describe('parameters', () => {
  test.each([
    ['none', 'function f() {}', 'enter0', []],
    ['one', 'function f(a) {}', 'enter1', ['a']],
    [
      'the leaves of patterns, with defaults and rest',
      'function f({ a, b: [c, ...d] }, e = 1, ...g) {}',
      'enter5',
      ['a', 'c', 'd', 'e', 'g'],
    ],
    ['none for a this parameter', 'function f(this: Date) {}', 'enter0', []],
    ['a redacted one is named but not passed', 'function f(id, password) {}', 'enter1', ['id', '*password']],
  ])('%s', (_, source, enter, names) => {
    expect(enterOf(source)).toContain(`.${enter}(`);
    expect(planSource(source).function('f').record[4]).toEqual(names);
  });

  test('eight parameters go with enter8 and need no site', () => {
    const { plan, record } = planSource('function f(a, b, c, d, e, g, h, i) {}', { level: 'values' }).function('f');
    expect(text(plan.prologue)).toContain('.enter8(');
    expect(record[6]).toEqual([]);
  });

  test('from the ninth on they follow in VALUES calls of at most eight, in order', () => {
    const { plan, record } = planSource(CORPUS['twenty parameters'] as string, { level: 'values' }).function('f');
    expect(text(plan.prologue)).toMatch(
      /\.enter8\(.*p0,p1,p2,p3,p4,p5,p6,p7\).*\.values8\(\w+,0,p8,.*p15\),\w+\.values4\(\w+,1,p16,p17,p18,p19\)/,
    );
    expect(record[6].map((site) => site[2])).toEqual([
      [8, 9, 10, 11, 12, 13, 14, 15],
      [16, 17, 18, 19],
    ]);
    expect(record[6].every((site) => site[0] === SiteKind.MORE_PARAMETERS)).toBe(true);
  });

  test('at level calls nothing is passed and nothing named', () => {
    const { plan, record } = planSource('function f(a, b) { let c = a; return c + b; }', { level: 'calls' }).function('f');
    expect(text(plan.prologue)).toContain('.enter0(');
    expect(record.slice(4, 8)).toEqual([[], [], [], []]);
  });
});

describe('the finally form is chosen exactly when it is needed', () => {
  test.each<[boolean, string, string]>([
    [false, 'a plain function', 'function f(a) { if (a) return 1; return 2; }'],
    [false, 'an async function', 'async function f(a) { return await a; }'],
    [false, 'a return beside a finally', 'function f(a) { try { a(); } finally { a(); } return 1; }'],
    [false, 'a return in a finally block itself', 'function f(a) { try { a(); } finally { return 1; } }'],
    [false, 'a return in a try with catch only', 'function f(a) { try { return a(); } catch { return 1; } }'],
    [false, 'a return under the finally of an inner function', 'function f(a) { return () => { try { return a(); } finally { a(); } }; }'],
    [false, 'a for await without a return inside', 'async function f(a) { for await (const x of a) x(); }'],
    [false, 'a base constructor that returns', 'class f { constructor(a) { return a; } }'],
    [false, 'a derived constructor that returns nothing', 'class f extends Date { constructor(a) { super(); if (a) return; } }'],
    [true, 'a generator', 'function* f() {}'],
    [true, 'an async generator', 'async function* f() {}'],
    [true, 'a return under a finally', 'function f(a) { try { return a(); } finally { a(); } }'],
    [true, 'a return without value under a finally', 'function f(a) { try { return; } finally { a(); } }'],
    [true, 'a return in a catch with a finally', 'function f(a) { try { a(); } catch { return 1; } finally { a(); } }'],
    [true, 'a return deep under a finally', 'function f(a) { try { for (;;) { if (a) { return 1; } } } finally { a(); } }'],
    [true, 'a return in a for await', 'async function f(a) { for await (const x of a) return x; }'],
    [true, 'using', 'function f(a) { using x = a; }'],
    [true, 'using in a block', 'function f(a) { { using x = a; } }'],
    [true, 'await using', 'async function f(a) { await using x = a; return x; }'],
    [true, 'a derived constructor that returns a value', 'class f extends Date { constructor(a) { super(); return a; } }'],
  ])('%s: %s', (expected, _, source) => {
    const { plan } = planSource(source);
    expect(plan.functions[0]?.finalizer !== undefined).toBe(expected);
  });
});

describe('the token of the outer function is passed exactly when inner functions hold its variables anyway', () => {
  test.each<[string, string, string, boolean]>([
    ['a parameter is captured', 'function f(a) { return () => a; }', 'f.<anonymous>', true],
    ['a body variable is captured', 'function f() { const a = 1; return () => a; }', 'f.<anonymous>', true],
    ['a var is captured', 'function f() { var a = 1; return () => a; }', 'f.<anonymous>', true],
    ['another inner function captures', 'function f(a) { const g = () => 1; return [g, () => a]; }', 'f.g', true],
    ['nothing is captured', 'function f(a) { return () => 1; }', 'f.<anonymous>', false],
    ['the inner function has its own of that name', 'function f(a) { return (a) => a; }', 'f.<anonymous>', false],
    [
      'only a block variable is captured',
      'function f(a) { for (const x of a) use(() => x); } declare function use(f: any): void',
      'f.<anonymous>',
      false,
    ],
    ['the inner function stands in a default value', 'function f(a, g = () => a) { return g; }', 'f.g', false],
    ['a method in a function captures', 'function f(a) { return { m() { return a; } }; }', 'f.m', true],
  ])('%s', (_, source, inner, expected) => {
    const planned = planSource(source);
    const enter = /\.enter\d\([^,]+,(\w+)/.exec(text(planned.function(inner).plan.prologue));
    expect(enter?.[1] !== '0').toBe(expected);
    const flagged = ((planned.function('f').record[3] as number) & (1024 * 2)) !== 0;
    if (expected) expect(flagged).toBe(true);
    else if (!/default value/.test(_)) expect(flagged).toBe(false);
  });

  test('a function that is not instrumented passes no token on', () => {
    const { function: of } = planSource('const x = 1; /* captureflow:off */ function f(a) { return /* captureflow:calls */ () => a; }');
    expect(text(of('f.<anonymous>').plan.prologue)).toMatch(/\.enter0\([^,]+,0\)/);
  });

  test('each nesting depth has a token of its own, so that an inner one hides none that is passed on', () => {
    const { plan } = planSource('function a(x) { return () => { const y = x; return () => y; }; }');
    const tokens = plan.functions.map((fn) => /const (\w+)=/.exec(text(fn.prologue))?.[1]);
    expect(new Set(tokens).size).toBe(3);
  });
});

describe('locals', () => {
  test('a variable an inner function writes is read through a closure that exists only while recording', () => {
    const { plan } = planSource(CORPUS['inner writes'] as string).function('f');
    const all = codes(plan).map(text).join('\n');
    expect(all).toMatch(/=\w+S0\?\(\)=>a:void 0;/);
    expect(all).toMatch(/=\w+S0\?\(\)=>b:void 0;/);
    expect(all).not.toMatch(/\(\)=>c\b/);
  });

  test('without block-scoped variables there is no position and no shadow', () => {
    const { plan, record } = planSource('function f(a) { var b = a; a = b; return b; }').function('f');
    expect(record[5]).toEqual(['a', 'b']);
    expect(record[7]).toEqual([[0, 1]]);
    expect(text(plan.prologue)).not.toMatch(/P=0|x\d/);
  });

  test('a position names what is alive there: closed blocks and variables not yet initialised are not', () => {
    const { record } = planSource('function f() { const a = 1; { const b = 2; } const c = 3; g(); } declare function g(): void').function(
      'f',
    );
    expect(record[5]).toEqual(['a', 'b', 'c']);
    expect(record[7]).toEqual([[], [0], [0, 1], [0, 2]]);
  });

  test('an inner variable hides the outer one of the same name while it is alive', () => {
    const { record } = planSource('function f() { const a = 1; { const a = 2; g(a); } } declare function g(a: number): void').function('f');
    expect(record[7]).toEqual([[], [0], [1]]);
  });

  test("what a loop's body declares is let go before the next round, but not where a finally still follows", () => {
    const loop = planSource('export function f(a) { for (const b of a) { const c = b.d; if (c) continue; a(c); } a(); }').code;
    expect(loop.match(/covx0_0 = covx0_1 = void 0;/g)).toHaveLength(3);
    expect(loop).toMatch(/covx0_0 = covx0_1 = void 0;\s*continue;/);
    const guarded = planSource('export function f(a) { for (const b of a) { try { if (b) continue; } finally { a(); } } a(); }').code;
    expect(guarded).not.toMatch(/void 0;\s*continue;/);
    expect(guarded.match(/covx0_0 = void 0;/g)).toHaveLength(2);
  });

  test('functions and classes are no locals', () => {
    expect(planSource('function f() { function g() {} class A {} const h = 1; return h; }').function('f').record[5]).toEqual(['h']);
  });
});

test('record flags say form, async, generator and static', () => {
  const { plan } = planSource(
    'class A { constructor() {} static async *m() {} get p() { return 1; } set p(v) {} static {} } const f = async () => 1; function* g() {}',
    { level: 'calls' },
  );
  expect(plan.record.f.map((record) => [record[0], record[3]])).toEqual([
    ['A.constructor', 1 | 512],
    ['A.m', 1 | 8 | 16 | 64 | 1024],
    ['A.get p', 1 | 128],
    ['A.set p', 1 | 256],
    ['A.<static>', 1 | 4096],
    ['f', 1 | 8 | 32],
    ['g', 1 | 16],
  ]);
});

test('places are those of the function itself, 1-based, without export and decorators', () => {
  const { plan } = planSource('declare const dec: any;\nexport default\n  async function f() {\n}\nclass A {\n  @dec\n  static m() {}\n}');
  expect(plan.record.f.map(([name, line, column, , , , , , endLine]) => [name, line, column, endLine])).toEqual([
    ['f', 3, 3, 4],
    ['A.m', 7, 3, 7],
  ]);
});

test('declared types are recorded when asked for, of every parameter leaf and the result', () => {
  const source =
    'function f(a: Map<string, number>, { b, c }: { b: 1; c: 2 }, d = 1, ...e: string[]): Promise<void> { return null as any; }';
  expect(planSource(source, { types: true }).function('f').record[9]).toEqual([
    'Map<string, number>',
    '{ b: 1; c: 2 }',
    '{ b: 1; c: 2 }',
    null,
    'string[]',
    'Promise<void>',
  ]);
  expect(planSource(source).function('f').record).toHaveLength(9);
});

test('under metadata manifest the code holds a hash and the levels, no names', () => {
  const source = 'export function verySpecialName(a: number) { return a; }';
  const manifest = planSource(source, { metadata: 'manifest' }).plan;
  expect(manifest.hash).toMatch(/^[0-9a-f]{16}$/);
  expect(text(manifest.header)).toContain(`hash:"${manifest.hash}"`);
  expect(text(manifest.header)).not.toContain('verySpecialName');
  expect(manifest.record).toEqual(planSource(source).plan.record);
});
