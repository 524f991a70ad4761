/**
 * What a user would trip over in the published packages: publint (manifest against files), attw (types against JavaScript, per module
 * system), the packages that types name and knip (files, exports and dependencies that nobody uses). Run `npm run build` before. The last line counts the checks.
 */
import { run } from './run.mjs';

/** With attw's profile: ESM only, or what every module system can load. */
const PUBLISHED = {
  trace: 'esm-only',
  runtime: 'node16',
  transformer: 'node16',
  'babel-plugin': 'node16',
  'esbuild-plugin': 'esm-only',
  hosts: 'esm-only',
  cli: 'esm-only',
};

let passed = 0;
let failed = 0;

async function check(title, command, args) {
  const { code, output } = await run(command, args, { capture: true, env: { NO_COLOR: '1' } });
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${title}`);
  if (code === 0) passed++;
  else {
    failed++;
    console.log(output);
  }
}

for (const [name, profile] of Object.entries(PUBLISHED)) {
  await check(`publint ${name}`, 'publint', [name, '--strict']);
  await check(`attw ${name}`, 'attw', ['--pack', name, '--profile', profile]);
  await check(`declarations ${name}`, process.execPath, ['scripts/check-declarations.mjs', name]);
}
await check('knip', 'knip', ['--no-progress']);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
