import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let said: string[];

beforeEach(() => {
  vi.resetModules();
  said = [];
  // Warnings go to the descriptor itself.
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((id: string) =>
    id === 'node:fs' ? { writeSync: (_file: number, text: string) => said.push(text) } : undefined) as typeof process.getBuiltinModule);
});
afterEach(() => vi.restoreAllMocks());

async function read(variables: Record<string, string>) {
  const { readEnvironment, startsByItself } = await import('../src/environment.ts');
  const environment = readEnvironment(variables);
  return { ...environment, starts: startsByItself({ ...environment, hasFiles: true }) };
}

test('with nothing set recording starts by itself at the full level', async () => {
  expect(await read({})).toMatchObject({
    switch: undefined,
    level: undefined,
    devServer: false,
    console: false,
    production: false,
    starts: true,
  });
  expect(said).toEqual([]);
});

test.each([
  [{ CAPTUREFLOW: 'off' }, false],
  [{ CAPTUREFLOW: '0' }, false],
  [{ CAPTUREFLOW: 'OFF', CAPTUREFLOW_CONSOLE: 'true' }, false],
  [{ NODE_ENV: 'production' }, false],
  [{ NODE_ENV: 'production', CAPTUREFLOW_SERVER_URL: 'http://127.0.0.1:8000' }, false],
  [{ NODE_ENV: 'production', CAPTUREFLOW: 'on' }, true],
  [{ NODE_ENV: 'production', CAPTUREFLOW_DEV_SERVER: 'true' }, true],
  [{ NODE_ENV: 'production', CAPTUREFLOW_CONSOLE: '1' }, true],
  [{ NODE_ENV: 'test' }, true],
  [{ CAPTUREFLOW: '' }, true],
] as [Record<string, string>, boolean][])('%j starts by itself: %s', async (variables, starts) => {
  expect((await read(variables)).starts).toBe(starts);
});

test('values are read with any case and surrounding blanks', async () => {
  expect(
    await read({
      CAPTUREFLOW: ' On ',
      CAPTUREFLOW_LEVEL: 'Values',
      CAPTUREFLOW_PROFILE: 'Production',
      CAPTUREFLOW_BUDGET: '0.5',
      CAPTUREFLOW_DEV_SERVER: 'TRUE',
      CAPTUREFLOW_SERVER_URL: 'http://127.0.0.1:8000',
      CAPTUREFLOW_REPOSITORY_URL: 'https://example.org/r',
      CAPTUREFLOW_COLLECTOR_URL: 'http://127.0.0.1:4319',
      OTEL_SERVICE_NAME: 'shop',
    }),
  ).toMatchObject({
    switch: 'on',
    level: 'values',
    profile: 'production',
    budget: 0.5,
    devServer: true,
    serverUrl: 'http://127.0.0.1:8000',
    repositoryUrl: 'https://example.org/r',
    collectorUrl: 'http://127.0.0.1:4319',
    process: { service: 'shop' },
  });
});

test.each([
  ['CAPTUREFLOW', 'maybe', { switch: undefined }],
  ['CAPTUREFLOW_LEVEL', 'everything', { level: undefined }],
  ['CAPTUREFLOW_PROFILE', 'prod', { profile: undefined }],
  ['CAPTUREFLOW_BUDGET', '5 %', { budget: undefined }],
  ['CAPTUREFLOW_BUDGET', '0', { budget: undefined }],
  ['CAPTUREFLOW_BUDGET', '2', { budget: undefined }],
  ['CAPTUREFLOW_DEV_SERVER', 'yep', { devServer: false }],
  ['CAPTUREFLOW_CONSOLE', '2', { console: false }],
  ['CAPTUREFLOW_SERVER_URL', 'ftp://example.org', { serverUrl: undefined }],
  ['CAPTUREFLOW_SERVER_URL', 'nowhere', { serverUrl: undefined }],
])('%s=%s costs one warning and the default', async (name, value, expected) => {
  expect(await read({ [name]: value })).toMatchObject(expected);
  await read({ [name]: value });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(new RegExp(`^captureflow: .*${name}.*\\n$`));
});
