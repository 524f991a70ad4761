/** Contract (b): the names of the probes and their arities. */
import { expect, test } from 'vitest';
import { MAX_PROBE_VALUES, PROBE_NAMES, PROBE_SUBPATH, PROBE_VERSION } from '../src/probe-abi.ts';

test('there is an enter and a values probe for every number of values up to the maximum, and none beyond', () => {
  for (const family of ['enter', 'values']) {
    const arities = PROBE_NAMES.flatMap((name) => (name.startsWith(family) ? [Number(name.slice(family.length))] : []));
    expect(arities).toEqual(Array.from({ length: MAX_PROBE_VALUES + 1 }, (_, k) => k));
  }
});

test('every name stands once', () => {
  expect(new Set(PROBE_NAMES).size).toBe(PROBE_NAMES.length);
});

test('emitted code names the version in the module it imports', () => {
  expect(PROBE_SUBPATH).toBe(`/probe-${PROBE_VERSION}`);
});
