/**
 * A project outside the repository in which the real tools run: CaptureFlow's packages as users get them (bundled from their sources),
 * everything else linked. Not a test.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTraces, readSegments } from '@captureflow/trace';
import type { Trace } from '@captureflow/trace';
import { build, type BuildOptions } from 'rolldown';

const ROOT = join(import.meta.dirname, '../..');

export interface RunResult {
  readonly code: number;
  /** Without the workspace's path. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Default: the Node that runs the tests. */
  readonly node?: string | undefined;
}

export type PackageName = 'runtime' | 'esbuild-plugin' | 'hosts' | 'transformer' | 'babel-plugin';

/** Everything that the programs below print, whatever built them. */
export const PRINTED = 'total 7\nwith tax 8.4\nasync 14\nError: 7 is too much at cart.ts:14:11\n';

/** Functions of the program that are called, by name. */
export const CALLED: readonly string[] = ['Cart.add', 'Cart.refuse', 'Cart.total', 'later', 'main', 'place', 'withTax'];

/** A program of TypeScript and JavaScript; `main.ts` is its entry. */
export const PROGRAM: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'shop', private: true, type: 'module' }),
  'src/cart.ts': `export interface Item {
  readonly price: number;
}

export class Cart<T extends Item = Item> {
  private readonly items: T[] = [];

  add(item: T): this {
    this.items.push(item);
    return this;
  }

  refuse(): never {
    throw new Error(\`\${this.total()} is too much\` as string);
  }

  total(): number {
    let sum: number = 0;
    for (const item of this.items) sum += item.price;
    return sum;
  }
}
`,
  'src/tax.js': `/** Plain JavaScript. */
export function withTax(net) {
  const rate = 0.2;
  return Number((net * (1 + rate)).toFixed(2));
}
`,
  'src/later.ts': `export async function later<T>(value: T): Promise<T> {
  await Promise.resolve();
  return value;
}
`,
  'src/main.ts': `import { Cart } from './cart.ts';
import { later } from './later.ts';
import { withTax } from './tax.js';

function place(error: unknown): string {
  const frame = (error as Error).stack?.split('\\n')[1] ?? '';
  return frame.replace(/^.*?([\\w-]+\\.\\w+:\\d+:\\d+).*$/, '$1');
}

async function main(): Promise<void> {
  const cart = new Cart().add({ price: 3 }).add({ price: 4 });
  console.log(\`total \${cart.total()}\`);
  console.log(\`with tax \${withTax(cart.total())}\`);
  console.log(\`async \${await later(cart.total() * 2)}\`);
  try {
    cart.refuse();
  } catch (error) {
    console.log(\`\${error} at \${place(error)}\`);
  }
}

void main();
`,
};

export class HostWorkspace {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'captureflow-hosts-')));

  static async create(packages: readonly PackageName[] = ['runtime', 'esbuild-plugin', 'hosts']): Promise<HostWorkspace> {
    const workspace = new HostWorkspace();
    workspace.#link(join(ROOT, 'node_modules'));
    for (const owner of ['esbuild-plugin', 'hosts']) workspace.#link(join(ROOT, owner, 'node_modules'));
    for (const name of packages) await workspace.#install(name);
    workspace.write(PROGRAM);
    return workspace;
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  delete(...names: readonly string[]): void {
    for (const name of names) rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  /** Runs `node <args>` in the project. */
  node(args: readonly string[], { env = {}, node = process.execPath }: RunOptions = {}): Promise<RunResult> {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(
        ([key]) => !/^(?:CAPTUREFLOW|NODE_|OTEL_|VITE|JEST|npm_|FORCE_COLOR|TEST$|MODE$|PROD$|DEV$|SSR$)/.test(key),
      ),
    );
    return new Promise((resolve) => {
      execFile(
        node,
        args,
        { cwd: this.folder, env: { ...inherited, NO_COLOR: '1', ...env }, maxBuffer: 1 << 24 },
        (error, stdout, stderr) => {
          const clean = (text: string): string => text.replaceAll(this.folder, '');
          resolve({
            code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
            stdout: clean(stdout),
            stderr: clean(stderr),
          });
        },
      );
    });
  }

  /** Path of a tool's command, for `node`. */
  command(tool: string, name: string = tool): string {
    const manifest = JSON.parse(this.read(`node_modules/${tool}/package.json`)) as { bin: string | Record<string, string> };
    return join(this.folder, 'node_modules', tool, typeof manifest.bin === 'string' ? manifest.bin : (manifest.bin[name] as string));
  }

  /** Names of the functions in all traces written so far, each once, sorted; the traces are taken away. */
  takeSeen(): string[] {
    return [...new Set(this.takeTraces().flatMap(({ spans }) => spans.map((span) => span.function.name)))].sort();
  }

  /** All traces written so far; they are taken away. */
  takeTraces(): Trace[] {
    const folder = join(this.folder, '.captureflow');
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((entry) => entry.endsWith('.cft'));
    const traces = names.flatMap((name) => buildTraces(readSegments(readFileSync(join(folder, name))).segments));
    rmSync(folder, { recursive: true });
    return traces;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #link(modules: string): void {
    if (!existsSync(modules)) return;
    mkdirSync(join(this.folder, 'node_modules'), { recursive: true });
    for (const name of readdirSync(modules)) {
      if (name.startsWith('.') || name === '@captureflow') continue;
      const target = join(this.folder, 'node_modules', name);
      rmSync(target, { force: true });
      symlinkSync(join(modules, name), target);
    }
  }

  async #install(name: PackageName): Promise<void> {
    const source = join(ROOT, name);
    const target = join(this.folder, 'node_modules/@captureflow', name);
    mkdirSync(target, { recursive: true });
    // Sources do not travel along, so the condition that leads to them must not either.
    writeFileSync(
      join(target, 'package.json'),
      readFileSync(join(source, 'package.json'), 'utf8').replaceAll('"@captureflow/source"', '"@captureflow/none"'),
    );
    for (const config of await buildsOf(name, source)) {
      const { dir, file, ...output } = (config.output ?? {}) as { dir?: string; file?: string };
      await build({
        logLevel: 'warn',
        ...config,
        output: file === undefined ? { ...output, dir: join(target, dir ?? 'dist') } : { ...output, file: join(target, file) },
      } as BuildOptions);
    }
  }
}

/** As each package's own build.mjs bundles it. */
async function buildsOf(name: PackageName, source: string): Promise<readonly BuildOptions[]> {
  if (existsSync(join(source, 'rolldown.config.mjs'))) {
    const { default: config } = (await import(pathToFileURL(join(source, 'rolldown.config.mjs')).href)) as {
      default: BuildOptions | BuildOptions[];
    };
    return Array.isArray(config) ? config : [config];
  }
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { exports: Record<string, { default?: string }> };
  const file = manifest.exports['.']?.default as string;
  return [
    {
      cwd: source,
      input: 'src/index.ts',
      platform: 'node',
      external: name === 'transformer' ? [] : (id) => !/^(?:\.|\/|@captureflow\/)/.test(id) && !INLINED.test(id),
      resolve: { conditionNames: ['@captureflow/source', 'import', 'node', 'default'] },
      output: { file, format: file.endsWith('.cjs') ? 'cjs' : 'esm', exports: 'named' },
    },
  ];
}

/** Dependencies of core, which users do not install. */
const INLINED = /^(?:leven|picomatch|valibot)$/;
