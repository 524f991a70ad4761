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
    expect(out).toContain('1 of 3 files are instrumented');
    expect(out).toContain('  src/a.ts: 1 functions');
    expect(out).toContain('  src/a.ts:2:');
    expect(out).toContain('b OFF_BY_COMMENT: a captureflow:off comment says so');
    expect(out).toContain('  src/c.ts: has no functions to instrument');
    expect(code).toBe(0);
  });

  test('sees what was instrumented in place', async () => {
    whole.write({ 'done/a.js': 'export function a() { return 1; }\n' });
    await whole.command('instrument', 'done', '--in-place');
    expect((await whole.command('doctor', 'done')).out).toContain('1 of 1 files are instrumented');
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

  test.each([
    ['v18.20.0', 'fail'],
    ['v20.20.1', 'fail'],
    ['v20.20.2', 'ok'],
    ['v24.0.0', 'ok'],
  ])('Node %s: %s', (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });
});
