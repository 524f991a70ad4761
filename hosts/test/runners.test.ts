/** Vitest and Jest with each of its transformers: a project's own tests run the same and leave a trace. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HostWorkspace, type RunResult } from './host-workspace.ts';

let workspace: HostWorkspace;
beforeAll(async () => {
  workspace = await HostWorkspace.create(['runtime', 'esbuild-plugin', 'hosts', 'transformer', 'babel-plugin']);
  workspace.write({
    'package.json': JSON.stringify({ name: 'shop', private: true }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'CommonJS',
        ignoreDeprecations: '6.0',
        esModuleInterop: true,
        isolatedModules: true,
        types: [],
      },
    }),
    'src/rate.ts': 'export function rate(): number {\n  return 0.2;\n}\n',
    'src/price.ts':
      "import { rate } from './rate';\n\nexport function price(net: number): number {\n  if (net < 0) throw new Error('negative');\n  return net * (1 + rate());\n}\n",
    'src/mocked.ts': 'export const mocked: boolean = true;\n',
  });
});
afterAll(() => workspace.remove());
beforeEach(() => workspace.delete('.captureflow'));

const testFile = (
  tool: 'vi' | 'jest',
): string => `${tool === 'vi' ? "import { expect, test, vi } from 'vitest';\n" : '\n'}import { price } from '../src/price';

${tool}.mock('../src/rate', () => ({ rate: () => 1 }));

test('uses the mock, whose call is moved above the imports', () => {
  expect(price(2)).toBe(4);
});

test('maps lines', () => {
  let stack: string = '';
  try {
    price(-1);
  } catch (error) {
    stack = (error as Error).stack ?? '';
  }
  expect(stack).toContain('src/price.ts:4:');
});
`;

/** How many tests passed and failed, in the runner's own words. */
function counts({ stdout, stderr }: RunResult): string | undefined {
  return /Tests:? +.*/.exec(stdout + stderr)?.[0].replace(/\s+/g, ' ');
}

describe('Vitest', () => {
  test('runs instrumented tests with mocks; the trace shows the functions under test', async () => {
    workspace.write({
      'vitest.config.mjs': `import captureflow from '@captureflow/hosts/vite';
export default { plugins: process.env.PLAIN ? [] : [captureflow({ level: 'values' })], test: { include: ['vitest/*.test.ts'] } };
`,
      'vitest/price.test.ts': testFile('vi'),
    });
    const vitest = workspace.command('vitest');
    const plain = await workspace.node([vitest, 'run'], { env: { PLAIN: '1' } });
    const ours = await workspace.node([vitest, 'run']);
    expect(counts(plain)).toBe('Tests 2 passed (2)');
    expect(counts(ours)).toBe(counts(plain));
    expect(ours.code).toBe(0);
    expect(workspace.takeSeen()).toContain('price');
  });
});

const BABEL = { presets: [['@babel/preset-env', { targets: { node: 'current' } }], '@babel/preset-typescript'] };
const SWC = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } };
const TS_JEST = { diagnostics: false };

const TRANSFORMS: readonly { name: string; plain: unknown; ours: unknown }[] = [
  { name: '@swc/jest behind ours', plain: ['@swc/jest', SWC], ours: ['@captureflow/hosts/jest', { next: ['@swc/jest', SWC] }] },
  { name: 'babel-jest behind ours', plain: ['babel-jest', BABEL], ours: ['@captureflow/hosts/jest', { next: ['babel-jest', BABEL] }] },
  { name: 'ts-jest behind ours', plain: ['ts-jest', TS_JEST], ours: ['@captureflow/hosts/jest', { next: ['ts-jest', TS_JEST] }] },
  {
    name: "ts-jest's astTransformers",
    plain: ['ts-jest', TS_JEST],
    ours: ['ts-jest', { ...TS_JEST, astTransformers: { before: [{ path: '@captureflow/hosts/ts-jest', options: { level: 'values' } }] } }],
  },
  {
    name: 'babel-jest with our Babel plugin',
    plain: ['babel-jest', BABEL],
    ours: ['babel-jest', { ...BABEL, plugins: [['@captureflow/babel-plugin', { level: 'values' }]] }],
  },
];

