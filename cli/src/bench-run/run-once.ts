/** One run of a variant in a process of its own: how long it took and what it used. Knows no statistics. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InputError } from '../input-error.ts';
import { WITNESS } from '../witness-file.ts';
import type { Variant } from './bench-program.ts';
import { readReports, type WitnessReport } from './witness-report.ts';

export interface Sample {
  /** Of all Node processes of the command, all their threads, user and system. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Of the largest of them. */
  readonly peakMb: number;
  readonly processes: readonly WitnessReport[];
}

/** How much of what a failed command said is shown. */
const LAST_WORDS = 2000;

/**
 * @throws {InputError} when the command cannot be started, fails, does not end within `timeoutMs`, or ran no Node process that came to its end
 */
export async function runOnce({ command, env, register }: Variant, cwd: string, timeoutMs: number): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-bench-'));
  try {
    const begun = performance.now();
    await run(command, cwd, timeoutMs, { ...process.env, ...env, ...nodeOptions(env, register, cwd), CAPTUREFLOW_BENCH_FOLDER: folder });
    const wallMs = performance.now() - begun;
    const processes = readReports(folder);
    if (processes.length === 0) {
      throw new InputError(`"${command.join(' ')}" ran no Node process that came to its end, so nobody knows what it used`, 1);
    }
    return {
      cpuMs: processes.reduce((sum, one) => sum + one.cpuMs, 0),
      wallMs,
      peakMb: Math.max(...processes.map((one) => one.peakMb)),
      processes,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Through the environment, so that scripts which start Node themselves are measured, too. */
function nodeOptions(env: Readonly<Record<string, string>>, register: boolean, cwd: string): { NODE_OPTIONS: string } {
  const given = env['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS'] ?? '';
  const witness = `--require ${JSON.stringify(fileURLToPath(WITNESS))}`;
  return { NODE_OPTIONS: [given, witness, ...(register ? [`--import ${registerUrl(cwd)}`] : [])].join(' ').trim() };
}

function registerUrl(cwd: string): string {
  try {
    return pathToFileURL(createRequire(join(cwd, 'package.json')).resolve('@captureflow/hosts/register')).href;
  } catch {
    throw new InputError(
      `--register needs the package @captureflow/hosts, which cannot be resolved from ${cwd}: install it (npm install -D @captureflow/hosts)`,
      1,
    );
  }
}

function run(command: readonly string[], cwd: string, timeoutMs: number, env: NodeJS.ProcessEnv): Promise<void> {
  const text = command.join(' ');
  return new Promise((resolve, reject) => {
    const [file = '', ...args] = command;
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    let late = false;
    const alarm = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-LAST_WORDS);
    });
    child.once('error', (error) => {
      clearTimeout(alarm);
      reject(new InputError(`"${text}" cannot be started: ${error.message}`, 1));
    });
    child.once('close', (code, signal) => {
      clearTimeout(alarm);
      if (code === 0) resolve();
      else if (late) reject(new InputError(`"${text}" did not end within ${timeoutMs / 1000} seconds (--timeout)`, 1));
      else reject(new InputError(`"${text}" ended with ${code === null ? signal : `code ${code}`}:\n${said.trim()}`, 1));
    });
  });
}
