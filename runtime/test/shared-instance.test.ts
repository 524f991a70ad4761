import { afterEach, expect, test, vi } from 'vitest';
import { sharedInstance, SHARED_VERSION } from '../src/shared-instance.ts';
import type { SharedInstance } from '../src/shared-instance.ts';
import { fakeProbes } from './fake-probes.ts';

const KEY = Symbol.for('captureflow.probe-1');
const realm = globalThis as unknown as Record<symbol, unknown>;

afterEach(() => {
  delete realm[KEY];
  vi.restoreAllMocks();
});

function instance(): SharedInstance {
  return { v: SHARED_VERSION, probes: fakeProbes(), api: {} as SharedInstance['api'] };
}

test('the first copy is put under one non-enumerable symbol, and later copies get it', () => {
  const names = Object.getOwnPropertyNames(globalThis);
  const first = instance();
  expect(sharedInstance(() => first)).toBe(first);
  expect(sharedInstance(instance)).toBe(first);
  expect(Object.getOwnPropertyDescriptor(globalThis, KEY)?.enumerable).toBe(false);
  expect(Object.getOwnPropertyNames(globalThis)).toEqual(names);
});

test('a copy beside one of another version records nothing, hands values through and warns once', () => {
  const said: string[] = [];
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((id: string) =>
    id === 'node:fs' ? { writeSync: (_file: number, text: string) => said.push(text) } : undefined) as typeof process.getBuiltinModule);
  realm[KEY] = { ...instance(), v: SHARED_VERSION + 1 };
  for (let copy = 0; copy < 2; copy++) {
    const { probes, api } = sharedInstance(instance);
    expect(probes.register({ v: 1, id: 'a.ts', f: [] })).toBe(0);
    expect(probes.enter2(1, 0, 'a', 'b')).toBe(0);
    expect(probes.suspend(0, 'value')).toBe('value');
    expect(probes.thrown(0, 'error', 0)).toBe('error');
    expect(api.runRoot('job', (root) => [root, 1])).toEqual([undefined, 1]);
    expect(api.trace((n: number) => n + 1)(1)).toBe(2);
    expect(() => api.start({ limits: { depht: 1 } } as never)).toThrow(/limits\.depht/);
    // What is not there lets every call pass.
    expect(probes.gates(3)).toHaveLength(0);
  }
  expect(said).toEqual([expect.stringMatching(/^captureflow: two versions of @captureflow\/runtime are loaded \(2 and 1\)/)]);
});
