/** Small sources that together hold every form of function and statement the planner knows. Not a test. */
export const CORPUS: Readonly<Record<string, string>> = {
  declaration: 'export function f(a: number, b = a, { c, d: [e] }: any = {}, ...rest: number[]) { return a + b + c + e + rest.length; }',
  'no parameters': 'function f() {}',
  'nine parameters': 'function f(a, b, c, d, e, f_, g, h, i) { return i; }',
  'twenty parameters': `function f(${Array.from({ length: 20 }, (_, k) => `p${k}: number`).join(', ')}) { return p19; }`,
  'every number of values': `${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `function f${n}(${Array.from({ length: n }, (_, k) => `p${k}: any`).join(', ')}) { var ${Array.from({ length: n }, (_, k) => `v${k} = p${k}`).join(', ')}; return v0; }`).join(' ')}`,
  'redacted among many parameters': `function f(password: string, ${Array.from({ length: 9 }, (_, k) => `p${k}: number`).join(', ')}) { password = ""; return p8; }`,
  'many locals': `function f() { ${Array.from({ length: 19 }, (_, k) => `let v${k} = ${k};`).join(' ')} var w = 1; return v18 + w; }`,
  'this parameter': 'function f(this: Date, a: number) { return this.getTime() + a; }',
  arrows: 'const a = () => 1, b = (x: number) => ({ x }), c = (x = 1) => { return x; }, d = async (x) => await x, e = () => () => () => 1;',
  'arrow that returns nothing': 'const f = (a: any) => void a; const g = (a: any) => { a(); };',
  'anonymous results':
    'function f() { return () => 1; } const g = () => class {}; const h = () => function () {}; const i = () => (function () {} as any);',
  class: `
    class Base { #p = 1; static count = 0; static { Base.count++; } constructor(readonly a: number) {} get p() { return this.#p; } set p(v) { this.#p = v; } #q() {} static s() { return this.count; } async m() { this.#q(); } *g() { yield 1; } async *ag() { yield 1; } f = () => this.a; }
    class Derived extends Base { x = 1; constructor(a: number, protected b = 2) { const sum = a + b; super(sum); if (sum > 3) return; this.x = sum; } override get p() { return super.p; } override set p(v) { super.p = v; } }
    class Override extends Base { constructor() { super(1); return { a: 1 } as any; } }`,
  'class without constructor': 'class A extends Date { now = () => Date.now(); }',
  object:
    'const o = { m(a) { return a; }, get p() { return 1; }, set p(v) {}, async am() {}, *gm() {}, async *agm() {}, f: function () {}, g: () => 1, ["c" + 1]() {} };',
  generator:
    'function* f(a: number): any { const x = yield a; let y = yield; yield* [x, y]; try { yield 2; } finally { yield 3; } return x; }',
  'async generator':
    'async function* f(a: any) { for await (const x of a) { if (x) continue; yield x; if (x > 2) break; } const y = await a; yield* a; return y; }',
  async: 'async function f(a: any) { const x = await a; try { await x; } catch (e) { await e; } finally { await 1; } return await x; }',
  'async loops':
    'async function f(a: any) { for (const x of a) await x; for await (const [x, y] of a) { await y; } while (await a) await 1; do { await a; } while (await a); outer: for await (const x of a) { for (const y of x) { if (y) continue outer; if (x) break outer; } } }',
  using:
    'function f(a: any) { using x = a; { using y = x; return y; } } async function g(a: any) { await using x = a; const r = x.y; return r; }',
  'try and finally':
    'function f(a: any) { try { const x = a(); return x; } catch (e) { const y = e; return y; } finally { const z = 1; a(z); } }',
  'return in finally':
    'function f(a: any) { try { return a(); } finally { return 2; } } function g(a: any) { try { a(); } finally { a(1); } return 1; }',
  'catch without variable': 'function f(a: any) { try { a(); } catch { return 1; } }',
  'catch pattern': 'function f(a: any) { try { a(); } catch ({ message, cause: [c] }: any) { return message + c; } return 0; }',
  loops:
    'function f(n: number) { let sum = 0; for (let i = 0, j = n; i < j; i++) { const k = i * 2; sum += k; } for (var v = 0; v < 2; v++); for (const key in { a: 1 }) sum += key.length; for (const x of [1, 2]) { let y = x; y++; sum -= y; } while (sum > 3) { const w = sum; sum = w - 1; } do { const d = 1; sum += d; } while (sum < 0); return sum; }',
  'loop over an outer variable':
    'function f() { let x: any; let k: string; for (x of [1]) { x++; } for (k in {}) ; for ([x] of [[1]]) x; return x; }',
  labels:
    'function f() { outer: for (let i = 0; i < 2; i++) { inner: for (let j = 0; j < 2; j++) { if (j) continue outer; if (i) break outer; continue inner; } } block: { const b = 1; if (b) break block; } return 1; }',
  switch:
    'function f(a: number) { switch (a) { case 0: { const x = 1; return x; } case 1: let y = 2; y++; break; case 2: const z = a; a = z; default: class Q {} a++; } return a; }',
  'single statements':
    'function f(a: any) { if (a) return 1; else if (a.b) a.c(); else for (const x of a) a(x); while (a()) a(); do a(); while (a()); for (;;) break; return; }',
  shadowing:
    'function f(x: number) { const a = x; { const a = 2; { let a = 3; a++; x += a; } x += a; } if (x) { let x = 1; x++; } return a; }',
  'inner writes':
    'function f() { let a = 1, b = 2; const c = () => { a++; }; [1].forEach(() => { b = 3; let a = 4; a = b; }); c(); return a + b; }',
  closures: 'function f(a: number) { const b = a; const g = (c: number) => { const h = () => a + b + c; return h; }; return g; }',
  writes:
    'function f(a: any, b: any) { let x = 1, y, z; x += 2; x++; --x; y = x++ + ++x; [x, y = 2, ...z] = a; ({ x, y: z, ...b } = a); y ??= x; y ||= (z = 3); (x as any) = 1; x!++; for (x = 0, y = 1; x < 2; x++, y = x--); return (x = 4), y, z; }',
  vars: 'function f(a: any) { var x = a; if (a) { var y = x; } for (var i of a) var z = i; return typeof w; var w = 1; }',
  'hoisted functions':
    'function f(a: any) { g(); function g() { return 1; } { function h() {} } var g2 = 1; function g2() {} function arguments_() {} return g2; }',
  'conflicting declarations': 'function f(g: any) { function g() { return 1; } function g() { return 2; } return g; }',
  arguments: 'function f(a: number) { arguments[0] = 2; a = 3; return arguments.length; }',
  eval: 'function f(a: number) { let x = 1; var y = 2; function g() {} return eval("x + y + a"); }',
  directives: 'function f() { "use strict"; "use client"; const a = 1; return a; } const g = () => { "use server"; };',
  'default exports': 'export default class { constructor() {} m() { return super.toString(); } }',
  'default arrow': 'export default async (a: number) => a;',
  namespaces:
    'namespace A { export let a = 1; export function f() { let b = a; a = b; return a; } export namespace B { export const g = () => a; } } enum E { X = [1].map(() => 1).length }',
  decorators:
    'function dec(...a: any[]): any { return a[0]; } @dec class A { @dec m(@dec a: number) { return a; } @dec static s() {} @dec get p() { return 1; } @dec f = () => 1; } // experimental',
  'standard decorators':
    'function dec(v: any, c: any): any { return v; } @dec class A { @dec m(a: number) { return a; } @dec accessor x = 1; @dec f = () => 1; }',
  'computed members': 'const k = () => "m"; class A { [k()]() {} static [(() => "s")()] = () => 1; ["a" + (() => 1)()] = 2; }',
  'parameter expressions': 'function f(a = () => b, b = ((x) => x)(1), { c = function () { return a; } } = {}) { var a2 = 1; return a; }',
  'type syntax':
    'function f<T extends object>(a: T, b?: string): asserts a is T { const x = <any>a; const y = x!; const z = y as unknown satisfies unknown; if (!z) throw new Error(); } function over(a: string): void; function over(a: number): void; function over(a: any) { return a; }',
  'comma and void': 'function f(a: any) { return a(), void a(); } const g = (a) => (a(), a); const h = (a) => (((a)));',
  'throw only': 'function f() { throw new Error("x"); } const g = () => { throw 1; };',
  'yield in odd places':
    'function* f(a: any): any { const x = [yield, yield 1]; const { b = yield 2 } = x as any; for (const y of yield 3) (yield y)(); return `${yield 4}`; }',
  'await in odd places':
    'async function f(a: any) { const { b = await a } = await a; for (const x of await a) ; for (let i = await a; i < (await a); i += await a) ; return (await a)?.[await a] ?? (await a); }',
  'nested awaits in arrows': 'const f = async () => { const g = async () => await (await 1); return g(); };',
  'top-level await': 'export const x = await Promise.resolve(1); for await (const y of []) {} export const f = () => x;',
  with: 'function f(o: any) { let a = 1; with (o) { a = 2; return a; } }',
  'empty and odd':
    'function f() { ; ; {} if (1); debugger; } class A { ; } (() => {})(); (function () {})(); !function () {}(); new (class { constructor() {} })();',
  'strings with line separators': 'const o = { "a\u2028b"() { return 1; }, "c\\nd"() { return 2; } };',
  'names of ours': 'const covR = 1, cov0_S0 = 2; export function f(covV: number) { return covV + covR; }',
};

/** Sources that only CommonJS output may hold. */
export const SLOPPY: ReadonlySet<string> = new Set(['with', 'conflicting declarations', 'arguments', 'hoisted functions']);
