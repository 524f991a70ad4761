/** The built shop in a process of its own, as a user would run it. Knows nothing of traces beyond switching them on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Starts the built file `main` in the working directory `folder` on a free port of the loopback interface; resolves when it listens,
 * rejects when the process ends before.
 */
export async function startShop(main, folder) {
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    // Everything is to be seen, also where the machine is busy.
    env: { ...process.env, CAPTUREFLOW: 'on', CAPTUREFLOW_BUDGET: '1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const address = await Promise.race([
    once(lines, 'line').then(([line]) => /http:\S+/.exec(line)?.[0]),
    exited.then(([code]) => Promise.reject(new Error(`the shop ended with code ${code} before it listened`))),
  ]);
  return {
    address,
    pid: child.pid,
    /** Lets the shop finish its late work and returns its exit code. */
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}
