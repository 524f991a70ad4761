/**
 * Next, really built and started: a route handler, a server component and instrumentation.ts as docs/roots.md and the table of hosts say, each
 * request a root with its pattern and its functions. `at` has Next and React; the rest is put there.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, run } from '../run.mjs';
import { readTraces } from './read-traces.mjs';

const FILES = {
  'next.config.mjs': `const loader = { loader: '@captureflow/hosts/webpack', options: { level: 'values' } };
export default {
  serverExternalPackages: ['@captureflow/runtime'],
  turbopack: { root: import.meta.dirname, rules: { '*.{ts,tsx,js,jsx}': { condition: { not: 'foreign' }, loaders: [loader] } } },
};
`,
  'instrumentation.ts': `export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') (await import('@captureflow/runtime')).start();
}
`,
  'lib/price.ts': `export async function priceOf(sku: string, quantity: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return times(sku.length, quantity);
}

function times(price: number, quantity: number): number {
  return price * quantity;
}
`,
  'app/layout.tsx': `import type { ReactNode } from 'react';

export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  'app/page.tsx': `export default function Home() {
  return <h1>Shop</h1>;
}
`,
  'app/shop/[sku]/page.tsx': `import { priceOf } from '../../../lib/price';

export default async function Article({ params }: { params: Promise<{ sku: string }> }) {
  const { sku } = await params;
  return <p>{sku} costs {await priceOf(sku, 1)}</p>;
}
`,
  'app/orders/[id]/route.ts': `import { priceOf } from '../../../lib/price';

export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (id === 'none') throw new RangeError('no such order');
  return Response.json({ id, total: await priceOf(id, 3) });
}
`,
};

const TRACE = 'a'.repeat(32);
/** Path asked for, status, name of the root, and what runs in it under whom. */
const REQUESTS = [
  ['/orders/abc', 200, 'GET /orders/[id]', ['GET > priceOf', 'priceOf > times']],
  ['/shop/tea', 200, 'GET /shop/[sku]', ['Article > priceOf', 'priceOf > times']],
  ['/orders/none', 500, 'GET /orders/[id]', ['- > GET']],
];

/** @returns rows of the table */
export async function checkNext(at, name) {
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(at, file)), { recursive: true });
    writeFileSync(join(at, file), text);
  }
  for (const part of ['runtime', 'hosts', 'esbuild-plugin', 'transformer']) {
    for (const of of ['package.json', 'dist']) {
      cpSync(join(ROOT, part, of), join(at, 'node_modules/@captureflow', part, of), { recursive: true });
    }
  }
  const next = join(at, 'node_modules/next/dist/bin/next');
  const built = await run(process.execPath, [next, 'build'], { cwd: at, capture: true, env: { NEXT_TELEMETRY_DISABLED: '1' } });
  if (built.code !== 0) return [{ name, check: 'next build', detail: 'fails', problems: [built.output.slice(-2000)] }];
  const { code, problems } = await ask(at, next);
  const traces = await readTraces(at);
  for (const [path, status, root, pairs] of REQUESTS) {
    const trace = traces.find((each) => each.root.attributes['url.path'] === path);
    const names = new Map(trace?.spans.map((span) => [span.number, span.function.name]));
    const seen = trace?.spans.map((span) => `${names.get(span.parent) ?? '-'} > ${span.function.name}`) ?? [];
    if (trace?.root.name !== root) problems.push(`${path}: the root is ${trace?.root.name}`);
    if (trace?.root.attributes['http.response.status_code'] !== status) problems.push(`${path}: not ${status}`);
    for (const pair of pairs) if (!seen.includes(pair)) problems.push(`${path}: no ${pair} in ${seen.join(', ')}`);
    if (path === '/shop/tea' && trace?.traceId !== TRACE) problems.push(`${path}: the trace is ${trace?.traceId}`);
  }
  // What Next itself does at a SIGTERM.
  if (code !== 143) problems.push(`next start ends with ${code}`);
  return [{ name, check: 'next build, next start', detail: `${traces.length} traces`, problems }];
}

/** Starts the server, asks it and ends it. */
async function ask(at, next) {
  const problems = [];
  const env = { ...process.env, CAPTUREFLOW: 'on', NEXT_TELEMETRY_DISABLED: '1' };
  const child = spawn(process.execPath, [next, 'start', '-p', '0', '-H', '127.0.0.1'], { cwd: at, env });
  let output = '';
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
  const base = await new Promise((resolve) => {
    const take = (text) => {
      output += text;
      const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(output)?.[0];
      if (url !== undefined && output.includes('Ready')) resolve(url.replace('localhost', '127.0.0.1'));
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
    void ended.then(() => resolve(undefined));
  });
  if (base === undefined) return { code: await ended, problems: [`next start: ${output.slice(-2000)}`] };
  // Next listens before it calls register(): requests that come in between are nobody's.
  await (await fetch(base)).text();
  for (const [path, status] of REQUESTS) {
    const headers = path === '/shop/tea' ? { traceparent: `00-${TRACE}-${'b'.repeat(16)}-01` } : {};
    const response = await fetch(base + path, { headers });
    await response.text();
    if (response.status !== status) problems.push(`${path} answers ${response.status}`);
  }
  child.kill('SIGTERM');
  return { code: await ended, problems };
}
