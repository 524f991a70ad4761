/** The command as users have it: bundled, in a process of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { bundleCommand, COMMAND } from '../../bundle-command.mjs';

const CLI = fileURLToPath(new URL('../../', import.meta.url));

/** Of one test. */
export interface Workplace {
  /** Where the command runs. */
  readonly folder: string;
  /** The command's own file. */
  readonly program: string;
  /** Runs until the test ends; comes back when it has said `Open …`. */
  start(...args: string[]): Promise<RunningCommand>;
}

/** The command is built once for the tests of a file; each has a folder of its own, and what it starts ends with it. */
export function useRealCommand(): Workplace {
  let command: RealCommand;
  let folder = '';
  const running: RunningCommand[] = [];
  beforeAll(async () => {
    command = await RealCommand.build();
  });
  afterAll(() => command.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'captureflow-process-'));
  });
  afterEach(async () => {
    for (const each of running.splice(0)) await each.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get program() {
      return command.program;
    },
    start: async (...args) => {
      const started = command.start(args, folder);
      running.push(started);
      await started.opened;
      return started;
    },
  };
}

class RealCommand {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async build(): Promise<RealCommand> {
    const folder = mkdtempSync(join(tmpdir(), 'captureflow-command-'));
    await bundleCommand(join(folder, 'dist'), COMMAND);
    copyFileSync(join(CLI, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(CLI, '../node_modules'), join(folder, 'node_modules'), 'dir');
    return new RealCommand(folder);
  }

  get program(): string {
    return join(this.folder, 'dist/captureflow.js');
  }

  start(args: readonly string[], cwd: string): RunningCommand {
    const child = spawn(process.execPath, [this.program, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return new RunningCommand(child);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class RunningCommand {
  readonly opened: Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly #child: ChildProcess;
  out: string = '';
  errors: string = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
    this.opened = new Promise((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        this.out += chunk.toString();
        if (/Open http\S+\n/.test(this.out)) resolve();
      });
      child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
      child.on('close', (code) => reject(new Error(`it ended with ${code}: ${this.errors}`)));
    });
  }

  get base(): string {
    return /Open (http:\/\/[^/]+)/.exec(this.out)?.[1] ?? '';
  }

  get token(): string {
    return /#token=(\S+)/.exec(this.out)?.[1] ?? '';
  }

  async get(path: string): Promise<Response> {
    return fetch(this.base + path, { headers: { authorization: `Bearer ${this.token}` } });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    this.#child.kill(signal);
    return this.ended;
  }
}
