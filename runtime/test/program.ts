/** Runs small programs in processes of their own, against the runtime bundled from its sources as users get it. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTraces, readSegments } from '@captureflow/trace';
import type { Trace } from '@captureflow/trace';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Without the folder of the program. */
  readonly stderr: string;
}

export interface RunOptions {
  readonly file?: string;
  /** Behind the file. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  /** Sent when the program has printed `ready`. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Commands of `sh` before it, `ulimit` for example. */
  readonly shell?: string;
}

/** A temporary place with the runtime in its `node_modules`. */
export class Workbench {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'captureflow-runtime-')));
  #programs: number = 0;

  async install(): Promise<void> {
    const target = join(this.folder, 'node_modules/@captureflow/runtime');
    mkdirSync(target, { recursive: true });
    copyFileSync(join(import.meta.dirname, '../package.json'), join(target, 'package.json'));
    const { bundleInto } = (await import(new URL('../bundle.mjs', import.meta.url).href)) as { bundleInto(folder: string): Promise<void> };
    await bundleInto(target);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes `files` into a new folder and returns its path. */
  program(files: Readonly<Record<string, string>>): string {
    const folder = join(this.folder, `program-${this.#programs++}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }
}

/** Starts `node <file>` in `folder` with nothing of CaptureFlow in its environment but `env`. */
export function run(
  folder: string,
  { file = 'main.mjs', args = [], env = {}, nodeArgs = [], signals = [], shell }: RunOptions = {},
): Promise<Ending> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CAPTUREFLOW|NODE_|OTEL_|VITEST|npm_)/.test(name)),
  );
  const all = [...nodeArgs, file, ...args];
  const [command, ...rest] =
    shell === undefined ? [process.execPath, ...all] : ['/bin/sh', '-c', `${shell}; exec "$0" "$@"`, process.execPath, ...all];
  const child = spawn(command as string, rest, { cwd: folder, env: { ...inherited, ...env } });
  let stdout = '';
  let stderr = '';
  let sent = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (; sent < signals.length && stdout.split('ready').length - 1 > sent; sent++) child.kill(signals[sent]);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr: stderr.replaceAll(folder, '<folder>') }));
  });
}

/** Traces of the files in `<folder>/.captureflow`, in the order of the files. */
export function readTraces(folder: string, dir: string = '.captureflow'): Trace[] {
  return traceFiles(folder, dir).flatMap((name) => {
    const file = readSegments(readFileSync(join(folder, dir, name)));
    if (!file.intact) throw new Error(`${name} is damaged`);
    return buildTraces(file.segments);
  });
}

/** Names of the trace files, none when there is no folder. */
export function traceFiles(folder: string, dir: string = '.captureflow'): string[] {
  try {
    return readdirSync(join(folder, dir))
      .filter((name) => name.endsWith('.cft'))
      .sort();
  } catch {
    return [];
  }
}

/** Metadata of one module with one function, as emitted code registers it. */
export function metadata(module: string, name: string): string {
  return JSON.stringify({ v: 1, id: module, f: [[name, 1, 1, 3, ['n'], [], [], [[]], 1]] });
}

/**
 * `work(n)`, hand-instrumented on one line in the reference form, or plain. It calls `body(n)`, which is plain code.
 */
export function workFunction(instrumented: boolean, module: 'esm' | 'cjs'): string {
  const body = 'return body(n);';
  if (!instrumented) return `function work(n) { ${body} }\n\n\n`;
  const access =
    module === 'esm' ? "import * as R from '@captureflow/runtime/probe-1';" : "const R = require('@captureflow/runtime/probe-1');";
  return `${access}
let base; const m = () => base ??= R.register(${metadata('main.mjs', 'work')});
function work(n) { const s = R.enter1(m(), 0, n); let v; try { return (v = body(n), s !== 0 && R.exit(s, v), v); } catch (e) { throw s === 0 ? e : R.thrown(s, e, 0); } }
`;
}
