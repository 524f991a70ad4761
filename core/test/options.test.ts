/** The option schema: defaults, and errors that name the key's path and the nearest valid key. */
import { CaptureFlowError, resolveOptions } from '@captureflow/core';
import { expect, test } from 'vitest';

function failure(raw: unknown): CaptureFlowError {
  try {
    resolveOptions(raw, '/project');
  } catch (error) {
    if (error instanceof CaptureFlowError) return error;
  }
  throw new Error('resolveOptions accepted it');
}

test.each([[undefined], [null], [{}]])('every option has its default when %j is given', (raw) => {
  expect(resolveOptions(raw, '/project')).toEqual({
    include: ['**'],
    exclude: ['**/node_modules/**'],
    level: 'locals',
    rules: [],
    runtime: '@captureflow/runtime',
    metadata: 'inline',
    types: false,
    root: '/project',
    redact: {},
    minSize: 0,
  });
});

test('given options are kept as they are', () => {
  const given = {
    include: ['src/**'],
    exclude: [],
    level: 'lines',
    rules: [{ file: 'src/a.ts', function: 'Cart.*', level: 'off' }],
    runtime: '#trace',
    metadata: 'manifest',
    types: true,
    root: '/elsewhere',
    redact: { deny: ['note', '*_hash'], allow: ['token'] },
    privacyManifest: 'captureflow.privacy.json',
    minSize: 12,
  } as const;
  expect(resolveOptions(given, '/project')).toEqual(given);
});

test('the result is plain JSON, so that workers and caches can carry it', () => {
  const resolved = resolveOptions({ rules: [{ level: 'calls' }] }, '/project');
  expect(JSON.parse(JSON.stringify(resolved))).toEqual(resolved);
});

test.each([
  [{ lvel: 'calls' }, 'lvel', 'did you mean "level"?'],
  [{ includes: ['a'] }, 'includes', 'did you mean "include"?'],
  [{ excludes: [] }, 'excludes', 'did you mean "exclude"?'],
  [{ minsize: 1 }, 'minsize', 'did you mean "minSize"?'],
  [{ metaData: 'inline' }, 'metaData', 'did you mean "metadata"?'],
  [{ rule: [] }, 'rule', 'did you mean "rules"?'],
  [{ rules: [{ level: 'off', fucntion: 'a' }] }, 'rules[0].fucntion', 'did you mean "function"?'],
  [{ rules: [{ level: 'off' }, { level: 'off', files: 'a' }] }, 'rules[1].files', 'did you mean "file"?'],
  [{ redact: { denied: ['a'] } }, 'redact.denied', 'did you mean "deny"?'],
])('the unknown key in %j is reported with its path and the nearest key', (raw, path, hint) => {
  const error = failure(raw);
  expect(error.code).toBe('OPTION_UNKNOWN');
  expect(error.message).toContain(`"${path}"`);
  expect(error.message).toContain(hint);
});

test('a key that is near to none is reported with the list of the valid ones of its place', () => {
  expect(failure({ sourceMapsPlease: 1 }).message).toContain(
    'the options are include, exclude, level, rules, runtime, metadata, types, root, redact, privacyManifest, minSize',
  );
  expect(failure({ redact: { sourceMapsPlease: 1 } }).message).toContain('the options are deny, allow');
  expect(failure({ rules: [{ level: 'off', sourceMapsPlease: 1 }] }).message).toContain('the options are file, function, level');
});

test.each([
  [{ level: 'all' }, 'level'],
  [{ level: 3 }, 'level'],
  [{ include: 'src/**' }, 'include'],
  [{ exclude: [1] }, 'exclude[0]'],
  [{ rules: {} }, 'rules'],
  [{ rules: ['off'] }, 'rules[0]'],
  [{ rules: [{ file: 'a' }] }, 'rules[0].level'],
  [{ rules: [{ level: 'off' }, { level: 'none' }] }, 'rules[1].level'],
  [{ rules: [{ level: 'off', file: ['a'] }] }, 'rules[0].file'],
  [{ runtime: '' }, 'runtime'],
  [{ runtime: false }, 'runtime'],
  [{ metadata: 'file' }, 'metadata'],
  [{ types: 'yes' }, 'types'],
  [{ root: 5 }, 'root'],
  [{ redact: 'password' }, 'redact'],
  [{ redact: { deny: 'a' } }, 'redact.deny'],
  [{ redact: { deny: [''] } }, 'redact.deny[0]'],
  [{ redact: { allow: ['a', 'user.address'] } }, 'redact.allow[1]'],
  [{ privacyManifest: true }, 'privacyManifest'],
  [{ privacyManifest: '' }, 'privacyManifest'],
  [{ minSize: -1 }, 'minSize'],
  [{ minSize: 1.5 }, 'minSize'],
  [{ minSize: '10' }, 'minSize'],
  ['calls', 'options'],
  [7, 'options'],
])('the wrong value in %j is reported with the path %s', (raw, path) => {
  const error = failure(raw);
  expect(error.code).toBe('OPTION_INVALID');
  expect(error.message).toMatch(new RegExp(`^\\[captureflow\\] OPTION_INVALID Option "${path.replace(/[[\]]/g, '\\$&')}" must`));
  expect(error.message).not.toContain('\n');
});

test('an invalid level is reported with the valid ones', () => {
  expect(failure({ level: 'all' }).message).toContain('"off" | "calls" | "values" | "locals" | "lines"');
});
