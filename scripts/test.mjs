/**
 * `npm test`: build, type check of the tests, lint, then vitest over all packages. The last line is `N passed, N failed`, where each of
 * the first three counts as one check beside the tests. A skipped or unfinished test counts as failed: nothing here may be left out, but what its name says to need another
 * version of Node than this one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.mjs';

const NEEDS_NODE = /\bNode\b.* from \d+(\.\d+)? on\b/;

let passed = 0;
let failed = 0;

async function check(title, command, args) {
  console.log(`\n== ${title}`);
  const { code } = await run(command, args);
  if (code === 0) passed++;
  else failed++;
  return code === 0;
}

const built = await check('build', process.execPath, ['scripts/build.mjs']);
if (built) await check('type check of the tests', 'tsc', ['-p', 'tsconfig.test.json']);
await check('lint', 'oxlint', ['--deny-warnings']);
if (built) await tests();

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function tests() {
  console.log('\n== vitest');
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-test-'));
  const file = join(folder, 'report.json');
  const { code } = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    passed += report.numPassedTests;
    const skipped = report.testResults
      .flatMap((result) => result.assertionResults)
      .filter((test) => ['skipped', 'pending'].includes(test.status));
    const excused = skipped.filter((test) => NEEDS_NODE.test(test.fullName)).length;
    if (excused > 0) console.log(`${excused} tests need another version of Node than ${process.version}`);
    failed += report.numTotalTests - report.numPassedTests - excused;
    // A file that fails to load has no tests in the report, only a failed suite; an unhandled error has neither.
    const files = report.testResults.filter((result) => result.status === 'failed' && result.assertionResults.length === 0).length;
    failed += files;
    if (code !== 0 && failed === 0) failed++;
  } catch (error) {
    console.error(`no report from vitest: ${error.message}`);
    failed++;
  }
  rmSync(folder, { recursive: true });
}
