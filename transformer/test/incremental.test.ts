/**
 * Builds that remember: `tspc -b` with references, `--incremental`, `--watch`. Pins what really happens when plugin options change (H106):
 * TypeScript's build state does not know them.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createWorkspace, tsconfig, type Workspace } from './tspc-workspace.ts';

// Each test starts compilers; a busy machine must not decide it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
  workspace.write({ 'package.json': { type: 'module' } });
});
afterAll(() => workspace.remove());

const levelOf = (path: string): string =>
  /\.values\d\(/.test(workspace.read(path)) ? 'locals' : workspace.read(path).includes('cov') ? 'calls' : 'plain';

const SOURCE = 'export const f = (a: number) => { const b = a + 1; return b; };\n';

test('tspc -b builds referenced projects, each with its own options', async () => {
  workspace.write({
    'lib/src/lib.ts': SOURCE,
    'lib/tsconfig.json': tsconfig({ composite: true }, { level: 'calls' }),
    'app/src/main.ts': `import { f } from '../../lib/out/lib.js';\nconst twice = (a: number) => { const c = f(a); return c * 2; };\nconsole.log(twice(1));\n`,
    'app/tsconfig.json': tsconfig({ composite: true }, {}, { references: [{ path: '../lib' }] }),
  });
  expect(await workspace.tspc(['-b', 'app'], { CAPTUREFLOW_REPORT: 'summary' })).toMatchObject({
    code: 0,
    output: '[captureflow] 2 of 2 functions instrumented\n',
  });
  expect([levelOf('lib/out/lib.js'), levelOf('app/out/main.js')]).toEqual(['calls', 'locals']);
  expect((await workspace.node('app/out/main.js')).output).toBe('4\n');
});

test('a change of plugin options alone is not seen by an incremental build; --force applies it', async () => {
  workspace.write({
    'trap/src/a.ts': SOURCE,
    'trap/src/b.ts': SOURCE,
    'trap/tsconfig.json': tsconfig({ composite: true }, { level: 'locals' }),
  });
  expect((await workspace.tspc(['-b', 'trap'])).code).toBe(0);
  expect(levelOf('trap/out/a.js')).toBe('locals');

  workspace.write({ 'trap/tsconfig.json': tsconfig({ composite: true }, { level: 'calls' }), 'trap/src/b.ts': `${SOURCE}// edited\n` });
  expect((await workspace.tspc(['-b', 'trap'])).code).toBe(0);
  expect([levelOf('trap/out/a.js'), levelOf('trap/out/b.js')], 'only the edited file has the new options').toEqual(['locals', 'calls']);

  expect((await workspace.tspc(['-b', '--force', 'trap'])).code).toBe(0);
  expect(levelOf('trap/out/a.js')).toBe('calls');
});

test('an error of ours is not remembered: once the cause is gone, the next incremental build emits every file', async () => {
  const files = { 'fixed/src/a.ts': SOURCE, 'fixed/src/deep/b.ts': SOURCE };
  workspace.write({ ...files, 'fixed/tsconfig.json': tsconfig({ incremental: true }, { level: 'everything' }) });
  const failed = await workspace.tspc(['-p', 'fixed']);
  expect(failed.code).not.toBe(0);
  expect(failed.output.match(/OPTION_INVALID/g)).toHaveLength(1);

  workspace.write({ 'fixed/tsconfig.json': tsconfig({ incremental: true }, { level: 'calls' }) });
  expect(await workspace.tspc(['-p', 'fixed'])).toMatchObject({ code: 0, output: '' });
  expect([levelOf('fixed/out/a.js'), levelOf('fixed/out/deep/b.js')]).toEqual(['calls', 'calls']);
});

test('tspc --watch instruments a changed file again', async () => {
  workspace.write({ 'watched/src/a.ts': SOURCE, 'watched/src/b.ts': SOURCE, 'watched/tsconfig.json': tsconfig({}, { level: 'calls' }) });
  const watch = workspace.watch(['-p', 'watched', '--watch', '--preserveWatchOutput']);
  try {
    await watch.until(/Found 0 errors/);
    expect(workspace.read('watched/out/a.js')).toMatch(/c: \[\[1, .*"f"/);
    rmSync(join(workspace.folder, 'watched/out/b.js'));
    workspace.write({ 'watched/src/a.ts': `\n${SOURCE}` });
    await watch.until(/File change detected[\s\S]*Found 0 errors/);
    expect(workspace.read('watched/out/a.js')).toMatch(/c: \[\[2, .*"f"/);
    expect(() => workspace.read('watched/out/b.js'), 'the other file is not built again').toThrow();
  } finally {
    await watch.stop();
  }
});
