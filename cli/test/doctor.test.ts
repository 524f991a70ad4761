import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkNode } from '../src/doctor/check-packages.ts';
import { Workbench } from './workbench.ts';

const whole = new Workbench();
const bare = new Workbench();

beforeAll(() => {
  whole.installBuilt('hosts', 'runtime');
  whole.write({
    'package.json': '{ "type": "module" }',
    'src/a.ts': 'export function a(): number { return 1; }\n/* captureflow:off */ export function b() {}\n',
    'src/c.ts': 'export const c = 1;\n',
    'dist/bundle.js': 'const key = Symbol.for("captureflow.probe-1");\n',
  });
});
afterAll(() => {
  whole.remove();
  bare.remove();
});

describe('captureflow doctor', () => {
  test('finds nothing wrong with a project that has all it needs, and says which code is instrumented and which is not, and why', async () => {
    const { code, out } = await whole.command('doctor');
    expect(out).toContain('ok   the runtime resolves');
    expect(out).toContain('\ndist: 1 of 1 file instrumented\n');
    expect(out).toContain(
      '\nsrc: 0 of 2 files instrumented\n1 not, with 1 function that could be: sources before a build, or no plugin saw them\n  src/a.ts: 1 function\n',
    );
    expect(out).not.toContain('half instrumented');
    expect(out).toContain('  src/a.ts:2:');
    expect(out).toContain('b OFF_BY_COMMENT: a captureflow:off comment says so');
    expect(out).toContain('  src/c.ts: has no functions to instrument');
    expect(code).toBe(0);
  });

  test('sees what was instrumented in place', async () => {
    whole.write({ 'done/a.js': 'export function a() { return 1; }\n' });
    await whole.command('instrument', 'done', '--in-place');
    expect((await whole.command('doctor', 'done')).out).toContain('done: 1 of 1 file instrumented');
  });

  test('fails where the runtime is missing, and says what to install', async () => {
    const { code, out } = await bare.command('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL the runtime resolves: .*\n +→ npm install @captureflow\/runtime\n/);
    expect(out).toContain('warn build plugin: none is installed here');
  });

  test('fails for options that make no sense', async () => {
    for (const [text, problem] of [
      ['{ "levle": "lines" }', 'level'],
      ['{ "level": ', 'JSON'],
    ] as const) {
      bare.write({ 'captureflow.config.json': text });
      const { code, out } = await bare.command('doctor');
      expect(code).toBe(1);
      expect(/FAIL captureflow\.config\.json: (.*)/.exec(out)?.[1]).toContain(problem);
    }
    bare.delete('captureflow.config.json');
  });

  test('prints the same as data', async () => {
    const { out } = await whole.command('doctor', 'src', '--json');
    const { files } = JSON.parse(out) as { files: { file: string; status: string; functions: number }[] };
    expect(files.map(({ file, status, functions }) => [file, status, functions])).toEqual([
      ['src/a.ts', 'not instrumented', 1],
      ['src/c.ts', 'left out', 0],
    ]);
  });

  test('writes nothing, also where the options of the build would', async () => {
    const asked = new Workbench();
    asked.installBuilt('hosts', 'runtime');
    asked.write({
      'captureflow.config.json': '{ "privacyManifest": "privacy.json", "metadata": "manifest" }',
      'package.json': '{ "type": "module" }',
      'src/a.js': 'export function a(b) { return b; }\n',
    });
    const before = asked.list('.');
    const { out } = await asked.command('doctor');
    expect(out).toContain('src/a.js: 1 function');
    expect(out).toContain('warn privacy manifest privacy.json: is not there yet');
    // The instrumenter writes it when nothing more came for 300 ms.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(asked.list('.')).toEqual(before);
    asked.remove();
  });

  test('says where the privacy manifest is and what it counts', async () => {
    expect((await bare.command('doctor')).out).toContain('ok   no privacy manifest: option "privacyManifest" of the plugin');
    bare.write({
      'captureflow.privacy.json':
        '{ "version": 1, "modules": { "a.ts": { "a": { "level": "locals", "hidden": { "pin": "by its name" } }, "b": { "level": "calls" } } } }',
    });
    expect((await bare.command('doctor')).out).toContain(
      'ok   privacy manifest captureflow.privacy.json: which names each function records; 2 functions of 1 file, 1 name hidden',
    );
    bare.write({ 'captureflow.privacy.json': '<<<<<<< HEAD' });
    expect((await bare.command('doctor')).out).toContain('FAIL privacy manifest captureflow.privacy.json');
    bare.delete('captureflow.privacy.json');
  });

  describe('of a build of which a part is instrumented', () => {
    const half = new Workbench();
    beforeAll(async () => {
      half.installBuilt('hosts', 'runtime');
      half.write({
        'package.json': '{ "type": "module" }',
        'dist/a.js': 'export function a() { return 1; }\n',
        'dist/b.js': 'export function b() { return 1; }\nexport const c = () => 2;\n',
      });
      await half.command('instrument', 'dist/a.js', '--in-place');
    });
    afterAll(() => half.remove());

    test('names what is not, and that a build without the plugin may have left it', async () => {
      half.age('dist/b.js', 3600);
      const { code, out } = await half.command('doctor');
      expect(out).toMatch(
        /warn dist is half instrumented: 1 of 2 files with functions are; not dist\/b\.js\n +→ they are older: remove the folder/,
      );
      expect(out).toContain('  dist/b.js: 2 functions; older than all that are: left there by a build without the plugin\n');
      expect(code).toBe(0);
      expect((await half.command('doctor', '--strict')).code).toBe(1);
    });

    test('says of what is as new that no plugin saw it', async () => {
      half.age('dist/b.js', -3600);
      expect((await half.command('doctor')).out).toContain('  dist/b.js: 2 functions; no plugin saw it: another step wrote it');
    });

    test('is not misled by chunks whose runtime a bundler has put into another file', async () => {
      half.write({
        'web/runtime.js': 'const key = Symbol.for("captureflow.probe-1");export{key as a};\n',
        'web/chunk.js':
          'import{a as t}from"./runtime.js";let r=()=>t({v:1,id:"src/a.ts",c:[[1,7,0,3,0,"f"]]});function f(){return r()}f();\n',
      });
      const { out } = await half.command('doctor', 'web');
      expect(out).toContain('web: 2 of 2 files instrumented');
      expect(out).not.toContain('half');
    });
  });

  describe('of copies of the runtime', () => {
    const several = new Workbench();
    const manifest = (name: string, version: string): string =>
      JSON.stringify({ name, version, exports: { './probe-1': './probe.js', './package.json': './package.json' } });
    const install = (folder: string, version: string): void =>
      several.write({
        [`${folder}node_modules/@captureflow/runtime/package.json`]: manifest('@captureflow/runtime', version),
        [`${folder}node_modules/@captureflow/runtime/probe.js`]: '',
      });
    const instrumented = 'import * as covR from "@captureflow/runtime/probe-1"; covR.register({v:1,id:"a.js",c:[]});\n';
    beforeAll(() => {
      install('', '0.1.0');
      several.write({
        'package.json': '{ "type": "module", "dependencies": { "@captureflow/runtime": "0.1.0", "orders": "1.0.0" } }',
        'dist/a.js': instrumented,
        'node_modules/orders/package.json': '{ "name": "orders", "dependencies": { "@captureflow/runtime": "*" } }',
      });
    });
    afterAll(() => several.remove());

    test('one, which the project and its packages share, is as it should be', async () => {
      expect((await several.command('doctor')).out).not.toMatch(/copies|versions of the runtime/);
    });

    test('two of one version are named with who asks for them', async () => {
      install('node_modules/orders/', '0.1.0');
      const { out } = await several.command('doctor');
      expect(out).toMatch(
        /warn 2 copies of the runtime: 0\.1\.0 in node_modules\/@captureflow\/runtime \(for this project, dist\/a\.js\); 0\.1\.0 in node_modules\/orders\/node_modules\/@captureflow\/runtime \(for orders\)/,
      );
      expect(out).toContain('→ npm dedupe');
    });

    test('two of different versions fail', async () => {
      install('node_modules/orders/', '0.2.0');
      const { code, out } = await several.command('doctor');
      expect(code).toBe(1);
      expect(out).toContain('FAIL 2 versions of the runtime in one program: 0.1.0 in');
      several.delete('node_modules/orders/node_modules');
    });

    test('of an instrumented package in the same repository its own copy counts', async () => {
      install('packages/pay/', '0.3.0');
      several.write({ 'packages/pay/package.json': '{ "name": "pay" }', 'packages/pay/dist/pay.js': instrumented });
      expect((await several.command('doctor', 'dist', 'packages')).out).toContain(
        '0.3.0 in packages/pay/node_modules/@captureflow/runtime (for packages/pay/dist/pay.js)',
      );
      several.delete('packages');
    });

    test('a bundle that carries one beside files that import another is said', async () => {
      several.write({ 'out/server.js': 'Symbol.for("captureflow.probe-1");\n' });
      expect((await several.command('doctor', 'dist', 'out')).out).toContain(
        'warn the runtime is in several files: out/server.js carries a copy inside, and other files import it',
      );
    });

    test('instrumented files that find none fail, though the project has one', async () => {
      const lost = new Workbench();
      lost.write({ 'built/a.js': instrumented });
      const { code, out } = await several.command('doctor', lost.folder);
      expect(code).toBe(1);
      expect(out).toMatch(/FAIL instrumented files find their runtime: @captureflow\/runtime cannot be found from .*built\/a\.js/);
      lost.remove();
    });
  });

  test.each([
    ['v18.20.0', 'fail'],
    ['v20.20.1', 'fail'],
    ['v20.20.2', 'ok'],
    ['v24.0.0', 'ok'],
  ])('Node %s: %s', (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });
});
