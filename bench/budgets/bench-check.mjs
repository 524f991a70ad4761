/**
 * `npm run bench:check`: runs a quick bench and fails when a budget of budgets.json is broken. `-- --report FILE`: judges what `bench --json` wrote instead;
 * `-- --node PATH`, `-- --only NAME` (repeatable) as `bench`; a budget of what was not run is not judged.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatTable } from 'captureflow/measure';
import { checkBudgets } from './check-budgets.mjs';

const { values: options } = parseArgs({
  options: {
    report: { type: 'string' },
    node: { type: 'string', default: process.execPath },
    only: { type: 'string', multiple: true, default: ['fib', 'programs', 'server', 'delivery'] },
  },
});
const budgets = JSON.parse(readFileSync(new URL('budgets.json', import.meta.url), 'utf8'));
const report = JSON.parse(readFileSync(options.report ?? measure(), 'utf8'));
const rows = checkBudgets(report, budgets).filter(({ verdict }) => verdict !== 'not measured');
if (rows.length === 0) {
  console.error('bench:check: nothing that has a budget was measured');
  process.exit(1);
}
const number = (value) => (value === undefined ? '' : value.toFixed(2));
console.log(
  formatTable({
    title: `Budgets on Node ${report.machine.node}`,
    head: ['', 'figure', 'measured', 'noise', 'at most', 'goal', ''],
    rows: rows.map((row) => [
      `${row.suite}: ${row.variant}`,
      row.figure === 'added' ? 'most ns added a call' : row.figure,
      number(row.value),
      number(row.noise),
      number(row.atMost),
      number(row.goal),
      row.verdict,
    ]),
  }),
);
const broken = rows.filter(({ verdict }) => verdict === 'broken').length;
const unknown = rows.filter(({ verdict }) => verdict === 'too noisy to tell').length;
console.log(`${rows.length - broken - unknown} budgets kept, ${broken} broken, ${unknown} too noisy to tell`);
process.exitCode = broken === 0 ? 0 : 1;

function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-bench-check-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'report.json');
  const bench = fileURLToPath(new URL('../bench.mjs', import.meta.url));
  const only = options.only.flatMap((name) => ['--only', name]);
  execFileSync(process.execPath, [bench, '--quick', '--node', options.node, '--json', file, ...only], { stdio: 'inherit' });
  return file;
}
