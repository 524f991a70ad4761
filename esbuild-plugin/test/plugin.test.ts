/** The plugin in real builds: what is instrumented, what stays as esbuild would have it, and what people are told. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { type BuildOptions, type BuildResult, type Plugin, type PluginBuild, build, context } from 'esbuild';
import { afterEach, expect, test } from 'vitest';
import { captureflow, compose, type Options } from '../src/index.ts';
import { createTestProject, type TestProject } from './project.ts';

const MAIN = `import { twice } from './twice';\nconst add = (a: number, b: number): number => a + b;\nconsole.log(add(twice(2), 1));\n`;
const TWICE = 'export function twice(n: number): number {\n  return n * 2;\n}\n';

let project: TestProject;
afterEach(() => project.remove());

const optionsOf = (more: BuildOptions): BuildOptions => ({
  absWorkingDir: project.folder,
  entryPoints: ['src/main.ts'],
  bundle: true,
  outdir: 'out',
  platform: 'node',
  logLevel: 'silent',
  ...more,
});

const buildWith = (options: Options = {}, more: BuildOptions = {}): Promise<BuildResult> =>
  build(optionsOf({ plugins: [captureflow(options)], ...more }));

/** The messages of a build that fails. */
const errorsOf = async (building: Promise<unknown>): Promise<BuildResult['errors']> =>
  building.then(
    () => [],
    (error: BuildResult) => error.errors,
  );

const textOf = async (more: BuildOptions, plugins: Plugin[]): Promise<string> => {
  const result = await build(optionsOf({ write: false, plugins, ...more }));
  return result.outputFiles?.find((file) => file.path.endsWith('.js'))?.text ?? '';
};

test('every function of a TypeScript project is instrumented', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  const result = await buildWith();
  expect(result.warnings).toEqual([]);
  expect(project.run('out/main.js')).toEqual(['5', 'entered 2']);
});

test.each(['esm', 'cjs', 'iife'] as const)('a bundle of format %s runs', async (format) => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  await buildWith({}, { format, outExtension: { '.js': format === 'esm' ? '.mjs' : '.cjs' } });
  expect(project.run(format === 'esm' ? 'out/main.mjs' : 'out/main.cjs')).toEqual(['5', 'entered 2']);
});

test('CommonJS stays CommonJS, and a file that is only statements runs once', async () => {
  project = createTestProject({
    'src/main.ts': `const { twice } = require('./twice.cjs');\nfunction add(a, b) { return a + b; }\nmodule.exports = { add };\nconsole.log(add(twice(2), 1), typeof module.exports.add);\n`,
    'src/twice.cjs': 'exports.twice = (n) => n * 2;\nexports.self = this === exports;\n',
  });
  await buildWith();
  expect(project.run('out/main.js')).toEqual(['5 function', 'entered 2']);
});

test('functions inside sloppy functions keep their names', async () => {
  project = createTestProject({
    'src/main.ts': `require('./a.js');\n`,
    'src/a.js':
      'function outer() { return [inner(), typeof later]; function inner() { return inner.name; }\nfunction later() {} }\nconsole.log(outer().join());\n',
  });
  await buildWith();
  expect(project.run('out/main.js')).toEqual(['inner,function', 'entered 2']);
});

test('a package of type module makes a file without import an ES module', async () => {
  project = createTestProject({
    'package.json': '{ "type": "module" }',
    'src/main.js': '(function f() { console.log(this === undefined); })();\n',
  });
  await buildWith({}, { entryPoints: ['src/main.js'], bundle: false, format: 'esm' });
  expect(project.run('out/main.js')).toEqual(['true', 'entered 1']);
});

test('every ending is read in its language, and JSX in .js where the build says so', async () => {
  project = createTestProject({
    'src/main.ts': `import './a.tsx'; import './b.mts'; import './c.cts'; import './d.mjs'; import './e.jsx'; import './f.js'; import './g.odd';\n`,
    'src/a.tsx': 'const h = (...v: unknown[]) => v.length; const f = <T,>(n: T) => <a>{n}</a>; console.log(f(1));\n',
    'src/b.mts': 'const f = (n: number) => n as number; console.log(f(2));\n',
    'src/c.cts': 'const f = (n: number) => n as number; console.log(f(3));\n',
    'src/d.mjs': 'const f = (n) => n; console.log(f(4));\n',
    'src/e.jsx': 'const h = () => 5; const f = () => <a/>; console.log(f());\n',
    'src/f.js': 'const h = () => 6; const f = () => <a/>; console.log(f());\n',
    'src/g.odd': 'const f = (n: number) => n; console.log(f(7));\n',
  });
  const result = await buildWith({}, { loader: { '.js': 'jsx', '.odd': 'ts' }, jsxFactory: 'h' });
  expect(result.warnings).toEqual([]);
  expect(project.run('out/main.js')).toEqual(['3', '2', '3', '4', '5', '6', '7', 'entered 10']);
});

