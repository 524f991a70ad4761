/**
 * `npm run bench`: what instrumented code costs, beside plain code and beside peers. `-- --quick`: fewer, shorter rounds; `-- --rounds N`: so many; `-- --only NAME`: a suite
 * or one of its cases (repeatable); `-- --node PATH`: another Node; `-- --json FILE`, `-- --markdown FILE`, `-- --picture FILE` (SVG): the report in
 * these forms, too; `-- --list`: what there is. Needs `npm run build`. Each figure: fresh processes, the variants interleaved in an order that changes from round to
 * round, medians with a 95 % bootstrap interval.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine, formatMachine, formatTable } from 'captureflow/measure';
import { drawPicture } from './report/picture.mjs';
import { suites } from './suites.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    node: { type: 'string', default: process.execPath },
    json: { type: 'string' },
    markdown: { type: 'string' },
    picture: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

if (options.list) {
  for (const { name, cases } of suites) console.log(`${name}: ${cases.join(', ')}`);
  process.exit();
}
const unknown = options.only.filter((name) => !suites.some((suite) => suite.name === name || suite.cases.includes(name)));
if (unknown.length > 0) {
  console.error(
    `no suite or case ${unknown.join(', ')}; there are\n${suites.map(({ name, cases }) => `  ${name}: ${cases.join(', ')}`).join('\n')}`,
  );
  process.exit(1);
}

if (options.rounds !== undefined && !(Number.isInteger(Number(options.rounds)) && Number(options.rounds) > 0)) {
  console.error(`--rounds must be a whole number over 0, not ${options.rounds}`);
  process.exit(1);
}

const context = {
  node: options.node,
  rounds: options.rounds === undefined ? (options.quick ? 3 : 7) : Number(options.rounds),
  ms: options.quick ? 300 : 800,
  quick: options.quick,
  print: (table) => console.log(`\n${formatTable(table)}`),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  },
};
const machine = describeMachine(execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim());
console.log(`${formatMachine(machine)}; ${context.rounds} rounds of ${context.ms} ms`);
const results = {};
const begun = performance.now();
for (const suite of suites) {
  const only = choose(suite);
  if (only.length === 0) continue;
  try {
    results[suite.name] = await suite.run({ ...context, only });
    for (const failure of results[suite.name].failures ?? []) fail(failure);
  } catch (error) {
    fail(`${suite.name}: ${error.stack}`);
  }
  // After each suite: what an hour has shown must not be lost to what comes next.
  writeReports();
}
context.progress('');
console.log(`${((performance.now() - begun) / 60_000).toFixed(1)} minutes`);

function fail(text) {
  console.error(`bench: ${text}`);
  process.exitCode = 1;
}

function writeReports() {
  const tables = Object.values(results).flatMap((result) => result.tables);
  const bars = Object.values(results).flatMap((result) => result.bars);
  if (options.json !== undefined) {
    const suiteFigures = Object.fromEntries(Object.entries(results).map(([name, { figures }]) => [name, figures]));
    const report = { v: 2, machine, rounds: context.rounds, ms: context.ms, suites: suiteFigures };
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (options.markdown !== undefined) writeFileSync(options.markdown, `${formatMachine(machine)}\n\n${tables.map(formatTable).join('\n')}`);
  if (options.picture !== undefined && bars.length > 0) writeFileSync(options.picture, drawPicture(formatMachine(machine), bars));
}

/** The cases of a suite that were asked for; those that take very long only by name. */
function choose({ name, cases, onlyByName = [] }) {
  if (options.only.length === 0 || options.only.includes(name))
    return cases.filter((one) => !onlyByName.includes(one) || options.only.includes(one));
  return cases.filter((one) => options.only.includes(one));
}
