/**
 * Bun and Deno: the same instrumented program, built by esbuild, must print what it prints in Node and leave the same traces there, and traces must arrive
 * however it ends. What is known to differ stands in `KNOWN`. Installs nothing.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT, run } from '../run.mjs';
import { readTraces } from './read-traces.mjs';

/** What an engine does not have: docs/roots.md says it to users. */
const KNOWN = {
  Bun: { propagates: false },
  Deno: { propagates: false },
  Node: { propagates: true },
};

const PROGRAM = {
  'main.ts': `import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { currentTrace, fileExporter, flush, otlpExporter, runRoot, start, stats } from '@captureflow/runtime';

start({ budget: 1, propagate: true, exporters: [fileExporter(), otlpExporter({ endpoint: process.argv[2] + '/v1/traces' })] });

class Cart {
  readonly items: number[] = [];
  add(price: number): this {
    this.items.push(price);
    return this;
  }
  async total(): Promise<number> {
    await later(5);
    return this.items.reduce(sum, 0);
  }
}
function sum(a: number, b: number): number {
  return a + b;
}
function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
function* count(to: number): Generator<number> {
  for (let i = 0; i < to; i++) yield i;
}
async function job(name: string): Promise<string> {
  const total = await new Cart().add(1).add(2).total();
  setTimeout(function inTimer() { sum(1, 1); }, 1);
  await later(10);
  return \`\${name} \${total} \${[...count(3)]} \${currentTrace()?.name}\`;
}
function refuse(): never {
  throw new RangeError('no tea');
}

for (const done of await Promise.all(['a', 'b'].map((name) => runRoot(name, () => job(name))))) console.log(done);
try {
  runRoot('fails', refuse);
} catch (error) {
  console.log(String(error));
}
const server = createServer(async function handle(request, response) {
  response.setHeader('x-traceparent', String(request.headers.traceparent !== undefined));
  response.end(await job('request'));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
const { port } = server.address() as { port: number };
await runRoot('asks', async function ask() {
  const answers = ['/1', '/2'].map((path) => fetch(\`http://127.0.0.1:\${port}\${path}?q=1\`));
  for (const answer of await Promise.all(answers)) console.log(await answer.text());
  console.error('propagates', (await answers[0]!).headers.get('x-traceparent'));
});
server.close();
server.closeAllConnections();
await runRoot('threads', async function begin() {
  const worker = new Worker(new URL('./thread.mjs', import.meta.url));
  await new Promise((resolve) => worker.once('exit', resolve));
});
await flush(5000);
const [file, otlp] = stats().exporters;
console.error('lost', JSON.stringify([file?.counts.dropped, otlp?.counts.dropped, otlp?.counts.refused, otlp?.counts.waiting]));
`,
  'thread.ts': `function inThread(n: number): number {
  return n + 1;
}
inThread(1);
`,
  'ends.ts': `import { runRoot, start } from '@captureflow/runtime';

start({ budget: 1 });
function work(how: string): string {
  return how;
}
const how = work(process.argv[2] ?? '');
runRoot('job', () => work(how));
if (how === 'exit') process.exit(3);
if (how === 'throw') throw new RangeError('no tea');
if (how === 'reject') void Promise.reject(new RangeError('no tea'));
if (how === 'signal') {
  setInterval(() => {}, 1000);
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), 100);
}
`,
};

const ENDS = ['', 'exit', 'throw', 'reject', 'signal'];

