import { expect, test } from 'vitest';
import { OPTION_ERRORS, OptionsError } from '../src/option-errors.ts';
import { checkOptions } from '../src/options.ts';

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
    keep: { threw: true, slowMs: 500, slowPercentile: 99, rare: true, sample: 0.01, asked: false },
    profile: 'production',
    budget: 1,
    objects: 'all',
    examples: true,
    clock: 'precise',
    redact: () => false,
    redactDefaults: false,
    http: false,
    childProcesses: true,
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
  [{ zzzzzzzz: 1 }, 'zzzzzzzz', /is unknown; valid are profile, budget, level, objects, examples, exporters/],
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
  [{ keep: 'keep' }, 'keep', /must be a function or a policy/],
  [{ keep: { trew: true } }, 'keep.trew', 'captureflow: option "keep.trew" is unknown; did you mean "threw"?'],
  [{ keep: { sample: 1.1 } }, 'keep.sample', 'captureflow: option "keep.sample" must be a number from 0 to 1, not 1.1'],
  [{ keep: { sample: -0.1 } }, 'keep.sample', /from 0 to 1/],
  [{ keep: { slowMs: Number.NaN } }, 'keep.slowMs', /must be a number of ms, 0 or more, not NaN/],
  [{ keep: { slowPercentile: 0 } }, 'keep.slowPercentile', /must be a percentage over 0/],
  [{ keep: { slowPercentile: 101 } }, 'keep.slowPercentile', /up to 100/],
  [{ keep: { threw: 1 } }, 'keep.threw', /must be a boolean/],
  [{ budget: 0 }, 'budget', 'captureflow: option "budget" must be a number over 0 and up to 1, not 0'],
  [{ budget: 5 }, 'budget', /up to 1, not 5/],
  [{ budget: '5%' }, 'budget', /not "5%"/],
  [{ budget: Number.NaN }, 'budget', /not NaN/],
  [{ profile: 'prod' }, 'profile', /must be one of 'development', 'ci', 'production', 'full', 'codegen', not "prod"/],
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
  expect(Object.keys(OPTION_ERRORS)).toContain((error as OptionsError).code);
  expect((error as OptionsError).message).toMatch(message);
});
