/** Many traces at full speed into a receiver that takes nothing: memory has a bound, and the sum is exact. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readTraces, run, Workbench } from './program.ts';
import { closeReceivers, receiver, spanNames } from './receiver.ts';

const bench = new Workbench();
beforeAll(() => bench.install());
afterAll(() => bench.remove());
afterEach(() => closeReceivers());

const COUNT = 100_000;
const MIB = 1024 * 1024;
const QUEUE = 4 * MIB;
const SPILL = 8 * MIB;
/** Batches of a turn of the event loop, the load on its way to the worker, and what the host itself has. */
const BESIDE = 24 * MIB;

test('of 100,000 traces for a receiver that stalls every one is delivered, put away or counted, in bounded memory', async () => {
  // Takes a few, then nothing any more.
  const { url, received } = await receiver((response, index) => void (index < 3 && response.end('{}')));
  const at = bench.program({
    'main.mjs': `import { otlpExporter, runRoot, start, stats, trace } from '@captureflow/runtime';
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
start({ budget: 1, exporters: [otlpExporter({ endpoint: '${url}', spillDir: 'unsent', timeoutMs: 600000, queueBytes: ${QUEUE}, spillBytes: ${SPILL} })] });
const work = trace('work', (n) => n + 1);
const before = process.memoryUsage().external;
let most = 0, queued = 0;
for (let i = 0; i < ${COUNT}; i++) {
  runRoot('t' + i, () => work(i));
  if (i % 100 > 0) continue;
  await new Promise(setImmediate);
  // What is only waiting for the collector is not held by us.
  if (i % 2000 === 0) collect(), most = Math.max(most, process.memoryUsage().external - before);
  queued = Math.max(queued, stats().exporters[0].counts.waitingBytes);
}
process.on('exit', () => writeFileSync('stats.json', JSON.stringify({ most, queued, all: stats() })));
process.exit(0);`,
  });
  expect(await run(at)).toMatchObject({ code: 0, stdout: '' });
  const { most, queued, all } = JSON.parse(readFileSync(join(at, 'stats.json'), 'utf8'));
  const { segments, counts } = all.exporters[0];
  expect(segments).toBe(COUNT);
  expect(counts).toMatchObject({ waiting: 0, encode: 0, refused: 0, skipped: 0, crashes: 0 });
  expect(counts.delivered + counts.spilled + counts.dropped + counts.away).toBe(COUNT);

  const arrived = received
    .slice(0, 3)
    .flatMap(spanNames)
    .filter((name) => name !== 'work');
  const kept = readTraces(at, 'unsent').map(({ root }) => root.name);
  expect([arrived.length, kept.length]).toEqual([counts.delivered, counts.spilled]);
  expect(new Set([...arrived, ...kept]).size).toBe(arrived.length + kept.length);
  expect(counts.delivered).toBeGreaterThan(0);
  expect(counts.dropped).toBeGreaterThan(0);
  expect(queued).toBeLessThanOrEqual(QUEUE + 256 * 1024);
  expect(most).toBeLessThanOrEqual(QUEUE + BESIDE);
}, 300_000);
