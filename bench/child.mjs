/**
 * One measurement in a process of its own: `node child.mjs FILE MODE MS`. Prints `{ ns, bytes, spans }` of one batch as JSON.
 * `ns`: lowest tenth of the batches after warming up (whatever else the machine does only adds). `bytes`: median growth of
 * the used heap over a batch; the young generation is so large that nothing is collected in between (`--semi-space`, see bench.mjs).
 */
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { quantile } from './statistics.mjs';

const [file, mode, budget] = process.argv.slice(2);
const ms = Number(budget);
const discard = { name: 'discard', export() {}, flush() {}, shutdown() {} };

const LEVELS = { calls: 'calls', values: 'values', locals: 'locals', after: 'locals', count: 'calls' };
const runtime = mode in LEVELS ? await import('@captureflow/runtime') : undefined;
let spans = 0;
if (runtime !== undefined) {
  const keep = mode === 'count' ? 'keep' : 'drop';
  const memory = runtime.memoryExporter();
  runtime.start({
    level: LEVELS[mode],
    exporters: [mode === 'count' ? memory : discard],
    keep: () => keep,
    http: false,
    signals: false,
    maxBytes: 2 ** 29,
  });
  if (mode === 'count') {
    const { batch } = await load();
    await runtime.runRoot({ name: 'batch' }, batch);
    await runtime.flush();
    const [trace] = memory.traces().filter(({ root }) => root.name === 'batch');
    // `batch` itself is not what is asked about.
    spans = trace.spans.length - 1;
  }
}

const { batch } = await load();
if (mode === 'after') {
  for (let i = 0; i < 50; i++) await runtime.runRoot({ name: 'batch' }, batch);
  await runtime.stop();
}
const records = mode === 'calls' || mode === 'values' || mode === 'locals';
const once = records ? () => runtime.runRoot({ name: 'batch' }, batch) : batch;
const isAsync = once() instanceof Promise;

const result = mode === 'count' ? { spans } : { ns: await time(), bytes: await weigh() };
process.stdout.write(JSON.stringify(result));
// What is still recorded is of no interest.
process.exit(0);

function load() {
  return import(pathToFileURL(file).href);
}

async function time() {
  const samples = [];
  const begin = performance.now();
  let now = begin;
  while (now - begin < ms * 1.5 || samples.length < 10) {
    const warm = now - begin > ms / 2;
    const before = process.hrtime.bigint();
    if (isAsync) await once();
    else once();
    const after = process.hrtime.bigint();
    if (warm) samples.push(Number(after - before));
    now = performance.now();
  }
  return quantile(samples, 0.1);
}

async function weigh() {
  const growth = [];
  for (let i = 0; i < 9; i++) {
    globalThis.gc();
    const before = getHeapStatistics().used_heap_size;
    if (isAsync) await once();
    else once();
    growth.push(getHeapStatistics().used_heap_size - before);
  }
  return quantile(growth, 0.5);
}
