import { chmodSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Workbench } from './workbench.ts';

const CART = `export interface Item {
  name: string;
  price: number;
}

export class Cart {
  private items: Item[] = [];

  constructor(public readonly owner: string) {}

  add(item: Item): this {
    if (item.price < 0) {
      throw new RangeError(\`negative price: \${item.price}\`);
    }
    this.items.push(item);
    return this;
  }

  get total(): number {
    return this.items.reduce((sum, item) => sum + item.price, 0);
  }
}

export async function load(name: string): Promise<Cart> {
  await null;
  return new Cart(name).add({ name: 'pen', price: 3 });
}
`;
const MAIN = `import { load } from './cart.js';

async function run(): Promise<void> {
  const cart = await load('ada');
  console.log(cart.owner, cart.total);
  try {
    cart.add({ name: 'broken', price: -1 });
  } catch (error) {
    console.log((error as Error).stack!.split('\\n').slice(0, 3).join('\\n'));
  }
}
void run();
`;
const FUNCTIONS = ['Cart.add', 'Cart.constructor', 'Cart.get total', 'load', 'run'];

let bench: Workbench;
beforeEach(() => {
  bench = new Workbench();
  return () => bench.remove();
});

/** Each emits `src/*.ts` into `dist` as the compiler of that name does. */
const compilers = {
  'tsc of TypeScript 6, ES modules': (place: Workbench) => compileWithTsc(place, 'module', { sourceMap: true }),
  'tsc of TypeScript 6, CommonJS with maps in the code': (place: Workbench) => compileWithTsc(place, 'commonjs', { inlineSourceMap: true }),
  'swc, ES modules': (place: Workbench) => compileWithSwc(place, 'es6', true),
  'swc, CommonJS for ES2015 with maps in the code': (place: Workbench) => compileWithSwc(place, 'commonjs', 'inline'),
} as const;

function compileWithTsc(place: Workbench, type: 'module' | 'commonjs', maps: ts.CompilerOptions): void {
  place.write({ 'package.json': JSON.stringify({ type }), 'src/cart.ts': CART, 'src/main.ts': MAIN });
  const program = ts.createProgram([join(place.folder, 'src/main.ts')], {
    ...maps,
    outDir: join(place.folder, 'dist'),
    rootDir: join(place.folder, 'src'),
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: [],
  });
  program.emit();
}

function compileWithSwc(place: Workbench, type: 'es6' | 'commonjs', sourceMaps: true | 'inline'): void {
  place.write({
    'package.json': JSON.stringify({ type: type === 'es6' ? 'module' : 'commonjs' }),
    'src/cart.ts': CART,
    'src/main.ts': MAIN,
  });
  for (const name of ['cart', 'main']) {
    const { code, map } = transformSync(place.read(`src/${name}.ts`), {
      configFile: false,
      swcrc: false,
      filename: join(place.folder, 'src', `${name}.ts`),
      sourceFileName: `../src/${name}.ts`,
      sourceMaps,
      jsc: { parser: { syntax: 'typescript' }, target: type === 'es6' ? 'es2022' : 'es2015' },
      module: { type },
    });
    place.write({ [`dist/${name}.js`]: sourceMaps === true ? `${code}\n//# sourceMappingURL=${name}.js.map\n` : code });
    if (sourceMaps === true) place.write({ [`dist/${name}.js.map`]: map as string });
  }
}