/** `engines`: name and command line of each, Node first, which the others are compared with. @returns rows of the table */
export async function checkEngines(at, engines) {
  mkdirSync(at, { recursive: true });
  const runtime = join(at, 'node_modules/@captureflow/runtime');
  for (const part of ['package.json', 'dist']) cpSync(join(ROOT, 'runtime', part), join(runtime, part), { recursive: true });
  writeFileSync(join(at, 'package.json'), '{ "type": "module" }\n');
  await build(at);
  const { url, requests, close } = await receiver();
  try {
    const rows = [];
    let node;
    for (const { name, command } of engines) {
      const seen = await runProgram(at, command, url, requests);
      node ??= seen;
      if (seen === node) continue;
      const { propagates } = KNOWN[name.split(' ')[0]];
      const problems = [
        ...differences('prints', node.output, seen.output),
        ...differences('traces', node.told, seen.told),
        ...(seen.code === 0 ? [] : [`exits with ${seen.code}`]),
        ...(seen.lost === '[0,0,0,0]' ? [] : [`lost ${seen.lost}`]),
        ...(seen.requests > 0 ? [] : ['no request arrived']),
        ...(seen.propagates === String(propagates) ? [] : [`fetch carries a traceparent: ${seen.propagates}`]),
      ];
      rows.push({ name, check: 'program', detail: `${seen.told.length} roots and functions as in Node`, problems });
      for (const how of ENDS) rows.push(await checkEnd(at, name, how, engines[0].command, command));
    }
    return rows;
  } finally {
    close();
  }
}

async function build(at) {
  // The one that the plugin is built and tested with.
  const { build: bundle } = createRequire(join(ROOT, 'esbuild-plugin/package.json'))('esbuild');
  const { captureflow } = await import(join(ROOT, 'esbuild-plugin/dist/index.js'));
  for (const [name, text] of Object.entries(PROGRAM)) writeFileSync(join(at, name), text);
  await bundle({
    absWorkingDir: at,
    entryPoints: Object.keys(PROGRAM),
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [captureflow()],
  });
}

async function runProgram(at, command, url, requests) {
  const before = requests.length;
  rmSync(join(at, '.captureflow'), { recursive: true, force: true });
  const [file, ...args] = command;
  const { code, output } = await run(file, [...args, 'main.mjs', url], { cwd: at, capture: true, env: { NO_COLOR: '1' } });
  const traces = await readTraces(at);
  return {
    code,
    output: output.split('\n').filter((line) => !/^(?:propagates|lost) /.test(line)),
    propagates: /^propagates (.*)$/m.exec(output)?.[1],
    lost: /^lost (.*)$/m.exec(output)?.[1],
    told: traces.flatMap(tellTrace).sort(),
    requests: requests.length - before,
  };
}

/** Root, and each function with its caller: names and outcome, without what engines print otherwise. */
function tellTrace({ root, spans }) {
  const names = new Map(spans.map((span) => [span.number, span.function.name]));
  const parent = root.kind === 'script' && root.parent !== undefined ? ' begun by another' : '';
  const kind = root.name.startsWith('<') ? 'task' : root.name;
  const told = spans.map((span) => `${kind}: ${names.get(span.parent) ?? '-'} > ${span.function.name} ${span.outcome.kind}`);
  return [`${root.kind} ${kind}${parent}`, ...told];
}

async function checkEnd(at, name, how, node, command) {
  const seen = [];
  for (const [file, ...args] of [node, command]) {
    rmSync(join(at, '.captureflow'), { recursive: true, force: true });
    const { code } = await run(file, [...args, 'ends.mjs', how], { cwd: at, capture: true });
    seen.push([code, ...(await readTraces(at)).map(({ root }) => root.name).sort()].join(', '));
  }
  const problems = seen[0] === seen[1] ? [] : [`Node: ${seen[0]}; here: ${seen[1]}`];
  return { name, check: `end: ${how === '' ? 'natural' : how}`, detail: seen[1], problems };
}

function differences(what, node, here) {
  const missing = node.filter((line) => !here.includes(line));
  const added = here.filter((line) => !node.includes(line));
  if (missing.length + added.length === 0) return node.length === here.length ? [] : [`${what}: ${here.length} in place of ${node.length}`];
  return [`${what}: missing ${JSON.stringify(missing.slice(0, 5))}, added ${JSON.stringify(added.slice(0, 5))}`];
}

async function receiver() {
  const requests = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests.push(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
