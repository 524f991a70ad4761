/** Vitest and Jest with a setup file of ours: each test is a root of its own. */
import type { Trace } from '@captureflow/trace';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HostWorkspace } from './host-workspace.ts';

let workspace: HostWorkspace;
beforeAll(async () => {
  workspace = await HostWorkspace.create(['runtime', 'esbuild-plugin', 'hosts']);
  workspace.write({
    'package.json': JSON.stringify({ name: 'shop', private: true }),
    'src/price.ts': `export function price(net: number): number {
  if (net < 0) throw new Error('negative');
  return net * 1.2;
}

export async function later(net: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return price(net);
}
`,
  });
});
afterAll(() => workspace.remove());
beforeEach(() => workspace.delete('.captureflow'));

/** `head`: what the runner needs in front. */
const tests = (head: string): string => `${head}
import { later, price } from '../src/price';

describe('a shop', () => {
  beforeEach(() => { price(1); });
  afterEach(() => { price(9); });
  test('adds tax', () => { expect(price(10)).toBe(12); });
  test('fails', () => { expect(price(20)).toBe(0); });
  test('throws', () => { price(-1); });
  test('waits', async () => { expect(await later(30)).toBe(36); });
  test.each([[40], [50]])('takes %d', (net) => { expect(price(net)).toBe(net * 1.2); });
});
`;

/** Of each test: its name, whether it passed, and which functions of the shop it called with what. */
function told(traces: readonly Trace[]): unknown[] {
  return traces
    .filter(({ root }) => root.kind === 'test')
    .map(({ root, spans }) => [
      root.name,
      root.attributes['test.case.result.status'],
      spans.flatMap(({ function: { name }, args: [net] }) => {
        if (name !== 'price' && name !== 'later') return [];
        return [`${name} ${net?.value.kind === 'number' ? net.value.value : ''}`];
      }),
    ]);
}

const CALLS: readonly (readonly [string, string, string[]])[] = [
  ['adds tax', 'pass', ['price 10']],
  ['fails', 'fail', ['price 20']],
  ['throws', 'fail', ['price -1']],
  ['waits', 'pass', ['later 30', 'price 30']],
  ['takes 40', 'pass', ['price 40']],
  ['takes 50', 'pass', ['price 50']],
];

test('each test of Vitest is a root with its hooks and its outcome, tests that run at the same time too', async () => {
  workspace.write({
    'vitest.config.mjs': `import captureflow from '@captureflow/hosts/vite';
export default { plugins: [captureflow()], test: { include: ['vitest/*.test.ts'], setupFiles: ['@captureflow/hosts/vitest-setup'] } };
`,
    'vitest/price.test.ts': tests("import { afterEach, beforeEach, describe, expect, test } from 'vitest';"),
    'vitest/together.test.ts': `import { describe, expect, test } from 'vitest';
import { later } from '../src/price';
describe.concurrent('at once', () => {
  test.each([[1], [2], [3]])('waits %d', async (net) => { await later(net); await later(net); });
});
`,
  });
  const { stdout } = await workspace.node([workspace.command('vitest'), 'run']);
  expect(stdout).toContain('2 failed | 7 passed');
  const traces = workspace.takeTraces();
  const alone = traces.filter(({ root }) => !root.name.startsWith('at once'));
  expect(told(alone)).toEqual(CALLS.map(([name, status, calls]) => [`a shop > ${name}`, status, ['price 1', ...calls, 'price 9']]));
  const together = traces.filter(({ root }) => root.name.startsWith('at once'));
  expect(told(together).sort()).toEqual(
    [1, 2, 3].map((net) => [`at once > waits ${net}`, 'pass', [`later ${net}`, `price ${net}`, `later ${net}`, `price ${net}`]]),
  );
  expect(alone[0]?.root.attributes).toMatchObject({
    'test.case.name': 'adds tax',
    'code.file.path': expect.stringMatching(/vitest\/price\.test\.ts$/),
  });
});

test('each test of Jest is a root with its hooks', async () => {
  const SWC = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } };
  workspace.write({
    'jest.config.json': JSON.stringify({
      testMatch: ['<rootDir>/jest/*.test.ts'],
      cacheDirectory: '<rootDir>/cache',
      transform: { '\\.[jt]s$': ['@captureflow/hosts/jest', { next: ['@swc/jest', SWC] }] },
      setupFilesAfterEnv: ['@captureflow/hosts/jest-setup'],
    }),
    'jest/price.test.ts': tests(''),
  });
  const { stderr } = await workspace.node([workspace.command('jest'), '--config', 'jest.config.json', '--runInBand']);
  expect(stderr).toContain('2 failed, 4 passed');
  const traces = workspace.takeTraces();
  expect(told(traces)).toEqual(CALLS.map(([name, , calls]) => [`a shop ${name}`, undefined, ['price 1', ...calls, 'price 9']]));
  expect(traces.find(({ root }) => root.kind === 'test')?.root.attributes).toMatchObject({
    'code.file.path': expect.stringMatching(/jest\/price\.test\.ts$/),
  });
});
