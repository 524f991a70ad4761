/**
 * One lane on one file in a process of its own: `node child.mjs <lane> <file> <ms>`. Runs it once, then again and again for that long, or five
 * times as long for a dozen of runs;
 * prints JSON `{ first, best }` with the processor time of all threads in ms: on a busy machine the clock measures the others.
 */
import { readFileSync } from 'node:fs';
import { LANES } from './lanes.mjs';

const [lane, file, ms] = process.argv.slice(2);
const code = readFileSync(file, 'utf8');
const run = await LANES[lane]();
const [first] = measure();
let best = Infinity;
const started = performance.now();
const elapsed = () => performance.now() - started;
// Compiled code gets fast over some runs; what takes seconds a run has had its time.
for (let k = 0; k === 0 || elapsed() < Number(ms) || (k < 12 && elapsed() < Number(ms) * 5); k++) best = Math.min(best, ...measure());
console.log(JSON.stringify({ first, best }));

function measure() {
  const before = process.cpuUsage();
  if (!(run(code, file) > 0)) throw new Error(`${lane} made nothing of ${file}`);
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000];
}