describe('what a compiler emitted', () => {
  const place = new Workbench();
  beforeAll(() => place.installRuntime());
  afterAll(() => place.remove());

  test.each(Object.keys(compilers) as (keyof typeof compilers)[])(
    '%s: runs as before, is seen, and stacks name the TypeScript',
    async (name) => {
      for (const folder of ['dist', 'traced', '.captureflow']) place.delete(folder);
      compilers[name](place);
      const plain = await place.node(['--enable-source-maps', 'dist/main.js']);
      // Names in stacks come from the map, where it has some.
      expect(plain).toMatch(/RangeError: negative price: -1\n    at (?:Cart\.)?add \(\/src\/cart\.ts:13:13\)/);

      const answer = await place.command('instrument', 'dist', '-o', 'traced');
      expect(answer).toMatchObject({ code: 0, errors: '' });
      expect(answer.out).toMatch(/^(\d+) of \1 functions instrumented\n$/);
      expect(await place.node(['--enable-source-maps', 'traced/main.js'], { CAPTUREFLOW: 'off' })).toBe(plain);
      expect(await place.node(['--enable-source-maps', 'traced/main.js'])).toBe(plain);
      expect(place.seen()).toEqual(expect.arrayContaining(FUNCTIONS));
    },
  );

  test('code stays on its lines', async () => {
    compilers['tsc of TypeScript 6, ES modules'](place);
    await place.command('instrument', 'dist', '-o', 'traced');
    expect(place.read('traced/cart.js').split('\n')).toHaveLength(place.read('dist/cart.js').split('\n').length);
  });

  test('sources work as well: TypeScript stays TypeScript', async () => {
    place.write({ 'src/cart.ts': CART });
    const answer = await place.command('instrument', 'src/cart.ts', '-o', 'traced-src/');
    expect(answer.out).toBe('5 of 5 functions instrumented\n');
    expect(place.read('traced-src/cart.ts')).toContain('export interface Item {\n  name: string;');
  });
});

