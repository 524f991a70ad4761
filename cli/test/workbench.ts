/** A temporary project for the command: files, the command in this process, programs in processes of their own. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildTraces, readSegments } from '@captureflow/trace';
import { build, type BuildOptions } from 'rolldown';
import { main } from '../src/main.ts';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

export class Workbench {
  readonly folder: string;

  /** Default: a new folder. */
  constructor(folder: string = mkdtempSync(join(tmpdir(), 'captureflow-cli-'))) {
    this.folder = realpathSync(folder);
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

  delete(name: string): void {
    rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  /** As if written so many seconds ago. */
  age(name: string, seconds: number): void {
    const time = Date.now() / 1000 - seconds;
    utimesSync(join(this.folder, name), time, time);
  }

  list(folder: string): string[] {
    return readdirSync(join(this.folder, folder)).sort();
  }

  exists(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  /** Runs the command with the project as working directory. */
  async command(...args: readonly string[]): Promise<Answer> {
    let out = '';
    let errors = '';
    const code = await main(args, {
      cwd: this.folder,
      print: (text) => {
        out += text;
      },
      printError: (text) => {
        errors += text;
      },
    });
    return { code, out, errors };
  }

  /** Runs `node <args>`; what it printed, without the project's path. Fails when it ends with another code than 0. */
  async node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(CAPTUREFLOW|NODE_|OTEL_|VITEST|npm_)/.test(name)),
    );
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: this.folder, env: { ...inherited, ...env } });
    return (stdout + stderr).replaceAll(this.folder, '');
  }

  /** The runtime as users get it, bundled from its sources. */
  async installRuntime(): Promise<void> {
    const source = dirname(createRequire(import.meta.url).resolve('@captureflow/runtime/package.json'));
    const target = join(this.folder, 'node_modules/@captureflow/runtime');
    mkdirSync(target, { recursive: true });
    const manifest = readFileSync(join(source, 'package.json'), 'utf8');
    writeFileSync(join(target, 'package.json'), manifest.replaceAll('"@captureflow/source"', '"@captureflow/none"'));
    const { default: configs } = (await import(pathToFileURL(join(source, 'rolldown.config.mjs')).href)) as { default: BuildOptions[] };
    for (const config of configs)
      await build({ ...config, output: { ...config.output, dir: join(target, (config.output as { dir: string }).dir) } });
  }

  /** Packages of ours as users get them, built before (`npm run build`): without the condition that leads to their sources. */
  installBuilt(...names: readonly string[]): void {
    for (const name of names) {
      const source = dirname(createRequire(import.meta.url).resolve(`@captureflow/${name}/package.json`));
      const target = join(this.folder, 'node_modules/@captureflow', name);
      mkdirSync(target, { recursive: true });
      symlinkSync(join(source, 'dist'), join(target, 'dist'));
      const manifest = readFileSync(join(source, 'package.json'), 'utf8');
      writeFileSync(join(target, 'package.json'), manifest.replaceAll('"@captureflow/source"', '"@captureflow/none"'));
    }
  }

  /** Names of the functions that were seen, each once, sorted. */
  seen(): string[] {
    const folder = join(this.folder, '.captureflow');
    const names = new Set<string>();
    for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.cft')))
      for (const trace of buildTraces(readSegments(readFileSync(join(folder, name))).segments))
        for (const span of trace.spans) names.add(span.function.name);
    return [...names].sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
