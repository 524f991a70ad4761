/** The real Nest CLI builds a small project with our compiler plugin. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLED, HostWorkspace, PRINTED } from './host-workspace.ts';

let workspace: HostWorkspace;
beforeAll(async () => {
  workspace = await HostWorkspace.create(['runtime', 'esbuild-plugin', 'hosts', 'transformer']);
  workspace.write({
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'NodeNext',
        rootDir: 'src',
        outDir: 'dist',
        lib: ['ES2022'],
        types: [],
        allowJs: true,
        sourceMap: true,
        noCheck: true,
        rewriteRelativeImportExtensions: true,
      },
      include: ['src'],
    }),
  });
});
afterAll(() => workspace.remove());

function configure(plugins: readonly object[]): void {
  workspace.write({
    'nest-cli.json': JSON.stringify({ sourceRoot: 'src', compilerOptions: { builder: 'tsc', deleteOutDir: true, plugins } }),
  });
}

describe('nest build', () => {
  test('builds a program that prints the same, leads errors back to the source and leaves a trace of all its functions', async () => {
    const nest = workspace.command('@nestjs/cli', 'nest');
    for (const plugins of [[], [{ name: '@captureflow/hosts/nest', options: { level: 'values' } }]]) {
      configure(plugins);
      expect(await workspace.node([nest, 'build'])).toMatchObject({ code: 0 });
      expect(await workspace.node(['--enable-source-maps', 'dist/main.js'])).toEqual({ code: 0, stdout: PRINTED, stderr: '' });
      expect(workspace.takeSeen()).toEqual(plugins.length === 0 ? [] : CALLED);
    }
  });

  test('a wrong option fails the build', async () => {
    configure([{ name: '@captureflow/hosts/nest', options: { levle: 'values' } }]);
    const result = await workspace.node([workspace.command('@nestjs/cli', 'nest'), 'build']);
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).toContain('OPTION_UNKNOWN Unknown option "levle"; did you mean "level"?');
  });
});
