/** Vite, Rollup, Rolldown, webpack, Rspack, thread-loader and ts-loader, each as a user runs it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CALLED, HostWorkspace, PRINTED, type RunResult } from './host-workspace.ts';

let workspace: HostWorkspace;
beforeAll(async () => {
  workspace = await HostWorkspace.create(['runtime', 'esbuild-plugin', 'hosts', 'transformer']);
  workspace.write({
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'bundler',
        rootDir: 'src',
        outDir: 'types',
        lib: ['ES2022'],
        types: [],
        rewriteRelativeImportExtensions: true,
        allowJs: true,
        noCheck: true,
        sourceMap: true,
      },
      include: ['src'],
    }),
    // Rollup reads JavaScript only: what users put there.
    'types-plugin.mjs': `import { transform } from 'esbuild';
export const types = () => ({
  name: 'types',
  transform: (code, id) => (/\\.tsx?$/.test(id) ? transform(code, { loader: 'ts', sourcemap: true, sourcefile: id }) : null),
});
`,
    ...BUILDS,
  });
});
afterAll(() => workspace.remove());
beforeEach(() => workspace.delete('out', '.captureflow'));

const WEBPACK_RULES = `
const ours = { test: /\\.[cm]?[jt]s$/, exclude: /node_modules/, enforce: 'pre', use: [...(threads ? ['thread-loader'] : []), { loader: '@captureflow/hosts/webpack', options }] };
const run = (tool, config) => new Promise((resolve, reject) => tool({
  mode: 'development', devtool: 'source-map', target: 'node', context: import.meta.dirname, entry: process.env.ENTRY ?? './src/main.ts',
  output: { path: import.meta.dirname + '/out', filename: 'main.cjs' },
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  ...config,
}, (error, stats) => (error ? reject(error) : stats.hasErrors() ? reject(new Error(stats.toString({ all: false, errors: true }))) : resolve())));
`;

const CONFIGURATION = `
const plain = process.env.PLAIN === '1';
const threads = process.env.THREADS === '1';
const options = JSON.parse(process.env.OPTIONS ?? '{}');
`;

const BUILDS: Readonly<Record<string, string>> = {
  'rollup.mjs': `import { rollup } from 'rollup';
import captureflow from '@captureflow/hosts/rollup';
import { types } from './types-plugin.mjs';
${CONFIGURATION}
const resolver = { name: 'resolver', resolveId: (id) => (id.startsWith('@') ? { id, external: true } : null) };
const bundle = await rollup({ input: 'src/main.ts', plugins: [types(), resolver, ...(plain ? [] : [captureflow(options)])] });
await bundle.write({ file: 'out/main.mjs', format: 'es', sourcemap: true });
`,
  'rolldown.mjs': `import { build } from 'rolldown';
import captureflow from '@captureflow/hosts/rolldown';
${CONFIGURATION}
await build({ input: 'src/main.ts', platform: 'node', plugins: plain ? [] : [captureflow(options)], output: { file: 'out/main.mjs', format: 'es', sourcemap: true } });
`,
  'vite-ssr.mjs': `import { build } from 'vite';
import captureflow from '@captureflow/hosts/vite';
${CONFIGURATION}
await build({ configFile: false, logLevel: 'error', plugins: plain ? [] : [captureflow(options)], build: { ssr: 'src/main.ts', outDir: 'out', sourcemap: true, rolldownOptions: { output: { entryFileNames: 'main.mjs' } } } });
`,
  'vite-browser.mjs': `import { build } from 'vite';
import captureflow from '@captureflow/hosts/vite';
${CONFIGURATION}
// The program runs in Node here, and traces are files: the runtime's build for browsers writes none (chromium.test.ts has that one).
await build({ configFile: false, logLevel: 'error', plugins: plain ? [] : [captureflow(options)], resolve: { conditions: ['node'] }, build: { outDir: 'out', modulePreload: false, sourcemap: true, minify: false, rolldownOptions: { input: 'src/main.ts', output: { entryFileNames: 'main.mjs' } } } });
`,
  'webpack-ts-loader.mjs': `import webpack from 'webpack';
${CONFIGURATION}${WEBPACK_RULES}
await run(webpack, { module: { rules: [...(plain ? [] : [ours]), { test: /\\.ts$/, loader: 'ts-loader', options: { transpileOnly: true } }] } });
`,
  'webpack-behind.mjs': `import webpack from 'webpack';
${CONFIGURATION}${WEBPACK_RULES}
const enforce = process.env.ENFORCE ?? 'post';
await run(webpack, { module: { rules: [...(plain ? [] : [{ ...ours, enforce }]), { test: /\\.[jt]s$/, exclude: /node_modules/, loader: 'ts-loader' }] } });
`,
  'webpack-transformer.mjs': `import webpack from 'webpack';
import ts from 'typescript';
import transformer from '@captureflow/transformer';
${CONFIGURATION}${WEBPACK_RULES}
const getCustomTransformers = (program) => ({ before: [transformer.default(program, options, { ts })] });
await run(webpack, { module: { rules: [{ test: /\\.[jt]s$/, exclude: /node_modules/, loader: 'ts-loader', options: plain ? {} : { getCustomTransformers } }] } });
`,
  'rspack.mjs': `import { rspack } from '@rspack/core';
${CONFIGURATION}${WEBPACK_RULES}
await run(rspack, { module: { rules: [...(plain ? [] : [ours]), { test: /\\.ts$/, loader: 'builtin:swc-loader', options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } } }] } });
`,
};

const LANES = [
  { tool: 'Rollup', script: 'rollup.mjs', output: 'out/main.mjs' },
  { tool: 'Rolldown', script: 'rolldown.mjs', output: 'out/main.mjs' },
  { tool: 'Vite (build for servers)', script: 'vite-ssr.mjs', output: 'out/main.mjs' },
  { tool: 'Vite (build for browsers)', script: 'vite-browser.mjs', output: 'out/main.mjs' },
  { tool: 'webpack with ts-loader', script: 'webpack-ts-loader.mjs', output: 'out/main.cjs' },
  { tool: 'webpack with thread-loader', script: 'webpack-ts-loader.mjs', output: 'out/main.cjs', env: { THREADS: '1' } },
  { tool: 'webpack behind ts-loader, which checks types', script: 'webpack-behind.mjs', output: 'out/main.cjs' },
  { tool: "ts-loader's getCustomTransformers", script: 'webpack-transformer.mjs', output: 'out/main.cjs' },
  { tool: 'Rspack', script: 'rspack.mjs', output: 'out/main.cjs' },
];

describe.each(LANES)('$tool', ({ script, output, env = {} }) => {
  const build = (more: Readonly<Record<string, string>> = {}): Promise<RunResult> => workspace.node([script], { env: { ...env, ...more } });

  test('builds a program that prints the same, leads errors back to the source and leaves a trace of all its functions', async () => {
    expect(await build({ PLAIN: '1' })).toMatchObject({ code: 0 });
    expect(await workspace.node(['--enable-source-maps', output])).toEqual({ code: 0, stdout: PRINTED, stderr: '' });
    expect(workspace.takeSeen()).toEqual([]);
    workspace.delete('out');
    expect(await build()).toMatchObject({ code: 0, stderr: '' });
    expect(await workspace.node(['--enable-source-maps', output])).toEqual({ code: 0, stdout: PRINTED, stderr: '' });
    expect(workspace.takeSeen()).toEqual(CALLED);
  });

  test('a wrong option fails the build at once', async () => {
    const result = await build({ OPTIONS: '{ "levle": "values" }' });
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).toContain('OPTION_UNKNOWN Unknown option "levle"; did you mean "level"?');
  });
});

describe.each(LANES.filter(({ tool }) => !/thread|getCustom|behind/.test(tool)))('$tool', ({ script }) => {
  test('reports a syntax error where it does without us', async () => {
    const source = workspace.read('src/tax.js');
    workspace.write({ 'src/tax.js': `${source}export const broken = ;\n` });
    const [plain, ours] = [await workspace.node([script], { env: { PLAIN: '1' } }), await workspace.node([script])];
    workspace.write({ 'src/tax.js': source });
    const place = ({ stdout, stderr }: RunResult): string | undefined => /tax\.js[^\n]*|\(?6:\d+\)?/.exec(stdout + stderr)?.[0];
    expect(plain.code).not.toBe(0);
    expect(ours.code).not.toBe(0);
    expect(place(ours)).toBe(place(plain));
    expect(ours.stderr).not.toContain('[captureflow]');
  });
});

test.each(['webpack-ts-loader.mjs', 'rspack.mjs'])('%s says once that the runtime is missing', async (script) => {
  workspace.write({ 'src/all.ts': "export * from './cart.ts';\nexport * from './later.ts';\nexport * from './tax.js';\n" });
  const env = { OPTIONS: '{ "runtime": "no-such-runtime" }', ENTRY: './src/all.ts' };
  const { code, stdout, stderr } = await workspace.node([script], { env });
  workspace.delete('src/all.ts');
  expect(code).not.toBe(0);
  expect((stdout + stderr).match(/RUNTIME_MISSING/g)).toHaveLength(1);
});

test('ts-loader that would check the types of instrumented code is refused, with what to write', async () => {
  const { code, stdout, stderr } = await workspace.node(['webpack-behind.mjs'], { env: { ENFORCE: 'pre' } });
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(
    `HOST_CHECKS_TYPES ts-loader would check the types of instrumented code, which are not those of the program: write "enforce: 'post'"`,
  );
});

test('files that are instrumented already, and minified bundles over 1 MB, stay as they are and are reported', async () => {
  const line = `export const minified = () => 1;${' '.repeat(1_100_000)}`;
  workspace.write({
    'src/minified.js': line,
    'src/done.js': "import * as R from '@captureflow/runtime/probe-1';\nexport function done() {\n  return R.gates;\n}\n",
    'src/entry.js': "import { done } from './done.js';\nimport { minified } from './minified.js';\nconsole.log(minified(), typeof done);\n",
    'skips.mjs': `import { build } from 'rolldown';
import captureflow from '@captureflow/hosts/rolldown';
await build({ input: 'src/entry.js', platform: 'node', plugins: [captureflow()], output: { file: 'out/entry.mjs', format: 'es' } });
`,
  });
  const { code, stderr } = await workspace.node(['skips.mjs'], { env: { CAPTUREFLOW_REPORT: 'skips' } });
  workspace.delete('src/minified.js', 'src/done.js', 'src/entry.js');
  expect(code).toBe(0);
  expect(stderr).toContain('skipped src/minified.js (file) MINIFIED');
  expect(stderr).toContain('skipped src/done.js (file) ALREADY_INSTRUMENTED');
});

describe('Vite dev server', () => {
  test('serves instrumented TypeScript with a map, and leaves ?raw, ?url and worker wrappers alone', async () => {
    workspace.write({
      'src/job.ts': 'export function job(n: number): number {\n  return n;\n}\n',
      'dev.mjs': `import { createServer } from 'vite';
import captureflow from '@captureflow/hosts/vite';
const server = await createServer({ configFile: false, logLevel: 'error', server: { middlewareMode: true, ws: false, watch: null }, appType: 'custom', plugins: [captureflow()] });
const seen = {};
for (const id of ['/src/job.ts', '/src/job.ts?raw', '/src/job.ts?url', '/src/job.ts?worker', '/src/job.ts?worker_file&type=module']) {
  const { code, map } = await server.transformRequest(id);
  seen[id] = { instrumented: /enter1/.test(code), mapped: Boolean(map?.mappings), sources: map?.sources };
}
console.log(JSON.stringify(seen));
const module = await server.ssrLoadModule('/src/job.ts');
console.log(module.job(5));
await server.close();
`,
    });
    const { code, stdout, stderr } = await workspace.node(['dev.mjs']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first, second] = stdout.split('\n');
    expect(JSON.parse(first as string)).toMatchObject({
      '/src/job.ts': { instrumented: true, mapped: true, sources: ['job.ts'] },
      '/src/job.ts?raw': { instrumented: false },
      '/src/job.ts?url': { instrumented: false },
      '/src/job.ts?worker': { instrumented: false },
      '/src/job.ts?worker_file&type=module': { instrumented: true },
    });
    expect(second).toBe('5');
    expect(workspace.takeSeen()).toEqual(['job']);
  });
});
