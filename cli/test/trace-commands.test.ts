import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportFormats, fromOtlpJson } from '@captureflow/trace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record, traceFile } from './trace-files.ts';
import { Workbench } from './workbench.ts';

const bench = new Workbench();
const LATER = {
  spanBase: '1111111111111111',
  timeOrigin: 1_700_000_060_000,
  root: { kind: 'http', name: 'GET /orders', attributes: {} },
} as const;

beforeAll(() => {
  bench.write({ '.captureflow/.keep': '', 'other/.keep': '' });
  writeFileSync(join(bench.folder, '.captureflow/a.cft'), traceFile(record({}, 3), record(LATER, 2)));
  const renamed = [{ id: 0, module: 'src/app.ts', record: ['store', 3, 1, 3, [], [], [], [], 9] as const }];
  writeFileSync(join(bench.folder, 'other/b.cft'), traceFile(record({}, 2), record({ ...LATER, functions: renamed as never }, 1)));
  writeFileSync(join(bench.folder, 'cut.cft'), traceFile(record(), record(LATER)).subarray(0, -3));
});
afterAll(() => bench.remove());

describe('captureflow tree', () => {
  test('prints the traces of .captureflow, oldest first', async () => {
    const { code, out, errors } = await bench.command('tree');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(out).toBe(`job  100 ms
├─ load()  500 µs  src/app.ts:3
├─ load()  500 µs  src/app.ts:3
└─ load()  500 µs  src/app.ts:3

GET /orders  100 ms
├─ load()  500 µs  src/app.ts:3
└─ load()  500 µs  src/app.ts:3
`);
  });

  test('takes those that are asked for and fails when there are none', async () => {
    expect((await bench.command('tree', '--name', 'orders')).out).toMatch(/^GET \/orders/);
    expect((await bench.command('tree', '--last', '1')).out).toMatch(/^GET \/orders/);
    expect(await bench.command('tree', '--errors')).toMatchObject({
      code: 1,
      errors: 'captureflow: none of the 2 traces is what was asked for\n',
    });
    expect(await bench.command('tree', '--last', 'x')).toMatchObject({ code: 2 });
  });

  test('shows what could be read of a file that was cut, and says where it breaks', async () => {
    const { code, out, errors } = await bench.command('tree', 'cut.cft');
    expect(code).toBe(0);
    expect(out).toMatch(/^job/);
    expect(errors).toMatch(/^captureflow: cut\.cft at byte \d+: the file ends inside a record; the 1 record before it/);
  });

  test('says what to do where nothing was recorded', async () => {
    expect(await bench.command('tree', 'nothing')).toMatchObject({ code: 1, out: '' });
    const elsewhere = new Workbench();
    expect(await elsewhere.command('tree')).toEqual({
      code: 1,
      out: '',
      errors: 'captureflow: .captureflow holds no traces: record some with "captureflow run -- node app.js", or name a file or folder\n',
    });
    elsewhere.remove();
    bench.write({ 'empty/.keep': '' });
    expect((await bench.command('tree', 'empty')).errors).toContain('record some with "captureflow run -- node app.js"');
  });
});

describe('captureflow top', () => {
  test('sums the calls of each function over all traces', async () => {
    const { code, out } = await bench.command('top');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^function +calls +errors +self +total +waiting +elided +at\nload +5 +2\.5 ms +2\.5 ms +src\/app\.ts:3\n1 function, 5 calls in 2 traces\n$/,
    );
  });

  test('prints the same as data', async () => {
    const { out } = await bench.command('top', '--json', '--name', 'job');
    expect(JSON.parse(out)).toEqual({
      v: 1,
      traces: 1,
      spans: 3,
      functions: [{ function: 'load', at: 'src/app.ts:3', calls: 3, errors: 0, self: 1.5, total: 1.5, waiting: 0, elided: 0 }],
    });
  });

  test('refuses a column that it does not have', async () => {
    expect(await bench.command('top', '--by', 'size')).toMatchObject({ code: 2 });
  });
});

