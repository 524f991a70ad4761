import { PROBE_NAMES } from '@captureflow/core/probe-abi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModuleRecord } from '@captureflow/trace';
import { DEFAULT_LIMITS } from '../src/recorder-config.ts';
import { recorderStats } from '../src/recorder.ts';
import { callsOf } from '../src/gates.ts';
import { onRegistryWarning, recordOf } from '../src/registry.ts';
import { R, record, shape, span } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
  vi.unstubAllGlobals();
  vi.resetModules();
});

function moduleOf(id: string, names: readonly string[], level = 4): ModuleRecord {
  return { v: 1, id, f: names.map((name, i) => [name, i + 1, 1, level, ['n'], [], [], [[]], i + 1]) };
}

function call(fn: number): void {
  const s = R.enter1(fn, 0, 1);
  if (s !== 0) R.exit(s, 1);
}

describe('the probes', () => {
  it('are exactly those of the ABI', () => {
    expect(Object.keys(R).sort()).toEqual([...PROBE_NAMES].sort());
  });

  it('that are called although nothing is recorded give 0 and do nothing', () => {
    const fn = R.register(moduleOf('src/off.ts', ['f']));
    expect(R.enter1(fn, 0, { any: 1 })).toBe(0);
    expect(callsOf(fn)).toBe(0);
  });
});

describe('register', () => {
  it('numbers functions from 1 on, without gaps inside a module', () => {
    const base = R.register(moduleOf('src/a.ts', ['f', 'g']));
    expect(base).toBeGreaterThan(0);
    expect(recordOf(base)?.[0]).toBe('f');
    expect(recordOf(base + 1)?.[0]).toBe('g');
    expect(R.register(moduleOf('src/b.ts', ['h']))).toBe(base + 2);
  });

  it('gives a module that is evaluated again the same numbers, and one that has changed new ones', () => {
    const base = R.register(moduleOf('src/again.ts', ['f']));
    const functions = recorderStats().functions;
    expect(R.register(moduleOf('src/again.ts', ['f']))).toBe(base);
    expect(recorderStats().functions).toBe(functions);
    expect(R.register(moduleOf('src/again.ts', ['f', 'g']))).not.toBe(base);
  });

  it('looks at no earlier version of a module that is reloaded again and again', () => {
    let looks = 0;
    const first = moduleOf('src/reloaded.ts', ['f']);
    const { f } = first;
    R.register(
      Object.defineProperty(first, 'f', {
        enumerable: true,
        get() {
          looks++;
          return f;
        },
      }),
    );
    const before = looks;
    const bases = Array.from({ length: 100 }, (_, k) => R.register(moduleOf('src/reloaded.ts', [...Array(k + 2).keys()].map(String))));
    expect(looks).toBe(before);
    expect(new Set(bases).size).toBe(100);
  });

  it('takes thousands of functions, also while it records', () => {
    recording = record();
    const base = R.register(
      moduleOf(
        'src/many.ts',
        Array.from({ length: 5000 }, (_, i) => `f${i}`),
      ),
    );
    call(base + 4999);
    call(base);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:f4999 top:f0');
    expect(recording.segments[0]?.header.functions).toHaveLength(2);
    expect(callsOf(base + 4999)).toBe(1);
  });

  it('leaves functions of an unknown version off and says so', () => {
    const warnings: string[] = [];
    onRegistryWarning((message) => warnings.push(message));
    recording = record();
    const base = R.register({ ...moduleOf('src/future.ts', ['f']), v: 99 });
    call(base);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('src/future.ts');
    expect(recording.traces()).toEqual([]);
  });

  it('never throws, whatever it is given', () => {
    onRegistryWarning(() => {});
    recording = record();
    for (const bad of [null, undefined, 5, {}, { v: 1, id: 'x', f: 'y' }]) {
      const base = R.register(bad as never);
      expect(base).toBeGreaterThan(0);
      call(base);
    }
  });

  it('knows from a manifest reference how much each function reports', () => {
    recording = record();
    const base = R.register({ v: 1, id: 'src/manifest.ts', hash: 'h1', l: [2, 0, 4] });
    for (let i = 0; i < 3; i++) call(base + i);
    const trace = recording.trace();
    expect(trace.spans).toHaveLength(2);
    expect(recording.segments[0]?.header.functions).toEqual([
      { id: base, module: 'src/manifest.ts', record: null, hash: 'h1', index: 0 },
      { id: base + 2, module: 'src/manifest.ts', record: null, hash: 'h1', index: 2 },
    ]);
    expect(span(trace, 1).args).toHaveLength(1);
  });
});

describe('a host without Node', () => {
  it('records calls and primitives, looks into no object, and roots cover their synchronous part', async () => {
    vi.resetModules();
    const { process: node, Buffer: nodeBuffer, setImmediate: immediate } = globalThis;
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('Buffer', undefined);
    vi.stubGlobal('setImmediate', undefined);
    let recorder: typeof import('../src/recorder.ts');
    let probes: typeof R;
    try {
      recorder = await import('../src/recorder.ts');
      ({ probes } = await import('../src/probes.ts'));
      expect(probes).not.toBe(R);
      const segments: import('@captureflow/trace').Segment[] = [];
      const { decodeSegment, encodeSegment, buildTraces } = await import('@captureflow/trace');
      recorder.startRecorder({
        level: 'lines',
        limits: DEFAULT_LIMITS,
        maxBytes: 1 << 22,
        keep: () => 'keep',
        onSegment: (segment) => segments.push(decodeSegment(encodeSegment(segment))),
        processInfo: { pid: 0, threadId: 0, service: '', runtime: '' },
      });
      const fn = probes.register(moduleOf('src/browser.ts', ['f']));
      const root = recorder.openRoot({ kind: 'run', name: 'click' });
      recorder.runInRoot(root, () => {
        for (const value of [
          1,
          'x'.repeat(300),
          { a: 1 },
          [1],
          () => 1,
          new Proxy(
            {},
            {
              ownKeys: () => {
                throw new Error('trap');
              },
            },
          ),
        ]) {
          probes.exit(probes.enter1(fn, 0, value), value);
        }
      });
      recorder.endRoot(root);
      recorder.stopRecorder();
      const trace = buildTraces(segments)[0];
      expect(trace?.spans.map((one) => one.args[0]?.value.kind)).toEqual(['number', 'string', 'cut', 'cut', 'function', 'cut']);
      expect(trace?.spans[1]?.args[0]?.value).toEqual({ kind: 'string', value: 'x'.repeat(255), length: 300 });
      expect(trace?.traceId).toMatch(/^[0-9a-f]{32}$/);
    } finally {
      Object.assign(globalThis, { process: node, Buffer: nodeBuffer, setImmediate: immediate });
    }
  });
});