test('what the build loads as text stays text', async () => {
  project = createTestProject({
    'src/main.ts': `import a from './a.js'; import b from './b.tpl.js'; console.log(a, b);\n`,
    'src/a.js': 'export default (() => 1)();\n',
    'src/b.tpl.js': 'x => x',
  });
  await buildWith({}, { loader: { '.tpl.js': 'text' } });
  expect(project.run('out/main.js')).toEqual(['1 x => x', 'entered 1']);
});

test('settings of tsconfig.json still apply', async () => {
  project = createTestProject({
    'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true, "useDefineForClassFields": false } }',
    'src/main.ts':
      'const d = (t: object, k?: string) => { console.log(typeof t, k); };\nclass A { @d m() { return 1; } f = () => 2; }\nconsole.log(new A().m());\n',
  });
  await buildWith();
  expect(project.run('out/main.js')).toEqual(['object m', '1', 'entered 2']);
});

test('syntax errors are those that esbuild reports without the plugin', async () => {
  project = createTestProject({ 'src/main.ts': 'const f = () => {\n  return 1 +;\n};\n' });
  const plain = await errorsOf(build(optionsOf({})));
  expect(plain).toHaveLength(1);
  expect(await errorsOf(buildWith())).toEqual(plain);
});

test('so are errors that our parser lets pass', async () => {
  project = createTestProject({ 'src/main.ts': 'const f = () => { let a = 1; let a = 2; return a; };\nexport { f };\n' });
  const plain = await errorsOf(build(optionsOf({})));
  expect(plain).toHaveLength(1);
  expect(await errorsOf(buildWith())).toEqual(plain);
});

test('a file that is missing is missed as without the plugin', async () => {
  project = createTestProject({ 'src/main.ts': `import './nowhere';\nexport const f = () => 1;\n` });
  const plain = await errorsOf(build(optionsOf({})));
  const [error] = await errorsOf(buildWith());
  expect(plain).toHaveLength(1);
  expect(error?.text).toBe(plain[0]?.text);
  expect(error?.location?.line).toBe(1);
});

test('maps lead to the sources that they lead to without the plugin, line by line', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  for (const more of [{ sourcemap: true }, { sourcemap: 'inline' }, { sourcemap: 'linked', sourcesContent: false }] as const) {
    const mapsOf = async (plugins: Plugin[]) => {
      const { outputFiles = [] } = await build(optionsOf({ write: false, plugins, ...more }));
      const code = outputFiles.find((file) => file.path.endsWith('.js'))?.text ?? '';
      const separate = outputFiles.find((file) => file.path.endsWith('.map'))?.text;
      const map = JSON.parse(separate ?? Buffer.from(code.split('base64,')[1] ?? '', 'base64').toString()) as {
        sources: string[];
        sourcesContent?: unknown;
      };
      return { code, map };
    };
    const plain = await mapsOf([]);
    const ours = await mapsOf([captureflow()]);
    const own = ours.map.sources.filter((source) => !source.includes('node_modules'));
    expect(own.toSorted()).toEqual(plain.map.sources.toSorted());
    if ('sourcesContent' in more) expect(ours.map.sourcesContent).toBeUndefined();
    const lines = ours.code.split('\n');
    const line = lines.findIndex((text) => text.includes('n * 2'));
    const place = originalPositionFor(new TraceMap(ours.map as never), { line: line + 1, column: lines[line]?.indexOf('n * 2') ?? -1 });
    expect(place).toMatchObject({ source: expect.stringContaining('src/twice.ts') as string, line: 2, column: 9 });
  }
});

test('without maps the output has none', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  expect(await textOf({}, [captureflow()])).not.toContain('sourceMappingURL');
});

test('JavaScript that a compiler emitted leads back to its source', async () => {
  const map = {
    version: 3,
    sources: ['../lib/a.ts'],
    sourcesContent: ['// one\nexport const f = () => 1;\n'],
    names: [],
    mappings: 'AACA',
  };
  project = createTestProject({
    'src/main.ts': `import './a.js';\n`,
    'src/a.js': 'export const f = () => 1;\n//# sourceMappingURL=a.js.map\n',
    'src/a.js.map': JSON.stringify(map),
  });
  const sources = async (plugins: Plugin[]): Promise<string[]> => {
    const { outputFiles = [] } = await build(optionsOf({ write: false, sourcemap: true, plugins }));
    return (JSON.parse(outputFiles.find((file) => file.path.endsWith('.map'))?.text ?? '') as { sources: string[] }).sources;
  };
  expect((await sources([captureflow()])).filter((source) => !source.includes('node_modules'))).toEqual(await sources([]));
});

test('pragmas of JSX and legal comments still count', async () => {
  const code = '/*! legal */\n/** @jsx make */\nconst make = () => 1;\nexport const f = () => <a/>;\nconsole.log(f());\n';
  project = createTestProject({ 'src/main.ts': `import './a.jsx';\n`, 'src/a.jsx': code });
  expect(await textOf({}, [captureflow()])).toContain('/*! legal */');
  await buildWith();
  expect(project.run('out/main.js')).toEqual(['1', 'entered 2']);
});

