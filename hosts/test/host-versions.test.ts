/** Tools of versions that are not supported, and modules that are not there: one sentence, at once. */
import { expect, test } from 'vitest';
import { createTransformer } from '../src/jest.ts';
import vite from '../src/vite.ts';
import webpack, { type LoaderContext } from '../src/webpack.ts';
import { HostWorkspace } from './host-workspace.ts';

const sentence = (host: string, version: string, range: string): string =>
  `[captureflow] HOST_UNSUPPORTED ${host} ${version} is not supported: this version of CaptureFlow works with ${range}.`;

function load(context: Partial<LoaderContext>): void {
  const base = { resourcePath: import.meta.filename, rootContext: import.meta.dirname, getOptions: () => ({}), callback: () => {} };
  webpack.call({ ...base, ...context } as LoaderContext, '');
}

test.each([
  ['webpack', '4.47.0', 'webpack 5', { version: '4.47.0' }],
  ['webpack', '6.0.0', 'webpack 5', { version: '6.0.0' }],
  ['Rspack', '1.7.12', 'Rspack 2', { version: '5.75.0', rspackVersion: '1.7.12' }],
])('%s %s is refused', (host, version, range, built) => {
  expect(() => load({ _compiler: { webpack: built } })).toThrow(sentence(host, version, range));
});

test('webpack 5, Rspack 2 and loaders without a compiler are taken', () => {
  for (const built of [{ version: '5.112.2' }, { version: '5.75.0', rspackVersion: '2.3.2' }]) load({ _compiler: { webpack: built } });
  expect(() => load({})).not.toThrow();
});

test('a Vite that says its version, and one that does not, are refused', async () => {
  const workspace = new HostWorkspace();
  workspace.write({ 'node_modules/vite/package.json': '{ "name": "vite", "version": "6.4.6" }' });
  const before = process.cwd();
  process.chdir(workspace.folder);
  try {
    expect(() => vite()[0].config.call({ meta: { viteVersion: '7.3.8' } })).toThrow(sentence('Vite', '7.3.8', 'Vite 8'));
    expect(() => vite()[0].config.call(undefined)).toThrow(sentence('Vite', '6.4.6', 'Vite 8'));
  } finally {
    process.chdir(before);
    workspace.remove();
  }
});

test.each(['27.5.1', '31.0.0'])('Jest %s is refused', (version) => {
  const workspace = new HostWorkspace();
  workspace.write({ 'node_modules/jest/package.json': `{ "name": "jest", "version": "${version}" }` });
  const given = { config: { rootDir: workspace.folder }, configString: '', instrument: false, transformerConfig: {} };
  expect(() => createTransformer().process('', 'a.js', given)).toThrow(sentence('Jest', version, 'Jest from 29.0 on and below 31'));
  workspace.remove();
});

test('a transformer that is not installed is named, with what to do', async () => {
  const workspace = await HostWorkspace.create(['hosts', 'esbuild-plugin', 'runtime']);
  workspace.delete('node_modules/@nestjs');
  workspace.write({
    'nest.cjs': "require('@captureflow/hosts/nest').before({}, undefined);",
    'jest.cjs': `const given = { config: { rootDir: __dirname }, configString: '' };
require('@captureflow/hosts/jest').default.createTransformer({ next: 'no-such-transformer' }).process('', 'a.js', given);`,
  });
  const [nest, jest] = [await workspace.node(['nest.cjs']), await workspace.node(['jest.cjs'])];
  workspace.remove();
  expect(nest.stderr).toContain('HOST_MODULE_MISSING This entry of @captureflow/hosts needs the module "@captureflow/transformer"');
  expect(nest.stderr).toContain('install it (npm install -D @captureflow/transformer).');
  expect(jest.stderr).toContain('HOST_MODULE_MISSING Option "next" of @captureflow/hosts/jest needs the module "no-such-transformer"');
});

test('a Nest CLI of another version is refused', async () => {
  const workspace = await HostWorkspace.create(['hosts', 'transformer', 'esbuild-plugin', 'runtime']);
  workspace.delete('node_modules/@nestjs');
  workspace.write({
    'node_modules/@nestjs/cli/package.json': '{ "name": "@nestjs/cli", "version": "9.5.0" }',
    'nest.cjs': "require('@captureflow/hosts/nest').before({}, undefined);",
  });
  const { code, stderr } = await workspace.node(['nest.cjs']);
  workspace.remove();
  expect(code).toBe(1);
  expect(stderr).toContain(sentence('Nest CLI', '9.5.0', 'Nest CLI from 11.0 on and below 13'));
});