describe('source maps', () => {
  const EMITTED = 'function f() { return 1; }\n';
  const SOURCE = '\n\nconst f = () => 1;\n';
  const map = { version: 3, file: 'a.js', sources: ['../src/a.ts'], sourcesContent: [SOURCE], names: [], mappings: 'AAEA' };

  test('a map that moves with its file still names its sources, whatever the depth and sourceRoot', async () => {
    bench.write({
      'build/js/a.js': `${EMITTED}//# sourceMappingURL=../maps/a.map\n`,
      'build/maps/a.map': JSON.stringify({
        ...map,
        sourceRoot: '../..',
        sources: ['src/a.ts', 'webpack://app/src/b.ts'],
        sourcesContent: [],
      }),
    });
    await bench.command('instrument', 'build/js', '-o', 'x/y/z', '--level', 'values');
    expect(bench.read('x/y/z/a.js')).toMatch(/\n\/\/# sourceMappingURL=a\.js\.map\n$/);
    const moved = JSON.parse(bench.read('x/y/z/a.js.map')) as typeof map;
    expect(moved.sources[0]).toBe('../../../src/a.ts');
    expect(moved).not.toHaveProperty('sourceRoot', '../..');
    expect(moved.file).toBe('a.js');
    expect(
      originalPositionFor(new TraceMap(bench.read('x/y/z/a.js.map')), { line: 1, column: bench.read('x/y/z/a.js').indexOf('function f') }),
    ).toMatchObject({
      source: '../../../src/a.ts',
      line: 3,
      column: 0,
    });
  });

  test('a file in which nothing was to instrument keeps a map that is right where it is now', async () => {
    bench.write({
      'dist/a.js': 'exports.a = 1;\n//# sourceMappingURL=a.js.map\n',
      'dist/a.js.map': JSON.stringify(map),
    });
    await bench.command('instrument', 'dist', '-o', 'one/two');
    expect((JSON.parse(bench.read('one/two/a.js.map')) as typeof map).sources).toEqual(['../../src/a.ts']);
  });

  test('a map in the code stays in the code, with the content of the sources', async () => {
    const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    bench.write({ 'dist/a.js': `${EMITTED}//# sourceMappingURL=${url}\n` });
    await bench.command('instrument', 'dist', '--in-place');
    const [, written = ''] = /sourceMappingURL=data:[^,]*,(.*)\n$/.exec(bench.read('dist/a.js')) ?? [];
    const inside = JSON.parse(Buffer.from(written, 'base64').toString()) as typeof map;
    expect(inside).toMatchObject({ sources: ['../src/a.ts'], sourcesContent: [SOURCE] });
    expect(bench.exists('dist/a.js.map')).toBe(false);
  });

  test('a file without a map gets one only when it is asked for', async () => {
    bench.write({ 'dist/a.js': EMITTED });
    await bench.command('instrument', 'dist', '-o', 'out');
    expect(bench.exists('out/a.js.map')).toBe(false);
    expect(bench.read('out/a.js')).not.toContain('sourceMappingURL');
    await bench.command('instrument', 'dist', '-o', 'out', '--source-map');
    expect((JSON.parse(bench.read('out/a.js.map')) as typeof map).sources).toEqual(['../dist/a.js']);
    expect(bench.read('out/a.js')).toContain('//# sourceMappingURL=a.js.map\n');
  });

  test('a map that cannot be read is a warning, and the file is done', async () => {
    bench.write({ 'dist/a.js': `${EMITTED}//# sourceMappingURL=gone.map\n` });
    const answer = await bench.command('instrument', 'dist', '-o', 'out');
    expect(answer.code).toBe(0);
    expect(answer.errors).toBe(
      'captureflow: warning: dist/a.js: its source map gone.map cannot be read, so stack traces lead to this file only\n',
    );
    expect(answer.out).toBe('1 of 1 functions instrumented\n');
  });

  test('text that only looks like a map comment is no map comment', async () => {
    const code = 'const text = "//# sourceMappingURL=gone.map";\nfunction f() { return `\n//# sourceMappingURL=gone.map\n`; }\n';
    bench.write({ 'dist/a.js': code });
    expect(await bench.command('instrument', 'dist', '-o', 'out')).toMatchObject({ code: 0, errors: '' });
  });
});

describe('where it is written', () => {
  test('--privacy-manifest says which names each function records', async () => {
    bench.write({ 'dist/a.js': 'exports.f = (user, password) => user;\n' });
    expect(await bench.command('instrument', 'dist', '-o', 'traced', '--privacy-manifest', 'privacy.json')).toMatchObject({ code: 0 });
    // Here the process does not end.
    await vi.waitFor(() => expect(bench.exists('privacy.json')).toBe(true), { timeout: 30_000 });
    expect(JSON.parse(bench.read('privacy.json'))).toEqual({
      version: 1,
      modules: {
        'dist/a.js': { 'exports.f': { level: 'locals', parameters: ['user'], hidden: { password: 'by its name' }, result: true } },
      },
    });
  });

  test('folders keep their structure; what is not code is copied; node_modules and declarations are not instrumented', async () => {
    bench.write({
      'dist/a.js': 'exports.f = () => 1;\n',
      'dist/deep/b.mjs': 'export const g = () => 2;\n',
      'dist/deep/data.json': '{}',
      'dist/.hidden': 'x',
      'dist/b.d.ts': 'export declare function g(): number;\n',
      'dist/node_modules/dep/index.js': 'module.exports = () => 3;\n',
    });
    bench.write({
      'node_modules/@captureflow/runtime/package.json': '{"exports":{"./probe-1":"./p.js"}}',
      'node_modules/@captureflow/runtime/p.js': '',
    });
    const answer = await bench.command('instrument', 'dist', '-o', 'out');
    expect(answer).toMatchObject({ code: 0, out: '2 of 2 functions instrumented\n' });
    expect(bench.read('out/deep/b.mjs')).toContain('@captureflow/runtime');
    for (const name of ['deep/data.json', '.hidden', 'b.d.ts']) expect(bench.read(`out/${name}`)).toBe(bench.read(`dist/${name}`));
    expect(bench.exists('out/node_modules')).toBe(false);
  });

  test('a path that leads into node_modules is meant', async () => {
    bench.write({ 'node_modules/dep/index.js': 'module.exports = () => 3;\n' });
    expect((await bench.command('instrument', 'node_modules/dep', '-o', 'out')).out).toBe('1 of 1 functions instrumented\n');
  });

  test('several paths keep what they do not have in common', async () => {
    bench.write({ 'lib/a.js': 'exports.f = () => 1;\n', 'lib/sub/b.js': 'exports.f = () => 1;\n', 'lib/c/d.js': 'exports.f = () => 1;\n' });
    await bench.command('instrument', 'lib/a.js', 'lib/c', '-o', 'out');
    expect([bench.exists('out/a.js'), bench.exists('out/c/d.js'), bench.exists('out/sub')]).toEqual([true, true, false]);
  });

  test('one file can be named', async () => {
    bench.write({ 'a.js': 'exports.f = () => 1;\n' });
    await bench.command('instrument', 'a.js', '-o', 'out/b.js');
    expect(bench.read('out/b.js')).toContain('@captureflow/runtime');
  });

  test('the output of an earlier run is no input', async () => {
    bench.write({ 'a.js': 'exports.f = () => 1;\n' });
    await bench.command('instrument', '.', '-o', 'out');
    await bench.command('instrument', '.', '-o', 'out');
    expect(bench.exists('out/out')).toBe(false);
  });

  test('no input is overwritten without --in-place, not even through a link', async () => {
    bench.write({ 'dist/a.js': 'exports.f = () => 1;\n' });
    symlinkSync(join(bench.folder, 'dist'), join(bench.folder, 'link'));
    for (const out of ['dist', 'link']) {
      expect(await bench.command('instrument', 'dist', '-o', out)).toMatchObject({
        code: 2,
        errors: `captureflow: ${out}/a.js is an input; name another folder with -o, or say --in-place\n`,
      });
    }
    expect(bench.read('dist/a.js')).toBe('exports.f = () => 1;\n');
  });

  test('--in-place overwrites code, and does nothing the second time', async () => {
    bench.write({ 'dist/a.js': 'exports.f = () => 1;\n', 'dist/data.txt': 'x' });
    await bench.command('instrument', 'dist', '--in-place');
    const once = bench.read('dist/a.js');
    expect(once).toContain('@captureflow/runtime');
    const again = await bench.command('instrument', 'dist', '--in-place', '--verbose');
    expect(again.out).toBe(
      'skipped dist/a.js ALREADY_INSTRUMENTED: it was instrumented before\n0 of 0 functions instrumented\n1 file: 1 unchanged\n',
    );
    expect(bench.read('dist/a.js')).toBe(once);
  });

  test('a command stays executable and keeps its first line', async () => {
    bench.write({ 'dist/cli.js': '#!/usr/bin/env node\nfunction f() {}\nf();\n' });
    chmodSync(join(bench.folder, 'dist/cli.js'), 0o755);
    await bench.command('instrument', 'dist', '-o', 'out');
    expect(bench.read('out/cli.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(join(bench.folder, 'out/cli.js')).mode & 0o111).toBe(0o111);
  });
});

describe('module kinds', () => {
  test.each([
    ['.mjs', 'a.mjs', 'var x = () => 1;\n', {}, 'import'],
    ['.cjs below "type": "module"', 'a.cjs', 'var x = () => 1;\n', { type: 'module' }, 'require'],
    ['.js below "type": "module"', 'a.js', 'var x = () => 1;\n', { type: 'module' }, 'import'],
    ['.js with import or export', 'a.js', 'export var x = () => 1;\n', {}, 'import'],
    [
      '.js with import or export, as bundlers read it below "type": "commonjs"',
      'a.js',
      'export var x = () => 1;\n',
      { type: 'commonjs' },
      'import',
    ],
    ['.js without, as in Node', 'a.js', 'var x = () => 1;\n', {}, 'require'],
  ])('%s', async (_title, name, code, manifest, access) => {
    bench.write({
      'node_modules/@captureflow/runtime/package.json': '{"exports":{"./probe-1":"./p.js"}}',
      'node_modules/@captureflow/runtime/p.js': '',
    });
    bench.write({ 'package.json': JSON.stringify(manifest), [name]: code });
    await bench.command('instrument', name, '-o', 'out/');
    expect(/\b(?:import(?= \*)|require(?=\())/.exec(bench.read(`out/${name}`))?.[0]).toBe(access);
  });
});

describe('what it says', () => {
  test('--verbose names every function that was left out, and why', async () => {
    bench.write({
      'dist/a.js': 'exports.f = () => 1;\n/* captureflow:off */\nfunction g() {}\njest.mock("x", () => 1);\n',
      'dist/b.js': 'exports.h = () => 1;\n',
    });
    const answer = await bench.command('instrument', 'dist', '-o', 'out', '--verbose', '--exclude', '**/b.js');
    expect(answer.out).toBe(
      [
        'skipped dist/a.js:3:1 g OFF_BY_COMMENT: a captureflow:off comment says so',
        'skipped dist/a.js:4:16 <anonymous> MOCK_FACTORY: the test runner moves it above the imports',
        'skipped dist/b.js EXCLUDED: the options include and exclude leave it out',
        '1 of 3 functions instrumented',
        '2 files: 1 instrumented, 1 unchanged',
        '',
      ].join('\n'),
    );
    expect(bench.read('out/b.js')).toBe('exports.h = () => 1;\n');
  });

  test('--json is the same as data', async () => {
    bench.write({ 'dist/a.js': 'exports.f = () => 1;\n', 'dist/x.txt': '' });
    const { out } = await bench.command('instrument', 'dist', '-o', 'out', '--json');
    expect(JSON.parse(out)).toEqual({
      v: 1,
      functions: { instrumented: 1, total: 1 },
      failed: 0,
      files: [
        { input: 'dist/a.js', output: 'out/a.js', status: 'instrumented', instrumented: 1, skipped: [], warnings: [] },
        { input: 'dist/x.txt', output: 'out/x.txt', status: 'copied', instrumented: 0, skipped: [], warnings: [] },
      ],
    });
  });

  test('a file that does not parse is reported with its place, and the others are done', async () => {
    bench.write({ 'dist/a.js': 'const a = 1;\nfunction f( {\n', 'dist/b.js': 'exports.f = () => 1;\n' });
    const answer = await bench.command('instrument', 'dist', '-o', 'out');
    expect(answer.code).toBe(1);
    expect(answer.errors).toMatch(/^captureflow: dist\/a\.js:\d+:\d+ [^\n]+\n$/);
    expect(answer.out).toBe('1 of 1 functions instrumented\n');
    expect([bench.exists('out/a.js'), bench.exists('out/b.js')]).toEqual([false, true]);
  });

  test.each([
    [['instrument', 'dist'], 2, /say where to write: -o <folder>, or --in-place/],
    [['instrument'], 2, /missing required argument 'paths'/],
    [['instrument', 'dist', '-o', 'out', '--in-place'], 2, /cannot be used with/],
    [['instrument', 'dist', '-o', 'out', '--levl', 'x'], 2, /unknown option '--levl'[^]*--level/],
    [
      ['instrument', 'dist', '-o', 'out', '--level', 'all'],
      2,
      /'--level <level>' argument 'all' is invalid\. Allowed choices are off, calls/,
    ],
    [['instrument', 'gone', '-o', 'out'], 1, /gone does not exist/],
    [['instrument', 'dist', '-o', 'dist/a.js/b'], 1, /ENOTDIR|EEXIST/],
    [['instrument', 'dist', '-o', 'file.js'], 2, /-o file\.js is a file; several files need a folder/],
    [['nonsense'], 2, /unknown command 'nonsense'/],
  ])('%j ends with %i', async (args, code, text) => {
    bench.write({ 'dist/a.js': 'exports.f = () => 1;\n', 'file.js': '' });
    const answer = await bench.command(...args);
    expect(answer.code).toBe(code);
    expect(answer.errors).toMatch(text);
    expect(answer.errors).not.toContain('    at ');
  });

  test('an ES module without an installed runtime is refused in one sentence, before anything is half done', async () => {
    bench.write({ 'dist/a.mjs': 'export const f = () => 1;\n' });
    const answer = await bench.command('instrument', 'dist', '-o', 'out');
    expect(answer.code).toBe(1);
    expect(answer.errors).toMatch(/^captureflow: RUNTIME_MISSING The runtime "@captureflow\/runtime" cannot be resolved[^\n]*\n$/);
  });

  test('--help and --version are no failures', async () => {
    expect(await bench.command('instrument', '--help')).toMatchObject({ code: 0, errors: '' });
    expect((await bench.command('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
