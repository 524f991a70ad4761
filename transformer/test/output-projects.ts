/** Projects that together set the compiler options that matter to us; output-kinds.test.ts builds and runs them. Not a test. */

export interface Project {
  readonly options: object;
  readonly files: Readonly<Record<string, string>>;
  readonly type?: 'module' | 'commonjs';
  /** Output to run, relative to `out`. */
  readonly entry: string;
  /** What running prints; with a pattern: what the plain build prints, which matches it. */
  readonly prints: string | RegExp;
  /** Calls that the probes see; absent where it depends on the version of Node. */
  readonly enters?: number;
}

const NODE10 = { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '6.0' };

const LIBRARY = `
export class Shape { constructor(readonly name: string, protected size = 2) {} area(): number { return this.size ** 2; } get label() { return \`\${this.name} \${this.area()}\`; } }
export class Square extends Shape { sides = 4; constructor(size: number) { super('square', size); } override area() { return super.area() + this.sides; } }
export const later = async (n: number) => { await null; return n + 1; };
export function* count(to: number) { for (let i = 0; i < to; i++) yield i; }
export default function fallback(a = 1) { return a; }
`;
const USE = `
const print = (...values: unknown[]) => console.log(...values);
print(new Square(3).label, [...count(3)], fallback());
later(1).then((value) => print(value));
`;
const PRINTED = 'square 13 [ 0, 1, 2 ] 1\n2\n';
/** print 2, two constructors, area 2, label, count, fallback, later, the then callback. */
const ENTERS = 11;

const DECORATED = `
const store = new Map<object, unknown[]>();
(Reflect as any).metadata = (key: string, value: unknown) => (target: any, member?: string) => {
  const list = store.get(target) ?? []; store.set(target, list);
  list.push([member ?? 'class', key, Array.isArray(value) ? value.map((type: any) => type?.name) : (value as any)?.name]);
};
function dec(...args: any[]): any { return undefined; }
class Dep {}
@dec class Service {
  @dec field!: Map<string, Dep>;
  constructor(@dec private readonly dep: Dep, public count: number) {}
  @dec find(@dec id: string, when?: Date): Promise<Dep[]> { return Promise.resolve([this.dep]); }
  @dec get size(): number { return this.count; }
}
new Service(new Dep(), 1).find('a');
console.log(JSON.stringify([...store.values()]));
`;

const FAILING = `
const fail = (value: unknown): never => {
  throw new Error(String(value));
};
function outer(a: number) {
  const b = a + 1;
  if (b > 0) return inner(b);
  return 0;
}
function inner(b: number): number { try { return [b].map((x) => fail(x))[0] as never; } finally { outer.length; } }
class A {
  constructor(n: number) {
    outer(n);
  }
  get p(): any { return this.m(null); }
  m(o: any) { return o.missing; }
}
class B extends A { constructor() { const n = 1; super(n); } }
async function later(a: number) {
  await null;
  const b = await Promise.resolve(a);
  return fail(b);
}
function* numbers(a: number): Generator<number> { yield a; yield fail(a); }
function withDefault(a = fail(5)) { return a; }
function rethrows() { try { outer(1); } catch (error) { throw error; } }
function conflicting(g?: any) { return g(); function g() { return 1; } function g() { return fail(6); } }
const cases: (() => unknown)[] = [
  () => outer(1), () => new A(1), () => new B(), () => Object.create(A.prototype).p, () => [...numbers(1)], () => withDefault(), rethrows, () => conflicting(), () => later(7),
];
const frames = (error: any) => String(error.stack).split('\\n').filter((line) => line.includes('main.ts')).map((line) => /main.ts[:\\d]+/.exec(line)![0]);
void (async () => { for (const run of cases) try { await run(); } catch (error) { console.log(frames(error).join(' < ')); } })();
`;

/** Places of the frames of nine errors. Names are left out: Node guesses some of them from the map. */
const NINE_STACKS = /^(?:main\.ts:\d+:\d+(?: < main\.ts:\d+:\d+)+\n){9}$/;

