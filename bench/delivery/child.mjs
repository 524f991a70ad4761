/**
 * `node child.mjs JSON`: roots of a size, each handed over when it ends. Prints as JSON what that cost the main thread: `nsPerEvent` (processor time from a root's end until
 * nothing is left to do), and `longestMs`, the longest stretch of processor time in which the loop could do nothing else.
 */
import { pathToFileURL } from 'node:url';
import { quantile } from 'captureflow/measure';

const ROOTS = 5;
const { file, calls, record } = JSON.parse(process.argv[2]);
/** Microseconds of this thread where Node can tell (24 and later), of the process elsewhere, which has the collector's threads in it. */
const used = typeof process.threadCpuUsage === 'function' ? () => sum(process.threadCpuUsage()) : () => sum(process.cpuUsage());
const sum = ({ user, system }) => user + system;

let runRoot = (_, run) => run();
let events = () => 0;
let shipped = 0;
if (!record) process.env.CAPTUREFLOW = 'off';
else {
  const runtime = await import('@captureflow/runtime');
  const count = { name: 'count', export: ({ segments }) => void (shipped += segments.length), flush() {}, shutdown() {} };
  runtime.start({ exporters: [count], http: false, signals: false, budget: 1, maxBytes: 2 ** 31 });
  ({ runRoot } = runtime);
  events = () => runtime.stats().events;
}
const { work } = await import(pathToFileURL(file).href);

// Compiled before anything is measured.
for (let i = 0; i < 20; i++) await deliver(10_000);
const counted = events();
const costs = [];
for (let i = 0; i < ROOTS; i++) costs.push(await deliver(calls));
const perRoot = (events() - counted) / ROOTS;
const stretches = [];
for (let i = 0; i < ROOTS; i++) stretches.push(await watch(() => deliver(calls)));

console.log(
  JSON.stringify({
    events: perRoot,
    nsPerEvent: perRoot === 0 ? 0 : (quantile(costs, 0.5) * 1000) / perRoot,
    longestMs: quantile(stretches, 0.5) / 1000,
    clock: typeof process.threadCpuUsage === 'function' ? 'thread' : 'process',
  }),
);
process.exit(0);

/** One root; answers what came after its last call. */
async function deliver(size) {
  let ended = 0;
  const before = shipped;
  await runRoot({ name: 'delivery' }, async () => {
    await work(size);
    ended = used();
  });
  // No flush: that is for exits, and encodes what is left at once.
  while (record && shipped === before) await new Promise((resolve) => setTimeout(resolve, 1));
  return used() - ended;
}

/** The longest stretch between two turns of the loop while `run` runs. */
async function watch(run) {
  let longest = 0;
  let over = false;
  let before = used();
  const look = () => {
    const now = used();
    longest = Math.max(longest, now - before);
    before = used();
    if (!over) setImmediate(look);
  };
  setImmediate(look);
  await run();
  look();
  over = true;
  return longest;
}
