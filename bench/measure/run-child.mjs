/**
 * One measurement in a process of its own (child.mjs). Knows neither cases nor statistics.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
/** MB of the young generation: a batch must fit, so that nothing is collected while memory is weighed. */
const SEMI_SPACE = 128;
/** Far above what the slowest peer takes for its two batches. */
const LONGEST_MS = 600_000;

/**
 * @param {{ node: string, file: string, prepare: string, options?: object, ms: number, flags?: readonly string[], cwd?: string }} input
 *   `file`: an ES module with `batch`; `prepare`: a module of `measure/prepare/` or of a peer, which says what stands around a batch
 *   and gets `options`; `ms`: for how long batches are timed
 * @returns {Promise<{ ns: number, cpu: number, bytes: number, calls: number } | { nsPerCall: number, cpuPerCall: number, calls: 0 }>} of one batch: nanoseconds by the clock and of processor time (all
 *   threads), growth of the heap, calls that were counted (0 where `prepare` counts none);
 *   or, of what is too slow for a whole batch, `{ nsPerCall, cpuPerCall }`
 * @throws when the process fails, with what it printed
 */
export async function runChild({ node, file, prepare, options = {}, ms, flags = [], cwd }) {
  const env = { ...process.env };
  for (const key of Object.keys(env)) if (/^(CAPTUREFLOW|NODE_|OTEL_|APPMAP)/.test(key)) delete env[key];
  const v8 = ['--expose-gc', `--min-semi-space-size=${SEMI_SPACE}`, `--max-semi-space-size=${SEMI_SPACE}`];
  const output = await new Promise((resolve, reject) => {
    const args = [...v8, ...flags, CHILD, JSON.stringify({ file, prepare, options, ms })];
    execFile(node, args, { env, cwd, maxBuffer: 1e8, timeout: LONGEST_MS }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`${prepare} failed on ${file}: ${error.message}\n${stderr}`)),
    );
  });
  // A peer may print what it likes before and after.
  return JSON.parse(/^\{"ns.*$/m.exec(output)[0]);
}