describe.each(TRANSFORMS)('Jest: $name', ({ plain, ours }) => {
  const run = (transform: unknown): Promise<RunResult> => {
    workspace.write({
      'jest.config.json': JSON.stringify({
        testMatch: ['<rootDir>/jest/*.test.ts'],
        cacheDirectory: '<rootDir>/cache',
        transform: { '\\.[jt]s$': transform },
        setupFilesAfterEnv: transform === plain ? [] : ['@captureflow/hosts/jest-setup'],
      }),
      'jest/price.test.ts': testFile('jest'),
    });
    return workspace.node([workspace.command('jest'), '--config', 'jest.config.json', '--runInBand']);
  };

  test('runs instrumented tests with mocks; the trace shows the functions under test', async () => {
    const before = await run(plain);
    const after = await run(ours);
    expect(counts(before), before.stderr).toBe('Tests: 2 passed, 2 total');
    expect(counts(after), after.stderr).toBe(counts(before));
    expect(workspace.takeSeen()).toContain('price');
  });
});

describe('Jest: ts-jest that checks types', () => {
  const run = (source: string): Promise<RunResult> => {
    workspace.write({
      'src/checked.ts': source,
      'checked/checked.test.ts':
        "import { twice } from '../src/checked';\ndeclare const test: any;\n\ntest('twice', () => { twice(1); });\n",
      'jest.config.json': JSON.stringify({
        testMatch: ['<rootDir>/checked/*.test.ts'],
        cache: false,
        transform: { '\\.[jt]s$': ['@captureflow/hosts/jest', { next: ['ts-jest', { tsconfig: 'tsconfig.checked.json' }] }] },
      }),
      'tsconfig.checked.json': JSON.stringify({
        compilerOptions: { target: 'ES2022', module: 'CommonJS', ignoreDeprecations: '6.0', types: [] },
      }),
    });
    return workspace.node([workspace.command('jest'), '--config', 'jest.config.json', '--runInBand']);
  };

  test('is told what to write where it would check instrumented code', async () => {
    const { code, stderr } = await run('export const twice = (n: number): number => n * 2;\n');
    expect(code).not.toBe(0);
    expect(stderr).toContain('HOST_CHECKS_TYPES ts-jest would check the types of instrumented code');
    expect(stderr).toContain('astTransformers');
  });

  test("reports a program's own type errors as it does without us", async () => {
    const { stderr } = await run("export const twice = (n: number): number => 'x';\n");
    expect(stderr).toContain('TS2322');
    expect(stderr).not.toMatch(/HOST_CHECKS_TYPES|covM/);
  });
});

describe('Jest: the cache', () => {
  test('other options make other code, the same options do not transform again', async () => {
    const config = (options: object): string =>
      JSON.stringify({
        testMatch: ['<rootDir>/jest/*.test.ts'],
        cacheDirectory: '<rootDir>/cache-of-options',
        transform: { '\\.[jt]s$': ['@captureflow/hosts/jest', { next: ['@swc/jest', SWC], ...options }] },
        setupFilesAfterEnv: ['@captureflow/hosts/jest-setup'],
      });
    const run = async (options: object): Promise<string[]> => {
      workspace.write({ 'jest.config.json': config(options), 'jest/price.test.ts': testFile('jest') });
      const result = await workspace.node([workspace.command('jest'), '--config', 'jest.config.json', '--runInBand']);
      expect(result.code, result.stderr).toBe(0);
      return workspace.takeSeen();
    };
    expect(await run({})).toContain('price');
    expect(await run({ exclude: ['src/**'] })).not.toContain('price');
    expect(await run({})).toContain('price');
  });

  test('a wrong option fails the run', async () => {
    workspace.write({
      'jest.config.json': JSON.stringify({
        testMatch: ['<rootDir>/jest/*.test.ts'],
        transform: { '\\.[jt]s$': ['@captureflow/hosts/jest', { nxet: 'babel-jest' }] },
      }),
    });
    const result = await workspace.node([workspace.command('jest'), '--config', 'jest.config.json', '--runInBand']);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('OPTION_UNKNOWN Unknown option "nxet"');
  });
});
