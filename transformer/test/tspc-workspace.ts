/**
 * A folder outside the workspace in which the real `tspc` builds projects with the transformer from source (bundled as its package
 * is). `runtime: true` puts a tiny stand-in for the runtime there, which counts what the probes report. Not a test.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const require = createRequire(import.meta.url);
const TSPC = join(dirname(require.resolve('ts-patch/package.json')), 'bin/tspc.js');

export interface Result {
  readonly code: number | null;
  /** stdout and stderr. */
  readonly output: string;
  readonly stdout: string;
}

export interface Workspace {
  readonly folder: string;
  /** Path to content; objects are written as JSON. */
  write(files: Readonly<Record<string, string | object>>): void;
  read(path: string): string;
  tspc(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Result>;
  /** Runs a program with `--enable-source-maps`. */
  node(path: string, env?: NodeJS.ProcessEnv): Promise<Result>;
  /** A process that goes on; `until` resolves with everything printed so far once it matches. */
  watch(args: readonly string[]): { until(pattern: RegExp): Promise<string>; stop(): Promise<void> };
  remove(): void;
}

/** Counts calls by probe and prints them on stderr at the end; every value goes through unchanged. */
const RUNTIME = `
const counts = {};
const count = (name, result) => (...args) => { counts[name] = (counts[name] ?? 0) + 1; return result(...args); };
let tokens = 0;
exports.gates = (size) => new Int32Array(size);
exports.register = count('register', () => 0);
for (let n = 0; n <= 8; n++) {
  exports['enter' + n] = count('enter', () => ++tokens);
  exports['values' + n] = count('values', () => {});
}
for (const name of ['exit', 'hold', 'end']) exports[name] = count(name, () => {});
for (const name of ['thrown', 'caught', 'suspend', 'suspendYield', 'delegate', 'suspendLoop', 'resume']) exports[name] = count(name, (s, value) => value);
if (process.env.COUNT_PROBES) process.on('exit', () => process.stderr.write('\\nprobes ' + JSON.stringify(counts) + '\\n'));
`;

export async function createWorkspace({ runtime = true } = {}): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-tspc-'));
  const packages = join(folder, 'node_modules/@captureflow');
  await build({
    input: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    platform: 'node',
    logLevel: 'warn',
    resolve: { conditionNames: ['@captureflow/source', 'import', 'node', 'default'] },
    output: { file: join(packages, 'transformer/index.cjs'), format: 'cjs', exports: 'named' },
  });
  const write: Workspace['write'] = (files) => {
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
  };
  write({ 'node_modules/@captureflow/transformer/package.json': { name: '@captureflow/transformer', main: 'index.cjs' } });
  symlinkSync(dirname(require.resolve('typescript/package.json')), join(folder, 'node_modules/typescript'));
  if (runtime) {
    const names = [
      'gates',
      'register',
      'exit',
      'hold',
      'end',
      'thrown',
      'caught',
      'suspend',
      'suspendYield',
      'delegate',
      'suspendLoop',
      'resume',
    ];
    for (let n = 0; n <= 8; n++) names.push(`enter${n}`, `values${n}`);
    write({
      'node_modules/@captureflow/runtime/package.json': {
        name: '@captureflow/runtime',
        exports: { './probe-1': { import: './probe-1.mjs', require: './probe-1.cjs' } },
      },
      'node_modules/@captureflow/runtime/probe-1.cjs': RUNTIME,
      'node_modules/@captureflow/runtime/probe-1.mjs': `import R from './probe-1.cjs';\nexport const { ${names.join(', ')} } = R;`,
    });
  }

  function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = start(args, env);
      let output = '';
      let stdout = '';
      child.stdout.on('data', (text: string) => {
        stdout += text;
        output += text;
      });
      child.stderr.on('data', (text: string) => (output += text));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output, stdout }));
    });
  }

  function start(args: readonly string[], env: NodeJS.ProcessEnv) {
    // vitest's own NODE_OPTIONS and conditions must not reach the programs.
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8');
    return child;
  }

  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    tspc: (args, env = {}) => run([TSPC, ...args], env),
    node: (path, env = {}) => run(['--enable-source-maps', '--no-warnings', join(folder, path)], env),
    watch(args) {
      const child = start([TSPC, ...args], {});
      let output = '';
      const waiting = new Set<() => void>();
      const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text: string) => {
          output += text;
          for (const check of waiting) check();
        });
      }
      return {
        until: (pattern) =>
          new Promise((resolve, reject) => {
            const check = (): void => {
              if (!pattern.test(output)) return;
              waiting.delete(check);
              const seen = output;
              output = '';
              resolve(seen);
            };
            waiting.add(check);
            void closed.then(() => reject(new Error(`the process ended before ${pattern} was printed:\n${output}`)));
            check();
          }),
        stop() {
          child.kill();
          return closed;
        },
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Compiler options of a small project; `plugin` undefined: a plain build. */
export function tsconfig(options: object, plugin: object | undefined, more: object = {}): object {
  const base = {
    target: 'ES2022',
    module: 'NodeNext',
    lib: ['ES2022', 'ESNext.Disposable'],
    types: [],
    rootDir: 'src',
    outDir: 'out',
    noCheck: true,
  };
  const plugins = plugin === undefined ? {} : { plugins: [{ transform: '@captureflow/transformer', ...plugin }] };
  return { compilerOptions: { ...base, ...options, ...plugins }, include: ['src'], ...more };
}
