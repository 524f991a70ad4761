/** Instrumented programs in edge runtimes: no Node, no code from texts, timers and chance perhaps only later. */
import { createContext, runInContext } from 'node:vm';
import { EdgeVM } from '@edge-runtime/vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { traceReceiver } from './chromium-page.ts';
import { HostWorkspace } from './host-workspace.ts';

const FILES: Readonly<Record<string, string>> = {
  'src/edge.ts': `import { flush, memoryExporter, otlpExporter, runRoot, start, stats } from '@captureflow/runtime';

const memory = memoryExporter();
const { RECEIVER } = globalThis as unknown as { RECEIVER?: string };
start({ exporters: [memory, ...(RECEIVER === undefined ? [] : [otlpExporter({ endpoint: RECEIVER + '/v1/traces' })])], budget: 1, objects: 'all', proxies: 'watched' });

const early = twice(4);

function twice(n: number): number {
  return n * 2;
}

async function greet(who: { name: string }): Promise<string> {
  await Promise.resolve();
  return 'hello ' + who.name + ' ' + twice(early);
}

async function answer(path: string): Promise<string> {
  return greet({ name: path.slice(1) });
}

Object.assign(globalThis, {
  handle: (path: string) => runRoot('GET ' + path, () => answer(path)),
  finish: async () => {
    await flush();
    return JSON.stringify({
      traces: memory.traces().map(({ root, spans }) => ({ name: root.name, spans: spans.map((span) => span.function.name) })),
      stats: stats(),
    });
  },
});
`,
  'build.mjs': `import { build } from 'esbuild';
import { captureflow } from '@captureflow/esbuild-plugin';
await build({ entryPoints: ['src/edge.ts'], bundle: true, minify: true, format: 'iife', outfile: 'out/edge.js', conditions: ['edge-light'], plugins: [captureflow()], logLevel: 'error' });
`,
};

interface Program {
  handle(path: string): Promise<string>;
  finish(): Promise<string>;
}

interface Finished {
  readonly traces: readonly { readonly name: string; readonly spans: readonly string[] }[];
  readonly stats: { readonly offBecause?: string; readonly encodeErrors: number; readonly dropped: Readonly<Record<string, number>> };
}

let workspace: HostWorkspace;
let code: string;

beforeAll(async () => {
  workspace = await HostWorkspace.create(['runtime', 'esbuild-plugin']);
  workspace.delete('src');
  workspace.write(FILES);
  const built = await workspace.node(['build.mjs']);
  if (built.code !== 0) throw new Error(`the program could not be built: ${built.stderr}`);
  code = workspace.read('out/edge.js');
}, 240_000);

afterAll(() => workspace?.remove());

const NOTHING_LOST = {
  staleToken: 0,
  tableFull: 0,
  poolFull: 0,
  ring: 0,
  listener: 0,
  reentered: 0,
  capture: 0,
  stackOverflow: 0,
  redaction: 0,
};
const spansOf = ({ traces }: Finished, name: string): readonly string[] | undefined => traces.find((trace) => trace.name === name)?.spans;

test('Edge Runtime: traces have their names, and arrive by fetch', async () => {
  const receiver = await traceReceiver();
  const { context } = new EdgeVM({ extend: (context) => Object.assign(context, { RECEIVER: receiver.url }) });
  runInContext(code, context);
  const program = context as unknown as Program;
  expect(await Promise.all(['/ada', '/bob'].map((path) => program.handle(path)))).toEqual(['hello ada 16', 'hello bob 16']);
  const finished = JSON.parse(await program.finish()) as Finished;
  expect(spansOf(finished, 'GET /ada')).toEqual(expect.arrayContaining(['answer', 'greet', 'twice']));
  expect(spansOf(finished, 'GET /bob')).toEqual(expect.arrayContaining(['answer', 'greet', 'twice']));
  expect(finished.stats).toMatchObject({ encodeErrors: 0, dropped: NOTHING_LOST });
  expect((await receiver.has('greet')).attributes).toMatchObject({ 'captureflow.args': '{"who":{"name":"ada"}}' });
  receiver.close();
});

test('a realm with nothing but the language, timers and chance', async () => {
  const context = createContext(
    { crypto, TextEncoder, TextDecoder, setTimeout, clearTimeout },
    { codeGeneration: { strings: false, wasm: false } },
  );
  runInContext(code, context);
  const program = context as unknown as Program;
  expect(await program.handle('/ada')).toBe('hello ada 16');
  expect(spansOf(JSON.parse(await program.finish()) as Finished, 'GET /ada')).toEqual(expect.arrayContaining(['answer', 'greet', 'twice']));
});

test('a realm that allows neither timers nor chance while its modules load, as workerd does', async () => {
  let isHandling = false;
  const onlyHandling =
    <A extends unknown[], R>(what: (...args: A) => R): ((...args: A) => R) =>
    (...args) => {
      if (!isHandling) throw new Error('Disallowed operation called within global scope');
      return what(...args);
    };
  const context = createContext({
    performance,
    TextEncoder,
    TextDecoder,
    clearTimeout,
    setTimeout: onlyHandling((run: () => void, ms?: number) => setTimeout(run, ms)),
    crypto: { getRandomValues: onlyHandling((bytes: Uint8Array) => crypto.getRandomValues(bytes)) },
  });
  runInContext(code, context);
  isHandling = true;
  const program = context as unknown as Program;
  expect(await program.handle('/ada')).toBe('hello ada 16');
  const finished = JSON.parse(await program.finish()) as Finished;
  expect(finished.stats.offBecause).toBeUndefined();
  // What ran while the modules loaded is there, too.
  expect(spansOf(finished, 'script')).toContain('twice');
  expect(finished.stats).toMatchObject({ encodeErrors: 0, dropped: NOTHING_LOST });
});