describe('captureflow diff', () => {
  test('names what is new and what is called more or less often', async () => {
    const { code, out } = await bench.command('diff', '.captureflow', 'other');
    expect(code).toBe(0);
    expect(out).toMatch(/^change +function/);
    expect(out).toMatch(/\nnew +store +- +→ 1 /);
    expect(out).toMatch(/2 of 2 functions changed; 2 traces before, 2 after\n$/);
  });

  test('of the same recording finds nothing; --exit-code tells the two apart', async () => {
    expect(await bench.command('diff', '.captureflow', '.captureflow', '--exit-code')).toMatchObject({
      code: 0,
      out: '0 of 1 functions changed; 2 traces before, 2 after\n',
    });
    const { code, out } = await bench.command('diff', '.captureflow', 'other', '--exit-code', '--json');
    expect(code).toBe(1);
    expect(
      (JSON.parse(out) as { functions: { name: string; changes: string[] }[] }).functions.find(({ name }) => name === 'store')?.changes,
    ).toEqual(['new']);
  });

  test('refuses a ratio that is none', async () => {
    expect(await bench.command('diff', 'a', 'b', '--ratio', 'x')).toMatchObject({
      code: 2,
      errors: 'captureflow: --ratio must be a number over 1\n',
    });
  });
});

describe('captureflow export', () => {
  test.each(exportFormats.map(({ name }) => name))('writes %s to a file and to standard output alike', async (name) => {
    const said = await bench.command('export', '--to', name, '--last', '1');
    expect(said).toMatchObject({ code: 0, errors: '' });
    const file = await bench.command('export', '--to', name, '--last', '1', '-o', `out/${name}.txt`);
    expect(file).toEqual({ code: 0, out: '', errors: `captureflow: wrote out/${name}.txt\n` });
    expect(bench.read(`out/${name}.txt`)).toBe(said.out);
    expect(said.out).toContain('load');
  });

  test('writes all traces into one file where the format can, else one file each', async () => {
    const { out } = await bench.command('export', '--to', 'otlp');
    expect(fromOtlpJson(JSON.parse(out)).map(({ root }) => root.name)).toEqual(['job', 'GET /orders']);
    expect(await bench.command('export', '--to', 'captureflow')).toMatchObject({ code: 2, out: '' });
    expect(await bench.command('export', '--to', 'captureflow', '-o', 'each')).toMatchObject({ code: 0 });
    expect(bench.list('each')).toHaveLength(2);
    expect(await bench.command('check', ...bench.list('each').map((name) => `each/${name}`))).toMatchObject({ code: 0 });
  });

  test('needs a format that it knows', async () => {
    expect(await bench.command('export')).toMatchObject({ code: 2 });
    expect((await bench.command('export', '--to', 'svg')).errors).toContain('Allowed choices are json, captureflow, otlp');
  });

  test('a file that cannot be written is an error in one sentence', async () => {
    bench.write({ file: '' });
    const { code, errors } = await bench.command('export', '--to', 'json', '-o', 'file/x.json');
    expect(code).toBe(1);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  test('what it wrote is read again: CaptureFlow, OTLP and plain JSON', async () => {
    for (const name of ['captureflow', 'otlp', 'json']) {
      await bench.command('export', '--to', name, '--last', '1', '-o', `again/${name}.json`);
      expect((await bench.command('tree', `again/${name}.json`)).out).toMatch(/load\(\)[^\n]*\n└─ load\(\)/);
    }
    expect(readFileSync(join(bench.folder, 'again/otlp.json'), 'utf8')).toContain('resourceSpans');
    await bench.command('export', '--to', 'json', '-o', 'all.json');
    expect((await bench.command('tree', 'all.json')).out).toBe((await bench.command('tree')).out);
    const { code, out } = await bench.command('diff', '--exit-code', '.captureflow', 'all.json');
    expect([code, out]).toEqual([0, '0 of 1 functions changed; 2 traces before, 2 after\n']);
  });
});
