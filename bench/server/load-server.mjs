/** One server process under a bounded load, on the loopback interface. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

const SERVE = fileURLToPath(new URL('serve.mjs', import.meta.url));
const CONNECTIONS = 8;
const LONGEST_S = 120;

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
 * @param {{ node: string, main: string, record: 'off' | 'default' | 'everything' | 'shipped' | undefined, requests: number }} input
 * @returns {Promise<{ cpuMs: number, requestsPerSecond: number, p50: number, p99: number, peakMb: number }>} `cpuMs`: processor time of the server a request, of all
 *   its threads; `p50`, `p99`: milliseconds
 */
export async function loadServer({ node, main, record, requests }) {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-bench-server-'));
  const env = { ...process.env, PORT: '0' };
  for (const key of Object.keys(env)) if (/^(CAPTUREFLOW|NODE_|OTEL_)/.test(key)) delete env[key];
  if (record === undefined || record === 'off') env.CAPTUREFLOW = 'off';
  const server = fork(SERVE, [JSON.stringify({ main, record })], { execPath: node, cwd: folder, env, silent: true });
  let errors = '';
  server.stderr.on('data', (chunk) => (errors += chunk));
  try {
    const address = await findAddress(server, () => errors);
    const load = (amount) => autocannon({ url: address, connections: CONNECTIONS, amount, duration: LONGEST_S, requests: REQUESTS });
    await load(Math.ceil(requests / 2));
    const before = await ask(server);
    const result = await load(requests);
    const after = await ask(server);
    return {
      cpuMs: (after.cpu - before.cpu) / 1000 / result.requests.total,
      requestsPerSecond: result.requests.total / result.duration,
      p50: result.latency.p50,
      p99: result.latency.p99,
      peakMb: after.peak / 1024,
    };
  } finally {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  }
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