test('wrong options fail the build with one sentence', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  const [error, ...more] = await errorsOf(buildWith({ levle: 'values' } as Options));
  expect(more).toEqual([]);
  expect(error).toMatchObject({
    pluginName: 'captureflow',
    text: expect.stringContaining('OPTION_UNKNOWN Unknown option "levle"; did you mean "level"?') as string,
  });
});

test('a runtime that is not installed fails the build, and one file says so', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE, 'src/lib/one.ts': 'export const one = () => 1;\n' }, false);
  project.write('src/main.ts', `import './lib/one';\n${MAIN}`);
  const [error, ...more] = await errorsOf(buildWith());
  expect(error?.text).toContain('RUNTIME_MISSING');
  expect(more).toEqual([]);
});

test.each(['0.17.19', '0.29.0', '1.0.0', undefined])('esbuild %s is refused with the range that works', (version) => {
  project = createTestProject({});
  const old = { esbuild: { version }, initialOptions: {} } as unknown as PluginBuild;
  expect(() => captureflow().setup(old)).toThrow(
    /ESBUILD_UNSUPPORTED esbuild .* is not supported: this version of CaptureFlow works with esbuild 0\.18 to 0\.28/,
  );
});

test('the list of inputs is what it is without the plugin, where it was asked for', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  const quiet: Plugin = { name: 'quiet', setup: () => undefined };
  const inputs = async (plugins: Plugin[], metafile: boolean): Promise<string[] | undefined> => {
    const result = await build(optionsOf({ write: false, metafile, plugins }));
    return result.metafile && Object.keys(result.metafile.inputs).filter((input) => !input.includes('node_modules'));
  };
  expect(await inputs([quiet, captureflow()], true)).toEqual(await inputs([], true));
  expect(await inputs([quiet, captureflow()], false)).toBeUndefined();
});

const shout: Plugin = {
  name: 'shout',
  setup(build) {
    build.onLoad({ filter: /twice\.ts$/ }, () => ({ contents: 'export const twice = (n: number): number => n * 20;', loader: 'ts' }));
  },
};

test('a file that another plugin loads first is named in a warning', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  const { warnings } = await buildWith({}, { plugins: [shout, captureflow()] });
  expect(warnings.map(({ text }) => text)).toEqual([
    expect.stringMatching(/not instrumented, because another plugin loaded it first: src\/twice\.ts\. .*compose/),
  ]);
  expect(project.run('out/main.js')).toEqual(['41', 'entered 1']);
});

test('what a composed plugin loads is instrumented', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  const { warnings } = await buildWith({}, { plugins: compose([shout]), sourcemap: true });
  expect(warnings).toEqual([]);
  expect(project.run('out/main.js')).toEqual(['41', 'entered 2']);
});

test('a composed plugin that fails, or answers nothing, is heard as before', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  const failing: Plugin = {
    name: 'failing',
    setup: (build) => void build.onLoad({ filter: /twice/ }, () => ({ errors: [{ text: 'no' }] })),
  };
  const silent: Plugin = { name: 'silent', setup: (build) => void build.onLoad({ filter: /./ }, () => undefined) };
  expect(await errorsOf(buildWith({}, { plugins: compose([failing]) }))).toMatchObject([{ text: 'no', pluginName: 'failing' }]);
  await buildWith({}, { plugins: compose([silent]) });
  expect(project.run('out/main.js')).toEqual(['5', 'entered 2']);
});

test('a watching build instruments what changed', async () => {
  project = createTestProject({ 'src/main.ts': MAIN, 'src/twice.ts': TWICE });
  let builds = 0;
  let notify = (): void => undefined;
  const count: Plugin = {
    name: 'count',
    setup: (build) =>
      void build.onEnd(() => {
        builds++;
        notify();
      }),
  };
  const isBuilt = (n: number): Promise<void> =>
    new Promise((resolve) => {
      notify = () => (builds >= n ? resolve() : undefined);
      notify();
    });
  const watching = await context(optionsOf({ plugins: [captureflow(), count] }));
  try {
    await watching.watch();
    await isBuilt(1);
    expect(project.run('out/main.js')).toEqual(['5', 'entered 2']);
    project.write('src/twice.ts', 'const three = () => 3;\nexport const twice = (n: number) => n * three();\n');
    await isBuilt(2);
    expect(project.run('out/main.js')).toEqual(['7', 'entered 3']);
  } finally {
    await watching.dispose();
  }
});

test('excluded files and packages are left to esbuild', async () => {
  project = createTestProject({
    'src/main.ts': `import { twice } from './twice';\nimport { one } from 'one';\nconst f = () => one();\nconsole.log(twice(f()));\n`,
    'src/twice.ts': TWICE,
    'node_modules/one/package.json': '{ "name": "one", "main": "index.js" }',
    'node_modules/one/index.js': 'exports.one = () => 1;\n',
  });
  await buildWith({ exclude: ['**/node_modules/**', 'src/twice.ts'] });
  expect(project.run('out/main.js')).toEqual(['2', 'entered 1']);
});
