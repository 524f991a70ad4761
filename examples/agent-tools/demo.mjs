/** Runs the agent as plain `tsc` built it, then as `tspc` built it, and prints the tree of each from its trace file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTraces, formatTree, readSegments } from '@captureflow/trace';

const folder = fileURLToPath(new URL('.', import.meta.url));
const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const width = Math.max(80, Math.min(process.stdout.columns ?? 100, 140));

await show('plain', 'Built with tsc: only what trace() and @trace wrap is seen');
await show('traced', 'Built with tspc: every function, and the wrapped library calls inside');

async function show(build, title) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(2, width - title.length - 4))}\n`);
  const child = spawn(process.execPath, [`dist/${build}/main.js`], {
    cwd: folder,
    env: { ...process.env, CAPTUREFLOW: 'on', CAPTUREFLOW_BUDGET: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) fail(`the agent ended with code ${code}`);
  const { files, traces } = readTraces(child.pid);
  const run = traces.find((trace) => trace.root.kind === 'run');
  if (run === undefined) fail('the run left no trace');
  console.log(`\n${formatTree(run, { color, width })}`);
  for (const file of files) console.log(`written to ${relative(process.env.INIT_CWD ?? process.cwd(), file)}`);
}

function readTraces(pid) {
  const directory = join(folder, '.captureflow');
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.cft') && name.split(/[-.]/).includes(String(pid)))
    .map((name) => join(directory, name));
  return { files, traces: buildTraces(files.flatMap((file) => readSegments(readFileSync(file)).segments)) };
}

function fail(problem) {
  console.error(`demo: ${problem}`);
  process.exit(1);
}
