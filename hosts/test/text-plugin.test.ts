/** The plugin object by itself: what the bundlers' types accept, which ids are scripts, which versions are refused. */
import type { Plugin as RolldownPlugin } from 'rolldown';
import type { Plugin as RollupPlugin } from 'rollup';
import { expect, test } from 'vitest';
import type { PluginOption } from 'vite';
import { checkVersion } from '../src/check-version.ts';
import rollup from '../src/rollup.ts';
import { toScriptFile } from '../src/script-file.ts';
import vite from '../src/vite.ts';

test("the plugins are what the bundlers' own types ask for", () => {
  const forRollup: RollupPlugin = rollup();
  const forRolldown: RolldownPlugin = rollup();
  const forVite: PluginOption[] = [vite()];
  expect([forRollup, forRolldown].map(({ name }) => name)).toEqual(['captureflow', 'captureflow']);
  expect(forVite).toMatchObject([[{ name: 'captureflow' }, { name: 'captureflow:behind-compilers' }]]);
});

test.each([
  ['/src/a.ts', '/src/a.ts'],
  ['/src/a.ts?t=1700000000000', '/src/a.ts'],
  ['/src/a.ts?worker_file&type=module', '/src/a.ts'],
  ['/src/a.ts?worker', undefined],
  ['/src/a.ts?sharedworker&inline', undefined],
  ['/src/a.ts?raw', undefined],
  ['/src/a.ts?url', undefined],
  ['/src/a.js?commonjs-proxy', undefined],
])('the program of module %s is %s', (id, file) => {
  expect(toScriptFile(id)).toBe(file);
});

test.each(['\0virtual:a.js', '/src/a.css', '/src/App.vue', '/src/App.vue?vue&type=style&lang.css', '/src/data.json'])(
  'module %j is not asked about',
  (id) => {
    expect(rollup().transform.filter.id.test(id)).toBe(false);
    expect(rollup().transform.handler('function f() {}', id)).toBeUndefined();
  },
);

test('wrong options are refused where they are written', () => {
  expect(() => vite({ level: 'loud' } as never)).toThrow('OPTION_INVALID');
});

test('a version outside the range is refused in one sentence that says the range', () => {
  const range = { from: [4, 0], before: 5 } as const;
  expect(() => checkVersion('Rollup', '3.29.5', range)).toThrow(
    '[captureflow] HOST_UNSUPPORTED Rollup 3.29.5 is not supported: this version of CaptureFlow works with Rollup 4.',
  );
  expect(() => checkVersion('Rollup', '5.0.0-1', range)).toThrow('HOST_UNSUPPORTED');
  for (const version of ['4.0.0', '4.68.7', undefined]) expect(checkVersion('Rollup', version, range)).toBeUndefined();
});
