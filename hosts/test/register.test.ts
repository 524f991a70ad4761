/**
 * `node --import @captureflow/hosts/register` on the Node that runs the tests and on those that CAPTUREFLOW_TEST_NODES names
 * (paths, separated like PATH).
 */
import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';
import type { Trace } from '@captureflow/trace';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLED, HostWorkspace, PRINTED, PROGRAM, type RunOptions, type RunResult } from './host-workspace.ts';

let workspace: HostWorkspace;
beforeAll(async () => {
  workspace = await HostWorkspace.create();
  workspace.write({
    'esm/cart.js': compiled('src/cart.ts'),
    'esm/later.js': compiled('src/later.ts'),
    'esm/main.js': compiled('src/main.ts'),
    'esm/tax.js': PROGRAM['src/tax.js'] as string,
    'cjs/package.json': '{ "type": "commonjs" }',
    'cjs/tax.js': 'exports.withTax = function withTax(net) {\n  return net * 1.5;\n};\n',
    'cjs/main.js': "const { withTax } = require('./tax.js');\nfunction main() {\n  console.log(withTax(2));\n}\nmain();\n",
    'cjs/typed.cts':
      "const { withTax } = require('./tax.js');\nfunction main(net: number): void {\n  console.log(withTax(net));\n}\nmain(3);\n",
    'mixed.mjs': "import tax from './cjs/tax.js';\nexport function main() {\n  return tax.withTax(4);\n}\nconsole.log(main());\n",
    'broken.mjs': 'export const a = ;\n',
    'cjs/broken.js': 'const a = ;\n',
  });
});
afterAll(() => workspace.remove());

/** JavaScript with a map inside, as a compiler leaves it. */
function compiled(name: string): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
    inlineSourceMap: true,
  };
  return ts.transpileModule(PROGRAM[name] as string, { fileName: name, compilerOptions }).outputText;
}

const REGISTER = ['--import', '@captureflow/hosts/register'];

const NODES = [process.execPath, ...(process.env['CAPTUREFLOW_TEST_NODES'] ?? '').split(delimiter).filter((path) => path !== '')].map(
  (path) => ({ path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }),
);

