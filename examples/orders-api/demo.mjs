/**
 * Starts the shop that `tspc` built, behaves like its customers, stops it, and shows what the shop's own functions did for each
 * request. Everything shown is read back from the trace file. Not instrumented itself.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatTree } from '@captureflow/trace';
import { readTraces } from './demo/read-traces.mjs';
import { send, STEPS } from './demo/requests.mjs';
import { shortenTrace } from './demo/shorten-trace.mjs';
import { startShop } from './demo/shop-process.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const width = Math.max(80, Math.min(process.stdout.columns ?? 100, 140));
const bold = (text) => (color ? `\u001b[1m${text}\u001b[22m` : text);

const shop = await startShop('dist/main.js', folder);
for (const step of STEPS) {
  step.answers = await Promise.all(step.requests.map((request) => send(shop.address, request)));
}
const code = await shop.stop();
if (code !== 0) fail(`the shop ended with code ${code}`);

const { files, traces } = readTraces(folder, shop.pid);
const requests = traces.filter((trace) => trace.root.kind === 'http');
const sent = STEPS.reduce((sum, step) => sum + step.requests.length, 0);
if (requests.length !== sent) fail(`${sent} requests were sent, but ${requests.length} were traced`);

for (const step of STEPS) {
  console.log(`\n${bold(`── ${step.title} ${'─'.repeat(Math.max(2, width - step.title.length - 4))}`)}`);
  if (step.note !== undefined) console.log(`   ${step.note}`);
  for (const trace of requests.splice(0, step.requests.length)) {
    const failed = trace.spans.some(({ outcome }) => outcome.kind === 'threw');
    const shown = shortenTrace(trace, {
      repeats: failed ? Number.POSITIVE_INFINITY : 2,
      isLeaf: (span) => step.show === 'services' && /^src\/(repositories|domain)\//.test(span.function.module),
      hasPlace: (span) => span.parent === 0 || span.outcome.kind === 'threw',
    });
    console.log(`\n${formatTree(shown, { color, width, maxSpans: Number.POSITIVE_INFINITY })}`.trimEnd());
  }
}

const spans = traces.reduce((sum, trace) => sum + trace.spans.length, 0);
console.log(`\n${bold('─'.repeat(width))}`);
console.log(`${traces.length} traces with ${spans.toLocaleString('en')} spans, all values of all functions, lie in`);
for (const file of files) console.log(`  ${relative(process.env.INIT_CWD ?? process.cwd(), file)}`);

function fail(problem) {
  console.error(`demo: ${problem}`);
  process.exit(1);
}
