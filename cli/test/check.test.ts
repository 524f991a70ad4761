import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

/** The traces that Python's client recorded lie beside the checkout, not in it: their licence is another one. */
const ASSETS = fileURLToPath(new URL('../../../shared/assets/captureflow/', import.meta.url));
const SAMPLES = ['sample_trace.json', 'sample_trace_with_exception.json'];
const VALUE = { python_type: "<class 'int'>", json_serialized: '1' };
const CALL_ID = '00000000-0000-4000-8000-000000000001';
const BASE = { timestamp: '2024-03-30T15:39:57.589404', function: 'add', file: 'a.py', line: 1, source_line: '', tag: 'INTERNAL' };
const CALL = { ...BASE, event: 'call', id: CALL_ID, caller_id: null, arguments: { args: [], kwargs: { a: VALUE } }, return_value: VALUE };
const RETURN = { ...BASE, event: 'return', id: CALL_ID.replace(/1$/, '2'), caller_id: CALL_ID, line: 2, return_value: VALUE };
const EXCEPTION = {
  ...RETURN,
  event: 'exception',
  id: CALL_ID.replace(/1$/, '3'),
  exception_info: { type: 'E', value: '', traceback: [] },
};

function trace(...events: readonly object[]): object {
  return {
    invocation_id: CALL_ID,
    timestamp: BASE.timestamp,
    endpoint: 'add',
    input: { args: [], kwargs: {} },
    execution_trace: events,
  };
}

const bench = new Workbench();
beforeAll(() => {
  bench.write({
    'good.json': JSON.stringify(trace(CALL, RETURN)),
    'early.json': JSON.stringify(trace(EXCEPTION, CALL, RETURN)),
    'bare.json': JSON.stringify(trace({ ...CALL, return_value: 1 }, RETURN)),
    'many.json': JSON.stringify(trace(...Array.from({ length: 5 }, () => ({})))),
    'empty.json': '',
    'bom.json': `\ufeff${JSON.stringify(trace(CALL, RETURN))}`,
    'lines.json': '{"a":1}\n{"a":2}\n',
    'other.cft': 'CFT\u0001 and so on',
    'array.json': '[]',
  });
});
afterAll(() => bench.remove());

describe('captureflow check', () => {
  test('takes what the server would take', async () => {
    expect(await bench.command('check', 'good.json')).toEqual({ code: 0, out: 'ok   good.json\n1 passed, 0 failed\n', errors: '' });
  });

  test.each(SAMPLES.filter((file) => existsSync(ASSETS + file)))("takes CaptureFlow's own %s", async (file) => {
    expect(await bench.command('check', ASSETS + file)).toMatchObject({ code: 0 });
  });

  test.each(SAMPLES.filter((file) => !existsSync(ASSETS + file)))(
    "is not asked about CaptureFlow's own %s: beside this checkout there is no shared/assets",
    (file) => expect(existsSync(ASSETS + file)).toBe(false),
  );

  test('names file, key, problem and remedy, checks all files and fails when one is wrong', async () => {
    expect(await bench.command('check', 'early.json', 'good.json', 'bare.json')).toEqual({
      code: 1,
      out: `FAIL early.json
     execution_trace[0].caller_id must be the id of an earlier call, but that stands at execution_trace[1]
       write events in order of time: a call stands before whatever it makes and before its own end
ok   good.json
FAIL bare.json
     execution_trace[0].return_value must be an object, but is 1
       write the value that the call will return, {"python_type": "<class 'NoneType'>", "json_serialized": "null"} when it threw or did not end
1 passed, 2 failed
`,
      errors: '',
    });
  });

  test('prints the first twenty problems of a file and how many more there are', async () => {
    const { code, out } = await bench.command('check', 'many.json');
    expect(code).toBe(1);
    expect(out.split('\n').slice(-4)).toEqual([
      expect.stringMatching(/^ {7}/),
      expect.stringMatching(/^ {5}and \d+ more$/),
      '0 passed, 1 failed',
      '',
    ]);
    expect(out.split('\n').length).toBe(1 + 20 * 2 + 1 + 2);
  });

  test.each([
    ['absent.json', /^ {5}file cannot be read: ENOENT.*\n {7}give the path of a file with one trace$/m],
    ['.', /^ {5}file cannot be read: EISDIR/m],
    ['empty.json', /^ {5}file is not JSON: .*\n {7}the file is empty: was the program ended while it was written\?$/m],
    ['bom.json', /^ {5}file is not JSON: .*\n {7}write it without a byte order mark$/m],
    ['lines.json', /^ {5}file is not JSON: .*\n {7}these are several values, one a line; give one file a trace$/m],
    ['other.cft', /^ {5}file is not JSON: .*\n {7}give a file in the JSON of CaptureFlow's server, not one of \.captureflow$/m],
    ['array.json', /^ {5}trace must be an object, but is an array$/m],
  ])('says what is wrong with %s as a whole', async (file, message) => {
    const { code, out, errors } = await bench.command('check', file);
    expect({ code, errors }).toEqual({ code: 1, errors: '' });
    expect(out).toMatch(message);
  });

  test('prints data with --json', async () => {
    const { code, out } = await bench.command('check', '--json', 'good.json', 'bare.json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      { file: 'good.json', problems: [] },
      {
        file: 'bare.json',
        problems: [
          { path: 'execution_trace[0].return_value', problem: 'must be an object, but is 1', remedy: expect.any(String), refused: true },
        ],
      },
    ]);
  });

  test('without files is a wrong use', async () => {
    expect(await bench.command('check')).toMatchObject({ code: 2, out: '' });
  });
});
