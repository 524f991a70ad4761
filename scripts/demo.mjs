/** `npm run demo`: builds the packages, then builds and runs the two example programs. Exits with the first failure's code. */
import { run } from './run.mjs';

console.log('Building the packages, then the two programs …');
const built = await run(process.execPath, ['scripts/build.mjs'], { capture: true });
if (built.code !== 0) {
  process.stdout.write(built.output);
  process.exit(built.code);
}
for (const example of ['examples/orders-api', 'examples/agent-tools']) {
  const { code } = await run('npm', ['run', '--silent', 'demo', '-w', example]);
  if (code !== 0) process.exit(code);
}
