import { expect, test } from 'vitest';
import { checkOptions, OptionsError } from '../src/options.ts';

const exporter = { name: 'x', export: () => {}, flush: () => {}, shutdown: () => {} };

test('valid options come back as they are', () => {
  const options = {
    level: 'calls',
    exporters: [exporter],
    dir: 'traces',
    service: 'shop',
    limits: { depth: 0, string: 10 },
    maxBytes: 2 ** 20,
    maxChunksPerRoot: 3,
    keep: () => 'keep',
    clock: 'precise',
    redact: () => false,
    redactDefaults: false,
    http: false,
    signals: false,
  };
  expect(checkOptions(options)).toBe(options);
  expect(checkOptions({})).toEqual({});
});

test('a key that is present but undefined counts as absent', () => {
  expect(() => checkOptions({ level: undefined, limits: undefined })).not.toThrow();
});

test.each([
  [{ levle: 'calls' }, 'levle', 'captureflow: option "levle" is unknown; did you mean "level"?'],
  [{ limits: { dept: 3 } }, 'limits.dept', 'captureflow: option "limits.dept" is unknown; did you mean "depth"?'],
  [{ zzzzzzzz: 1 }, 'zzzzzzzz', /is unknown; valid are level, exporters/],
  [{ toString: 1 }, 'toString', /is unknown/],
  [{ level: 'all' }, 'level', `captureflow: option "level" must be one of 'off', 'calls', 'values', 'locals', 'lines', not "all"`],
  [{ level: 3 }, 'level', /not 3$/],
  [{ limits: { depth: -1 } }, 'limits.depth', 'captureflow: option "limits.depth" must be an integer from 0 to 100, not -1'],
  [{ limits: { depth: 1.5 } }, 'limits.depth', /must be an integer/],
  [{ limits: { depth: Number.NaN } }, 'limits.depth', /must be an integer/],
  [{ limits: [] }, 'limits', /must be an object, not an array/],
  [{ maxBytes: 10 }, 'maxBytes', /must be an integer from 1048576/],
  [{ maxChunksPerRoot: 2 }, 'maxChunksPerRoot', /from 3/],
  [{ exporters: exporter }, 'exporters', /must be an array of exporters/],
  [{ exporters: [exporter, {}] }, 'exporters[1]', 'captureflow: option "exporters[1]" is not an exporter: it has no method export()'],
  [{ exporters: [null] }, 'exporters[0]', /is not an exporter/],
  [{ dir: '' }, 'dir', /must be a string with something in it/],
  [{ service: 1 }, 'service', /must be a string/],
  [{ keep: 'keep' }, 'keep', /must be a function/],
  [{ clock: 'exact' }, 'clock', /must be one of 'sampled', 'precise'/],
  [{ http: 'yes' }, 'http', /must be a boolean/],
  [null, 'options', /must be an object, not null/],
  ['fast', 'options', /must be an object/],
])('%j is refused with the path %s', (options, path, message) => {
  let error: unknown;
  try {
    checkOptions(options);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(OptionsError);
  expect((error as OptionsError).path).toBe(path);
  expect((error as OptionsError).message).toMatch(message);
});