describe.each(NODES)('Node $version', ({ path, version }) => {
  const run = (args: readonly string[], options: RunOptions = {}): Promise<RunResult> => workspace.node(args, { ...options, node: path });

  test('an ES module program prints the same, warns of nothing and leaves a trace of all its functions', async () => {
    const withoutColumn = (result: RunResult): RunResult => ({ ...result, stdout: result.stdout.replace(/:\d+\n$/, '\n') });
    const plain = await run(['esm/main.js']);
    const result = await run([...REGISTER, 'esm/main.js']);
    expect(plain).toMatchObject({ code: 0, stdout: expect.stringMatching(/at cart\.js:\d+:\d+\n$/) });
    // Without maps lines stay and columns move.
    expect(withoutColumn(result)).toEqual(withoutColumn(plain));
    expect(workspace.takeSeen()).toEqual(CALLED);
  });

  test('with --enable-source-maps errors are led back to the source before the compiler', async () => {
    const result = await run(['--enable-source-maps', ...REGISTER, 'esm/main.js']);
    expect(result).toEqual({ code: 0, stdout: PRINTED, stderr: '' });
    workspace.takeSeen();
  });

  test('a CommonJS program is instrumented through every require', async () => {
    expect(await run([...REGISTER, 'cjs/main.js'])).toEqual({ code: 0, stdout: '3\n', stderr: '' });
    expect(workspace.takeSeen()).toEqual(['main', 'withTax']);
  });

  test('a CommonJS module that an ES module imports is instrumented once', async () => {
    expect(await run([...REGISTER, 'mixed.mjs'])).toEqual({ code: 0, stdout: '6\n', stderr: '' });
    expect(workspace.takeSeen()).toEqual(['main', 'withTax']);
  });

  test('captureflow.config.json in the working directory holds the options', async () => {
    workspace.write({ 'captureflow.config.json': '{ "exclude": ["esm/cart.js", "**/node_modules/**"] }' });
    const result = await run([...REGISTER, 'esm/main.js'], { env: { CAPTUREFLOW_REPORT: 'skips' } });
    expect(workspace.takeSeen()).toEqual(['later', 'main', 'place', 'withTax']);
    workspace.delete('captureflow.config.json');
    expect(result).toMatchObject({
      code: 0,
      stderr: '[captureflow] 4 of 4 functions instrumented\n',
    });
  });

  test('options that let node_modules in do not record the recorder', async () => {
    workspace.write({
      'captureflow.config.json': '{ "exclude": [] }',
      'node_modules/dependency/index.js': 'exports.triple = function triple(n) {\n  return n * 3;\n};\n',
      'uses.mjs': "import { triple } from 'dependency';\nconsole.log(triple(2));\n",
    });
    const result = await run([...REGISTER, 'uses.mjs']);
    workspace.delete('captureflow.config.json');
    expect(result).toEqual({ code: 0, stdout: '6\n', stderr: '' });
    expect(workspace.takeSeen()).toEqual(['triple']);
  });

  test.each([
    ['{ "levle": "values" }', 'OPTION_UNKNOWN Unknown option "levle"; did you mean "level"?'],
    ['{ level }', 'CONFIG_INVALID The configuration file /captureflow.config.json is no JSON'],
  ])('a wrong configuration (%s) ends the program before it starts', async (text, message) => {
    workspace.write({ 'captureflow.config.json': text });
    const result = await run([...REGISTER, 'esm/main.js']);
    workspace.delete('captureflow.config.json');
    expect(result.stdout).toBe('');
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(message);
  });

  test('a syntax error is reported as Node reports it', async () => {
    for (const file of ['broken.mjs', 'cjs/broken.js']) {
      const plain = await run([file]);
      const result = await run([...REGISTER, file]);
      expect(plain.stderr).toContain('SyntaxError');
      expect(result.stderr.split('\n').slice(0, 5)).toEqual(plain.stderr.split('\n').slice(0, 5));
    }
  });

  test('a thread of an instrumented program names the script that began it', async () => {
    workspace.write({
      'threads/main.mjs':
        "import { Worker } from 'node:worker_threads';\nfunction begin() {\n  return new Worker(new URL('./thread.mjs', import.meta.url));\n}\nbegin();\n",
      'threads/thread.mjs': 'export function inside() {}\ninside();\n',
    });
    expect(await run([...REGISTER, 'threads/main.mjs'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const traces = workspace.takeTraces();
    const of = (name: string): Trace | undefined => traces.find(({ spans }) => spans[0]?.function.name === name);
    expect(of('inside')?.root.parent).toEqual({ traceId: of('begin')?.traceId, spanId: of('begin')?.root.spanId });
  });

  test('TypeScript runs as it stands from Node 22 on, and before is refused as Node refuses it', async () => {
    if (Number(/\d+/.exec(version)?.[0]) < 22) {
      const plain = await run(['src/main.ts']);
      const refused = await run([...REGISTER, 'src/main.ts']);
      expect(plain.stderr).toContain('ERR_UNKNOWN_FILE_EXTENSION');
      expect(refused.stderr).toContain('ERR_UNKNOWN_FILE_EXTENSION');
      return expect(refused.code).toBe(plain.code);
    }
    expect(await run([...REGISTER, '--no-warnings', 'src/main.ts'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/cart\.ts:14:\d+\n$/),
    });
    expect(workspace.takeSeen()).toEqual(CALLED);
    expect(await run([...REGISTER, '--no-warnings', 'cjs/typed.cts'])).toMatchObject({ code: 0, stdout: '4.5\n' });
    return expect(workspace.takeSeen()).toEqual(['main', 'withTax']);
  });
});