export const PROJECTS: Readonly<Record<string, Project>> = {
  'stack frames in ES2022': { options: {}, type: 'module', files: { 'main.ts': FAILING }, entry: 'main.js', prints: NINE_STACKS },
  'stack frames in CommonJS, ES2015': {
    options: { ...NODE10, target: 'ES2015' },
    files: { 'main.ts': FAILING },
    entry: 'main.js',
    prints: NINE_STACKS,
  },
  'NodeNext with type module': {
    options: { module: 'NodeNext' },
    type: 'module',
    files: { 'lib.ts': LIBRARY, 'main.ts': `import fallback, { Square, count, later } from './lib.js';${USE}` },
    entry: 'main.js',
    prints: PRINTED,
    enters: ENTERS,
  },
  'NodeNext with type commonjs, .mts and .cts': {
    options: { module: 'NodeNext' },
    type: 'commonjs',
    files: {
      'lib.ts': LIBRARY,
      'common.cts': `import lib = require('./lib.js');\nexport const area = (size: number) => new lib.Square(size).area();`,
      'main.mts': `import { area } from './common.cjs';\nimport lib, { Square, count, later } from './lib.js';\nconst fallback = (lib as any).default ?? lib;${USE}\nconsole.log(area(1));`,
    },
    entry: 'main.mjs',
    prints: 'square 13 [ 0, 1, 2 ] 1\n5\n2\n',
    enters: ENTERS + 5,
  },
  'CommonJS, ES2015, importHelpers, esModuleInterop': {
    options: { ...NODE10, target: 'ES2015', importHelpers: true, esModuleInterop: true },
    files: {
      'lib.ts': LIBRARY,
      'main.ts': `import fs from 'fs';\nimport fallback, { Square, count, later } from './lib';${USE.replace('print(new', 'if (!fs.existsSync) throw 1; print(new')}`,
    },
    entry: 'main.js',
    prints: PRINTED,
    enters: ENTERS,
  },
  'CommonJS, ES5 with downlevelIteration': {
    options: { ...NODE10, target: 'ES5', downlevelIteration: true },
    files: { 'lib.ts': LIBRARY, 'main.ts': `import fallback, { Square, count, later } from './lib';${USE}` },
    entry: 'main.js',
    prints: PRINTED,
    enters: ENTERS,
  },
  'ESNext with scripts': {
    options: { module: 'ESNext', moduleResolution: 'bundler' },
    type: 'module',
    files: {
      'script.ts': 'function notAModule(a: number) { return a; }\n(globalThis as any).fromScript = notAModule(2);',
      'main.ts': `import './script.js';\nconst f = () => (globalThis as any).fromScript;\n/* captureflow:off */ function quiet() {}\nconsole.log(f());`,
    },
    entry: 'main.js',
    prints: '2\n',
    enters: 1,
  },
  'CommonJS with a file that has no import or export': {
    options: { ...NODE10 },
    files: { 'main.ts': 'function lonely(a: number) { return a; }\nconsole.log(lonely(2));' },
    entry: 'main.js',
    prints: '2\n',
    enters: 1,
  },
  'ESNext with moduleDetection force': {
    options: { module: 'ESNext', moduleResolution: 'bundler', moduleDetection: 'force' },
    type: 'module',
    files: { 'main.ts': 'function f(a: number) { return a; }\nconsole.log(f(2));' },
    entry: 'main.js',
    prints: '2\n',
    enters: 1,
  },
  'Preserve with ESM and CommonJS files': {
    options: { module: 'Preserve' },
    type: 'module',
    files: {
      'lib.ts': LIBRARY,
      'common.cts': 'const f = (a: number) => a * 2;\nexport = { f };',
      'main.ts': `import common from './common.cjs';\nimport fallback, { Square, count, later } from './lib.js';${USE}\nconsole.log(common.f(2));`,
    },
    entry: 'main.js',
    prints: 'square 13 [ 0, 1, 2 ] 1\n4\n2\n',
    enters: ENTERS + 1,
  },
  'verbatimModuleSyntax, isolatedModules and rewritten extensions': {
    options: { module: 'NodeNext', verbatimModuleSyntax: true, isolatedModules: true, rewriteRelativeImportExtensions: true },
    type: 'module',
    files: {
      'lib.ts': LIBRARY,
      'types.ts': 'export interface A { a: number }\nexport type B = A;',
      'main.ts': `import type { A } from './types.ts';\nimport fallback, { type Shape, Square, count, later } from './lib.ts';${USE}\nexport type { A, Shape };`,
    },
    entry: 'main.js',
    prints: PRINTED,
    enters: ENTERS,
  },
  'verbatimModuleSyntax in CommonJS': {
    options: { ...NODE10, verbatimModuleSyntax: true },
    files: { 'lib.ts': 'class A { m() { return 1; } }\nexport = A;', 'main.ts': `import A = require('./lib');\nconsole.log(new A().m());` },
    entry: 'main.js',
    prints: '1\n',
    enters: 1,
  },
  'legacy decorators with emitted metadata': {
    options: { ...NODE10, experimentalDecorators: true, emitDecoratorMetadata: true },
    files: { 'main.ts': `${DECORATED}\nexport {};` },
    entry: 'main.js',
    prints:
      '[[["field","design:type","Map"],["find","design:returntype","Promise"],["find","design:paramtypes",["String","Date"]],["find","design:type","Function"],["size","design:paramtypes",[]],["size","design:type","Number"]],[["class","design:paramtypes",["Dep","Number"]]]]\n',
    enters: 26,
  },
  'fields assigned in the constructor (useDefineForClassFields false)': {
    options: { ...NODE10, useDefineForClassFields: false },
    files: {
      'main.ts': `
class Base { kind = 'base'; constructor() { this.init(); } init() {} }
class Derived extends Base { list: number[] = []; other?: string; constructor(public a: number, private b = a * 2) { const c = a; super(); this.list.push(c, this.b); } override init() { this.other = 'set'; } get sum() { return this.list.map((n) => n + this.a); } }
console.log(Object.entries(new Derived(2)), new Derived(1).sum); export {};`,
    },
    entry: 'main.js',
    prints: `[\n  [ 'kind', 'base' ],\n  [ 'other', 'set' ],\n  [ 'a', 2 ],\n  [ 'b', 4 ],\n  [ 'list', [ 2, 4 ] ]\n] [ 2, 3 ]\n`,
    enters: 9,
  },
  'TSX with a factory': {
    options: { ...NODE10, jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'F' },
    files: {
      'main.tsx': `
declare global { namespace JSX { interface IntrinsicElements { [name: string]: any } } }
const F = 'fragment';
const h = (tag: any, props: any, ...children: any[]): any => (typeof tag === 'function' ? tag({ ...props, children }) : [tag, props, ...children]);
const Item = ({ name, children }: any) => <li key={name}>{children}</li>;
function List<T,>(props: { items: T[] }) { return <><ul onClick={() => 1}>{props.items.map((item) => <Item name={item}>{String(item)}</Item>)}</ul></>; }
console.log(JSON.stringify(<List items={[1, 2]} />)); export {};`,
    },
    entry: 'main.js',
    prints: '["fragment",null,["ul",{},[["li",{"key":1},["1"]],["li",{"key":2},["2"]]]]]\n',
    enters: 12,
  },
  'JavaScript sources (allowJs)': {
    options: { ...NODE10, allowJs: true, checkJs: false },
    files: {
      'lib.js': 'exports.twice = function (a) { return a * 2; };\nexports.late = async () => { await null; return 5; };',
      'main.ts': `import { late, twice } from './lib.js';\nconsole.log(twice(2));\nlate().then((v: number) => console.log(v));`,
    },
    entry: 'main.js',
    prints: '4\n5\n',
    enters: 3,
  },
  declarations: {
    options: { module: 'NodeNext', declaration: true, declarationMap: true, stripInternal: true },
    type: 'module',
    files: {
      'lib.ts': `${LIBRARY}\n/** Documented. */\nexport const inferred = (a = 1, { b, c: [d] }: { b?: string; c: number[] } = { c: [] }) => ({ a, b, d, self: () => inferred });\n/** @internal */ export function hidden() {}\nexport abstract class Abstract<T> { abstract m(a: T): void; protected async n(): Promise<T[]> { return []; } declare x: T; static #p = 1; }\nexport function over(a: string): string; export function over(a: number): number; export function over(a: unknown) { return a; }\nexport enum E { A, B = 'b' }\nexport namespace N { export const f = function* () { yield 1; }; }`,
      'main.ts': `import fallback, { Square, count, later } from './lib.js';${USE}`,
    },
    entry: 'main.js',
    prints: PRINTED,
    enters: ENTERS,
  },
};
