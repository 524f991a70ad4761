/** One server process that is given bounded portions of load on the loopback interface, one after the other, and says what each cost it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

const SERVE = fileURLToPath(new URL('serve.mjs', import.meta.url));
const CONNECTIONS = 8;
const LONGEST_S = 300;
/** How often autocannon looks whether it is done; its default would cost a second a portion. */
const LOOKS_MS = 50;

const order = { customerId: 1, lines: [{ sku: 'tea-assam', quantity: 1 }], payment: { network: 'visto', cardToken: 'tok_4f9a81c2' } };
const REQUESTS = [
  { path: '/products?search=tea' },
  { path: '/orders/7' },
  { path: '/products' },
  { path: '/orders/8/messages' },
  { path: '/orders', method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) },
  { path: '/orders/9' },
  { path: '/products?search=pot' },
  { path: '/reports/sales' },
];

/**
 * @param {{ node: string, main: string, record: 'off' | 'default' | 'everything' | 'shipped' | undefined }} input
 * @returns `load(amount)`: that many requests; answers processor time since the portion before (ms a request, of all threads, so that what a server does after its answers is in it),
 *   latencies (ms) and seconds. `peakMb()`. `stop()`.
 */
export async function startServer({ node, main, record }) {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-bench-server-'));
  const env = { ...process.env, PORT: '0' };
  for (const key of Object.keys(env)) if (/^(CAPTUREFLOW|NODE_|OTEL_)/.test(key)) delete env[key];
  if (record === undefined || record === 'off') env.CAPTUREFLOW = 'off';
  const server = fork(SERVE, [JSON.stringify({ main, record })], { execPath: node, cwd: folder, env, silent: true });
  let errors = '';
  server.stderr.on('data', (chunk) => (errors += chunk));
  const stop = async () => {
    const gone = server.exitCode === null ? once(server, 'exit') : undefined;
    server.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await findAddress(server, () => errors);
    let before = 0;
    const load = async (amount) => {
      const { latencies, seconds } = await send(url, amount);
      const { cpu } = await ask(server);
      const cpuMs = (cpu - before) / 1000 / latencies.length;
      before = cpu;
      return { cpuMs, latencies, seconds };
    };
    return { load, peakMb: async () => (await ask(server)).peak / 1024, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function send(url, amount) {
  const latencies = [];
  const begun = performance.now();
  let last = begun;
  const run = autocannon({ url, connections: CONNECTIONS, amount, duration: LONGEST_S, sampleInt: LOOKS_MS, requests: REQUESTS });
  run.on('response', (_client, _status, _bytes, ms) => {
    latencies.push(ms);
    last = performance.now();
  });
  const { errors, timeouts } = await run;
  if (latencies.length < amount)
    throw new Error(`${latencies.length} of ${amount} requests were answered: ${errors} errors, ${timeouts} of them too late`);
  return { latencies, seconds: (last - begun) / 1000 };
}

function findAddress(server, errors) {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout.on('data', (chunk) => {
      printed += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
      if (address !== undefined) resolve(address);
    });
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${errors()}`)));
  });
}

/** Microseconds of processor time so far, and the most memory so far in KiB. */
async function ask(server) {
  const answer = once(server, 'message');
  server.send('usage');
  return (await answer)[0];
}
