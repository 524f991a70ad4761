/**
 * What a user would trip over in the published packages: publint (manifest against files), attw (types against JavaScript, per module
 * system) and knip (files, exports and dependencies that nobody uses). Run `npm run build` before. The last line counts the checks.
 */
import { run } from './run.mjs';

const PUBLISHED = ['trace', 'runtime', 'transformer'];

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

for (const name of PUBLISHED) {
  await check(`publint ${name}`, 'publint', [name, '--strict']);
  // trace is ESM only; transformer is CommonJS only, which every module system can import; runtime is both.
  await check(`attw ${name}`, 'attw', ['--pack', name, '--profile', name === 'trace' ? 'esm-only' : 'node16']);
}
await check('knip', 'knip', ['--no-progress']);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
