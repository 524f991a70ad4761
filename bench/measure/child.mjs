/**
 * The process of one measurement: `node child.mjs JSON` (run-child.mjs says what it holds). Prints one line of JSON.
 * `ns`: lowest tenth of the batches after warming up, because whatever else the machine does only adds (a long batch counts no longer than what the process used); `cpu`: mean of the same batches;
 * `bytes`: median growth of the used heap over a batch.
 */
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { quantile } from 'captureflow/measure';

/** What a program that runs for long would have compiled by then. */
const WARM_SHARE = 1 / 3;
const FEWEST = 10;
/** What takes so many times the time asked for gets fewer batches: a peer may need minutes for ten. */
const PATIENCE = 3;
const WEIGHED = 9;
/** On a busy machine no batch above this passes without waiting for a processor; what it waited is not its own. */
const LONG_NS = 1e6;
/** Every variant is as warm as one that recorded so many batches before it was switched off. */
const WARM_BATCHES = 100;

const { file, prepare, options, ms } = JSON.parse(process.argv[2]);
const { around, before, calls, measure } = await (await import(prepare)).prepare(options);
const { batch } = await import(pathToFileURL(file).href);
await before?.(batch);
const once = around === undefined ? batch : () => around(batch);

// What a program sets up once is not what a batch calls: zod's first one has 4,940 calls, the others 3,021.
if (calls !== undefined && measure === undefined) await once();
const counted = calls?.() ?? 0;
const first = measure === undefined ? once() : undefined;
const isAsync = first instanceof Promise;
await first;
const callsOfBatch = (calls?.() ?? 0) - counted;
const figures = measure === undefined ? { ...(await time()), bytes: await weigh() } : await measure(batch);

process.stdout.write(`\n${JSON.stringify({ ...figures, calls: callsOfBatch })}\n`);
// What is still recorded is of no interest.
process.exit(0);

async function time() {
  const samples = [];
  // By processor time: on a busy machine plain would be timed half compiled, and look slower than what had recorded before.
  const warming = process.cpuUsage();
  for (let i = 0; i < WARM_BATCHES && processorNs(warming) < ms * PATIENCE * 1e6; i++) await once();
  const begin = performance.now();
  let used;
  let now = begin;
  while (now - begin < ms * (1 + WARM_SHARE) || (samples.length < FEWEST && now - begin < ms * PATIENCE) || samples.length === 0) {
    const warm = now - begin > ms * WARM_SHARE;
    if (warm) used ??= process.cpuUsage();
    const usedBefore = process.cpuUsage();
    const before = process.hrtime.bigint();
    if (isAsync) await once();
    else once();
    const elapsed = Number(process.hrtime.bigint() - before);
    const busy = processorNs(usedBefore);
    if (warm) samples.push(elapsed > LONG_NS ? Math.min(elapsed, busy) : elapsed);
    now = performance.now();
  }
  return { ns: quantile(samples, 0.1), cpu: processorNs(used) / samples.length };
}

function processorNs(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) * 1000;
}

async function weigh() {
  const growth = [];
  const begin = performance.now();
  for (let i = 0; i < WEIGHED && (i === 0 || performance.now() - begin < ms * PATIENCE); i++) {
    globalThis.gc();
    const before = getHeapStatistics().used_heap_size;
    if (isAsync) await once();
    else once();
    growth.push(getHeapStatistics().used_heap_size - before);
  }
  return quantile(growth, 0.5);
}
