/** Texts whose punctuation is easy to break by inserting text, each with what it logs. Not a test. */
export interface Snippet {
  readonly code: string;
  /** Default: `js`. */
  readonly loader?: 'js' | 'jsx' | 'ts' | 'tsx';
}

export const SNIPPETS: Readonly<Record<string, Snippet>> = {
  'keywords that touch their operand': {
    code: `async function f(x) { const a = await(x) + await[1][0]; for (const y of[a]) log(y); for await(const y of[a]) log(y); return await/r/.test('r'); }
function* g() { log(yield[1]); log(yield/r/); log(yield*[2]); }
log([...g()]);
f(1).then(log);`,
  },
  'statements without semicolons': {
    code: `
function f(a) {
  let x = a
  let y = x, z = y
  x = 2
  x++
  y = x
  ;[x, y] = [y, 3]
  if (x) z = 4
  else z = 5
  for (const k of [1, 2]) z += k
  do z--
  while (z > 8)
  while (z > 7) z--
  return [x, y, z]
}
log(f(1))`,
  },
  'a line that begins with a wrapped assignment after one without semicolon': {
    code: 'function f() {\n  let a = 1\n  log\n  a = 2\n  log\n  a++\n  log\n  ;({ a } = { a: 5 })\n  return a\n}\nlog(f())',
  },
  'several statements on one line without a last semicolon': {
    code: 'function f(a) { const b = a; if (b) { const c = b; log(c) } log(b) }\nf(3)',
  },
  'returns that end with their line': { code: 'function f(a) {\n  if (a) return\n  log("on")\n  return a\n}\nlog(f(0), f(1))' },
  'return without a space': {
    code: 'function f(a) { if(a)return(a)\nreturn[a]}\nfunction g(a){return"x"+a}\nfunction h(a){return/x/.test(a)}\nlog(f(1), f(0), g(1), h("x"))',
  },
  'comments behind return and in its argument': {
    code: 'function f(a) { return /* one */ a // two\n}\nfunction g(a) {\n  return ( // three\n    a /* four */\n  ) // five\n}\nlog(f(1), g(2))',
  },
  'a comma expression that is returned, awaited and yielded': {
    code: 'function f(a) { return a, a + 1 }\nconst g = (a) => (log(a), a)\nasync function h(a) { return await (a, a + 2) }\nfunction* i(a) { yield (a, a + 3) }\nh(1).then(log)\nlog(f(1), g(2), [...i(1)])',
  },
  'arrows with parenthesised and commented bodies': {
    code: 'const a = () => ({ b: 1 });\nconst b = () => /* before */ ({ b: 2 }) /* after */;\nconst c = () => // line\n  3\nconst d = () => (// line\n  4\n)\nconst e = x => y => z => [x, y, z]\nconst f = async x => await x\nlog(a(), b(), c(), d(), e(1)(2)(3))\nf(5).then(log)',
  },
  'arrows that end with their line': {
    code: 'const a = x => x\nconst b = x => x.y\n;[1].forEach(x => log(a(x)))\nlog(b({ y: 2 }))\nlet n = 1\nconst c = x => x\n++n\nlog(n, c(3))',
  },
  'arrows in conditions, arguments and defaults': {
    code: 'const f = true ? x => x : y => y\nconst g = (a = x => x + 1, { b = (y) => a(y) } = {}) => [a(1), b(2)]\nlog(f(1), g(), ((x) => x)(3), (x => x).call(null, 4))',
  },
  'yield and await without operands, at line ends': {
    code: 'function* f() {\n  const a = yield\n  log(a)\n  yield\n  const b = [yield, yield a]\n  const c = yield /* c */ a // d\n  yield* [b, c]\n}\nlog([...f()])\nconst it = f(); it.next(); log(it.next(7), it.next(8), it.next(9), it.next(10))',
  },
  'pauses nested in pauses': {
    code: 'async function f(a) { return await g(await a, await (await a)) }\nasync function g(a, b) { await null\nawait null\nreturn a + b }\nf(1).then(log)',
  },
  'await in every kind of loop head': {
    code: 'async function f(a) { for (let i = await 0; i < (await a); i += await 1) log(i); for (const x of await [1]) log(x)\nfor await (const y of (a, [2])) log(y)\nouter: for await (const z of [3, 4]) { for (const w of [5]) { if (z === 3) continue outer; break outer } }\nwhile (await false);\ndo log("do"); while (await false) }\nf(2).then(log)',
  },
  'single statements that become blocks': {
    code: 'function f(list) {\n  for (const x of list) for (const y of x) if (y) log(y); else continue\n  for (const x of list) if (x.length) break\n  label: for (const x of list) for (let i = 0; i < 2; i++) if (i) continue label; else log(i)\n  if (list) for (const x of list) log(x.length)\n  else log("none")\n}\nf([[1, 0], [2]])',
  },
  'switch clauses': {
    code: 'function f(a) { switch (a) { case 1: let b = a; log(b)\n case 2: { const c = a; log(c) } break\n default: var d = 4\n log(d)\n case 9: } }\nf(1); f(2); f(3)',
  },
  'regular expressions behind braces': {
    code: 'function f(a) { if (a) { let b = a; log(b) }\n/x/.test(a) && log("x")\n}\nf("x")\nconst g = () => 1\n/2/g.length\nlog(typeof g)',
  },
  'arrows and comments like those of HTML': {
    code: 'function f(n) { let m = n; while (m --> 0) log(m)\n/* a\n*/ --> a comment of a script\nreturn m <!--b\n}\nlog(f(2))',
  },
  'directives without semicolons': {
    code: '"use strict"\nfunction f() {\n  "use client"\n  "use other"\n  log(this)\n}\nf()\nconst g = () => { "use strict" }\nlog(g())',
  },
  'line ends of Windows, a byte order mark and a hashbang': {
    code: '\uFEFF#!/usr/bin/env node\r\n"use strict"\r\nfunction f(a) {\r\n  const b = a\r\n  return b // c\r\n}\r\nlog(f(1)) // end',
  },
  'a file that ends with a comment': { code: 'const f = (a) => a // a\nlog(f(1)) // the end' },
  'assignments inside returns inside arrows': {
    code: 'const f = async (z) => { let x, y; return x = y = g(await z), [x, y] }\nconst g = (a) => { let b; return b = a }\nf(1).then(log)',
  },
  'assignment forms': {
    code: 'function f(o) { let a, b, c; a = b = c = 1; [a, b = 2, ...c] = [3]; ({ a, x: b, ...c } = o); a += b; a **= 2; a ??= 1; b ||= (c = 4); for (a = 0, b = 1; a < 2; a++, --b) c = a--, a++\nreturn [a, b, c, typeof a++, -b, `${c = 5}`, void (a = 6), a] }\nlog(f({ x: 1, a: 2, z: 3 }))',
  },
  'declarations that are split': {
    code: 'function f(a) {\n  const b = a, // one\n    c = b /* two */, d = [c,\n    b]\n    , { e, ...g } = { e: d }\n  let h, i = 1\n  return [b, c, d, e, g, h, i]\n}\nlog(f(1))',
  },
  'declarations that a block would change': {
    code: 'function f(a) {\n  log(a(), b)\n  var b = 1\n  function a() { return 2 }\n  function a() {\n    return 3\n  }\n  (b)\n  return a\n}\nlog(f(0)())\nfunction g(h) { function h() {} function arguments() { return 1 } return [typeof h, arguments()] }\nlog(g(1))',
  },
  'functions of every form': {
    code: 'class A { static #p = 1; static { log(A.#p) }\n static /* { */ { log("second") }\n f = () => this.g()\n g() { return 1 }\n get h() { return 2 } set h(v) { log(v) } async *i() { yield 1 } ["j" + 1]() { return 3 } static async k() { return 4 } }\nclass B extends A { constructor(a) { const b = a; super(b); this.b = b } }\nconst b = new B(7); log(b.f(), b.h, b.h = 5, b.j1(), b.b)\nA.k().then(log)\nlog({ m() { return 1 }, get n() { return 2 }, o: function () { return 3 } }.m())\n;(function () { log("iife") })()\n;(() => { log("arrow") })()',
  },
  'empty bodies': {
    code: 'function f() {}\nconst g = () => {}\nconst i = function () { /* nothing */ }\nclass A { constructor() {} m() { // line\n } static {} }\nlog(f(), g(), i(), new A().m())',
  },
  'try, catch and finally': {
    code: 'function f(a) { try { const b = a(); return b } catch ({ message: m }) { const c = m; return c } finally { const d = 1; log(d) } }\nfunction g() { try { return 1 } finally { return 2 } }\nlog(f(() => 1), f(() => { throw new Error("x") }), g())',
  },
  'anonymous functions that are returned keep no name': {
    code: 'const f = () => () => 1\nconst g = () => (class {})\nfunction h() { return function () {} }\nlog([f().name, g().name, h().name])',
  },
  'an error that names what was called': {
    code: 'const f = (a) => a.b.c\nfunction g(a) { return a.b() }\ntry { f({}) } catch (e) { log(e.message) }\ntry { g({}) } catch (e) { log(e.message) }',
  },
  'text of templates and tags': {
    code: 'const tag = (s, ...v) => s.raw.join("|") + v\nfunction f(a) { return tag`a${a}\nb${(() => a + 1)()}` }\nlog(f(1))',
  },
  'a label on a function and on a block': {
    code: 'function f(a) { l: { const b = a; if (b) break l; log("no") } m: function g() { return 1 }\n n: a = 2\n return [a, g()] }\nlog(f(1))',
  },
  'operators that touch what is wrapped': {
    code: 'function f() { let a = 1; const b = typeof(a = 2); const c = -(a = 3) - -a++; const d = a++ + ++a; return[b,c,d,a in[0]]}\nlog(f())\nasync function g(a) { return!await a || void await a }\ng(0).then(log)',
  },
  'sums of many terms': { code: `async function f(a) { return ${'a + '.repeat(3000)}await a }\nf(1).then(log)` },
  'JSX with functions': {
    loader: 'jsx',
    code: 'const f = (list) => <ul onClick={() => log(1)}>text {"a"} {list.map((x) => <li key={x}>{x} &amp; =&gt; return</li>)}</ul>\nfunction g() { return <a>b</a> }\nlog(f([1]).length, g())',
  },
  'type syntax inside what is wrapped': {
    loader: 'ts',
    code: 'function f<T extends object>(a: T, b?: number): asserts a is T { let x: any = <any>a; const y = x!, z = y as unknown satisfies unknown; x = z as T; (x as any) = 1; x!++; if (!z) return; log(x) }\nf({}, 1)\nconst g = <T,>(a: T): a is T & {} => a as any as boolean\nconst hh = (a: number): { b: number } => ({ b: a }) as const\nfunction i(a: number, b: number) { return a < b as any }\nlog(g(1), hh(2), i(1, 2))\nfunction over(a: string): void\nfunction over(a: number): void\nfunction over(a: any) { log(a) }\nover(3)\nabstract class A { abstract m(): void; declare x: number; constructor(readonly a: number) { } n = (b: number): number => this.a + b }\nclass B extends A { m() { } }\nlog(new B(1).n(2))\nnamespace N { export const k = () => l; export let l = 1; l++ }\nlog(N.k())\nenum E { X = [1].map((a) => a).length }\nlog(E.X)\nasync function j(a: any) { return <number>await a }\nj(4).then(log)',
  },
  'generics and arrows in TSX': {
    loader: 'tsx',
    code: 'const f = <T,>(a: T) => <b>{a}</b>\nconst g = <T extends object>(a: T): T => a\nlog(f(1), g({}))',
  },
  decorators: {
    loader: 'ts',
    code: 'const d = (...a: any[]): any => { log(a.length) }\n@d class A { @d m(@d a: number) { return a } @d f = () => 1 }\nlog(new A().m(1))',
  },
};
