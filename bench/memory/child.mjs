/**
 * `node child.mjs JSON`: roots that run at the same time, or one such crowd after the other for some seconds (`soakMs`). Prints what memory they took as JSON:
 * `peak` and `retained` beyond what there was before (MB: heap and array buffers), and, of a soak, `samples` of `[minutes, MB]` after a collection.
 */
import { pathToFileURL } from 'node:url';

const { file, start: asked, roots, soakMs = 0 } = JSON.parse(process.argv[2]);
const discard = { name: 'discard', export() {}, flush() {}, shutdown() {} };

let inRoot = (_, run) => run();
let flush = async () => {};
if (asked === undefined) process.env.CAPTUREFLOW = 'off';
else {
  const runtime = await import('@captureflow/runtime');
  runtime.start({ exporters: [discard], http: false, signals: false, ...asked });
  inRoot = (name, run) => runtime.runRoot({ name }, run);
  flush = runtime.flush;
}
const { work } = await import(pathToFileURL(file).href);

await crowd();
const before = settled();
let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, used())), 5);
await crowd();
peak = Math.max(peak, used());
clearInterval(watch);
await flush();
const retained = settled() - before;

const samples = [];
const begun = performance.now();
while (performance.now() - begun < soakMs) {
  await crowd();
  const minutes = (performance.now() - begun) / 60_000;
  if (samples.length === 0 || minutes - samples.at(-1)[0] > soakMs / 60_000 / 30) samples.push([minutes, settled()]);
}
console.log(JSON.stringify({ peak: peak - before, retained, samples }));
process.exit(0);

async function crowd() {
  await Promise.all(Array.from({ length: roots }, (_, id) => inRoot(`root ${id}`, () => work(id))));
}

function used() {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

function settled() {
  globalThis.gc();
  globalThis.gc();
  return used();
}
