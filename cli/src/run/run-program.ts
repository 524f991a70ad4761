/** A program in a process of its own that records itself: instrumented as it loads, with this terminal, and with its signals and exit code passed on. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../input-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Settles with the exit code; 128 and the signal's number when one ended it. @throws {InputError} when it cannot be started */
export function runProgram(command: readonly string[], cwd: string, level: string | undefined): Promise<number> {
  const [file = '', ...args] = command;
  const env = {
    ...process.env,
    // Whoever says `run` asks for a recording, also under NODE_ENV=production.
    CAPTUREFLOW: 'on',
    // Its processes record themselves, too, and their traces shall name who began them.
    CAPTUREFLOW_CHILD_PROCESSES: process.env['CAPTUREFLOW_CHILD_PROCESSES'] ?? 'on',
    ...(level === undefined ? {} : { CAPTUREFLOW_LEVEL: level }),
    NODE_OPTIONS: [process.env['NODE_OPTIONS'] ?? '', `--import=${registerUrl(cwd)}`].join(' ').trim(),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: 'inherit' });
    const pass = (signal: NodeJS.Signals): void => {
      // A terminal sends Ctrl-C to the child, too: passed on, it would come twice, and many programs take the second one for impatience.
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    const end = (): void => {
      for (const signal of SIGNALS) process.off(signal, pass);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      end();
      const reason = error.code === 'ENOENT' ? `there is no program ${file} here or in PATH` : error.message;
      reject(new InputError(`"${command.join(' ')}" cannot be started: ${reason}`, 1));
    });
    child.once('exit', (code, signal) => {
      end();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Both packages are the program's own: what is instrumented imports the runtime from where it lies. */
function registerUrl(cwd: string): string {
  const require = createRequire(join(cwd, 'package.json'));
  const missing = ['@captureflow/hosts/register', '@captureflow/runtime'].filter((name) => !isThere(require, name));
  if (missing.length > 0) {
    const packages = missing.map((name) => name.replace('/register', ''));
    throw new InputError(`${packages.join(' and ')} cannot be found from ${cwd}: npm install -D ${packages.join(' ')}`, 1);
  }
  return pathToFileURL(require.resolve('@captureflow/hosts/register')).href;
}

function isThere(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
