import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { instance } from '@viz-js/viz';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkCaptureFlowJson, exportFormats, fromOtlpJson, toOtlpJson } from '../src/index.ts';
import type { ExportOptions, Trace } from '../src/index.ts';
import { hostile, later, overlapping, recursion } from './export-sample.ts';

const require = createRequire(import.meta.url);
const NODE_24 = Number(process.versions.node.split('.')[0]) >= 24;

function write(name: string, traces: readonly Trace[], options?: ExportOptions): string {
  const format = exportFormats.find((each) => each.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return [...format.write(traces, options)].join('');
}

function read<T>(name: string, traces: readonly Trace[], options?: ExportOptions): T {
  return JSON.parse(write(name, traces, options)) as T;
}

/** What a reader in a process of its own prints for `input`; throws what it says when it fails. */
function foreignReader(script: string, input: string): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

interface ChromeEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly id?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

describe.each(exportFormats.map((format) => [format.name, format] as const))('format %s', (_, format) => {
  test('writes a recursion of 20,000 calls in pieces, none of which is long', () => {
    let longest = 0;
    let bytes = 0;
    for (const piece of format.write([recursion(20_000)])) {
      longest = Math.max(longest, piece.length);
      bytes += piece.length;
    }
    expect(longest).toBeLessThan(20_000);
    // The graphs sum up; all others say something of every call.
    expect(bytes).toBeGreaterThan(['dot', 'mermaid'].includes(format.name) ? 50 : 20_000);
  });

  test('writes a hostile trace and no trace at all as something whole', () => {
    for (const traces of [[hostile()], []]) {
      const text = [...format.write(traces)].join('');
      const isJson = format.mediaType === 'application/json' && (format.many || traces.length > 0);
      expect(() => (isJson ? (JSON.parse(text) as unknown) : text)).not.toThrow();
    }
  });
});

describe('json', () => {
  test('holds all that the model holds', () => {
    const trace = overlapping();
    const file = read<{ captureflow: number; traces: { functions: object[]; spans: { function: number }[] }[] }>('json', [trace, later()]);
    expect(file.captureflow).toBe(1);
    expect(file.traces).toHaveLength(2);
    const [first] = file.traces;
    const spans = first?.spans.map((span) => ({ ...span, function: first.functions[span.function] }));
    const text = (_key: string, value: unknown): unknown =>
      typeof value === 'bigint' ? String(value) : Object.is(value, -0) ? '-0' : Number.isNaN(value) ? 'NaN' : value;
    const { functions: _, ...rest } = first as { functions: object[]; spans: { function: number }[] };
    expect({ ...rest, spans }).toEqual(JSON.parse(JSON.stringify(trace, text)));
  });
});

describe('captureflow', () => {
  test("passes the rules of CaptureFlow's server, with the text of each line", () => {
    const file = read<{ execution_trace: { event: string; line: number; source_line: string }[] }>('captureflow', [overlapping()], {
      sourceText: (module) => `one\n${module}\nthree`,
    });
    expect(checkCaptureFlowJson(file)).toEqual([]);
    expect(file.execution_trace.find(({ line }) => line === 3)?.source_line).toBe('three');
  });
});

describe('otlp', () => {
  test('is read back with every span of a large trace and every trace', () => {
    const [large, small] = fromOtlpJson(read('otlp', [recursion(3000), later()]));
    expect(large?.spans).toHaveLength(3000);
    expect(small?.spans.map((span) => span.function.name)).toEqual(later().spans.map((span) => span.function.name));
  });
});

test('otlp of a file is what is sent to a backend, but for nothing being pruned', () => {
  expect(read('otlp', [overlapping()])).toEqual(JSON.parse(JSON.stringify(toOtlpJson([overlapping()]))));
});

describe('chrome', () => {
  test('complete events of a thread nest, as the format asks', () => {
    for (const traces of [[overlapping(), later()], [hostile()], [recursion(50)]]) {
      const { traceEvents } = read<{ traceEvents: ChromeEvent[] }>('chrome', traces);
      const complete = traceEvents.filter(({ ph }) => ph === 'X');
      expect(complete).toHaveLength(traces.reduce((sum, { spans }) => sum + spans.length + 1, 0));
      const crossing: string[] = [];
      for (const a of complete) {
        for (const b of complete) {
          if (a.tid === b.tid && a.ts < b.ts && b.ts < a.ts + a.dur && b.ts + b.dur > a.ts + a.dur + 0.001)
            crossing.push(`${a.name} ${b.name}`);
        }
      }
      expect(crossing).toEqual([]);
    }
  });

  test('carries arguments, results, errors and places, and an arrow to what runs on another thread', () => {
    const { traceEvents } = read<{ traceEvents: ChromeEvent[] }>('chrome', [overlapping()]);
    const of = (name: string): ChromeEvent[] => traceEvents.filter((event) => event.ph === 'X' && event.name === name);
    expect(of('handle')[0]).toMatchObject({ ts: 0, dur: 100_000, args: { at: 'src/app.ts:3:1', arguments: { id: 7 }, waited_ms: 60 } });
    expect(of('load').map(({ args }) => args?.['return'])).toEqual(['A', -0]);
    expect(of('<script>alert("x")</script>')[0]?.args?.['threw']).toBe('RangeError: no "stock"');
    const [start, finish] = traceEvents.filter(({ ph }) => ph === 's' || ph === 'f');
    expect([start?.id, start?.ts, start?.tid]).toEqual([finish?.id, finish?.ts, of('handle')[0]?.tid]);
    expect(finish?.tid).toBe(of('load')[1]?.tid);
  });

  test("Chrome DevTools' own parser finds the tracks with their fields", () => {
    const groups = foreignReader('read-chrome-trace.mjs', write('chrome', [overlapping()])) as {
      name: string;
      isTrackGroup: boolean;
      tracks: { track: string; entries: { name: string; dur: number; color: string; detail: Record<string, unknown> }[] }[];
    }[];
    expect(groups.map(({ name, isTrackGroup }) => [name, isTrackGroup])).toEqual([['CaptureFlow svc, node v20', true]]);
    expect(groups[0]?.tracks.map(({ entries }) => entries.map(({ name, dur, color }) => [name, dur, color]))).toEqual([
      [
        ['GET /orders', 100_000, 'secondary'],
        ['handle', 100_000, 'primary'],
        ['load', 50_000, 'primary'],
        ['<script>alert("x")</script>', 10_000, 'error'],
      ],
      [['load', 60_000, 'primary']],
    ]);
    expect(groups[0]?.tracks[0]?.entries[1]?.detail).toMatchObject({ arguments: { id: 7 } });
  });

  test('gives DevTools the 5,000 longest calls of a large trace', () => {
    const { traceEvents } = read<{ traceEvents: ChromeEvent[] }>('chrome', [recursion(12_000)]);
    const declared = traceEvents.filter(({ name }) => name === 'TimeStamp').map(({ ts }) => ts);
    expect(declared).toHaveLength(5000);
    // The root is as long as the trace says, the calls as long as their numbers.
    expect(Math.max(...declared)).toBeLessThan(5_000_000);
  });
});

describe('speedscope', () => {
  interface Profile {
    readonly name: string;
    readonly startValue: number;
    readonly endValue: number;
    readonly events: readonly { readonly type: 'O' | 'C'; readonly at: number; readonly frame: number }[];
  }
  interface File {
    readonly profiles: readonly Profile[];
    readonly shared: { readonly frames: readonly { readonly name: string }[] };
  }
  const schema = readFileSync(join(dirname(require.resolve('speedscope/package.json')), 'dist/release/file-format-schema.json'), 'utf8');
  const validate = new Ajv({ strict: false }).compile(JSON.parse(schema) as object);

  /** What speedscope's importer checks beyond its schema. */
  function check({ events, startValue, endValue }: Profile): void {
    const open: number[] = [];
    let last = startValue;
    for (const { type, at, frame } of events) {
      expect(at).toBeGreaterThanOrEqual(last);
      last = at;
      if (type === 'O') open.push(frame);
      else expect(open.pop()).toBe(frame);
    }
    expect(open).toEqual([]);
    expect(last).toBeLessThanOrEqual(endValue);
  }

  test.each([
    ['of overlapping calls', () => [overlapping()]],
    ['of two traces', () => [overlapping(), later()]],
    ['of a hostile trace', () => [hostile()]],
    ['of nothing', () => []],
  ] as const)('a file %s passes its schema, opens and closes in order', (_, traces) => {
    const file = read<File>('speedscope', traces());
    expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
    for (const profile of file.profiles) check(profile);
  });

  test('shows calls that overlap in profiles of their own, and two traces of a process in the same', () => {
    const { profiles, shared } = read<File>('speedscope', [overlapping(), later()]);
    expect(profiles.map(({ name, startValue, endValue }) => [name, startValue, endValue])).toEqual([
      ['svc, node v20: calls', 0, 600_000],
      ['svc, node v20: calls, at the same time (2)', 20_000, 580_000],
    ]);
    expect(shared.frames.map(({ name }) => name)).toEqual(['GET /orders', 'handle', 'load', '<script>alert("x")</script>']);
  });
});

describe('cpuprofile', () => {
  interface File {
    readonly nodes: readonly {
      id: number;
      callFrame: { functionName: string; lineNumber: number };
      children: number[];
      hitCount: number;
    }[];
    readonly samples: readonly number[];
    readonly timeDeltas: readonly number[];
    readonly startTime: number;
    readonly endTime: number;
  }

  test('gives each moment to the call that ran then, and none while all waited', () => {
    const { nodes, samples, timeDeltas, startTime, endTime } = read<File>('cpuprofile', [overlapping()]);
    expect(endTime - startTime).toBe(100_000);
    // A sample a microsecond; the last one stands for what follows it.
    expect(timeDeltas.reduce((sum, delta) => sum + delta, 0)).toBe(99_999);
    expect(timeDeltas).toHaveLength(samples.length);
    const ms = new Map<string, number>();
    for (const { callFrame, hitCount } of nodes)
      ms.set(callFrame.functionName, (ms.get(callFrame.functionName) ?? 0) + Math.round(hitCount / 1000));
    // handle: 0 to 20 (less what load ran), 80 to 85, 95 to 100. The loads run for no time at all, then wait.
    expect([...ms]).toEqual([
      ['(root)', 0],
      ['(idle)', 0],
      ['GET /orders', 60],
      ['handle', 30],
      ['load', 0],
      ['<script>alert("x")</script>', 10],
    ]);
    expect(nodes.find(({ callFrame }) => callFrame.functionName === 'handle')?.callFrame.lineNumber).toBe(2);
  });

  test('every node but the root is the child of one that is there', () => {
    for (const trace of [overlapping(), hostile(), recursion(300)]) {
      const { nodes, samples } = read<File>('cpuprofile', [trace]);
      const children = nodes.flatMap((node) => node.children);
      expect([...children].sort((a, b) => a - b)).toEqual(nodes.map(({ id }) => id).slice(1));
      expect(samples.every((id) => id >= 1 && id <= nodes.length)).toBe(true);
    }
  });
});

describe('call graphs', () => {
  test('Graphviz reads functions, calls and hostile names', async () => {
    const viz = await instance();
    for (const traces of [[overlapping(), later()], [hostile()], []]) {
      const { status, output, errors } = viz.render(write('dot', traces), { format: 'json' });
      expect(status, JSON.stringify(errors)).toBe('success');
      if (traces.length !== 2) continue;
      const { objects, edges } = JSON.parse(output as string) as { objects: { label: string }[]; edges: { label: string }[] };
      const labels = objects.map(({ label }) => label.split('\\n'));
      expect(labels.map(([name]) => name)).toEqual(['GET /orders', 'handle', 'load', '<script>alert("x")</script>']);
      expect(labels[2]).toEqual(['load', 'src/app.ts:8', expect.stringMatching(/^4 calls, /)]);
      expect(edges.map(({ label }) => label)).toEqual(['2', '4', '2, 2 threw']);
    }
  });

  test('Mermaid reads functions, calls and hostile names', () => {
    for (const traces of [[overlapping()], [hostile()], []]) {
      expect(foreignReader('parse-mermaid.mjs', write('mermaid', traces))).toMatchObject({ diagramType: 'flowchart-v2' });
    }
    expect(write('mermaid', [overlapping()])).toContain('n3["#60;script#62;alert(#34;x#34;)#60;/script#62;<br/>');
    expect(() => foreignReader('parse-mermaid.mjs', 'flowchart LR\n a["x" -->')).toThrow(/Parse error/);
  });

  test('says how much of a large graph is left out', () => {
    const many = overlapping();
    const spans = Array.from({ length: 40 }, (_, i) => ({
      ...(many.spans[1] as (typeof many.spans)[0]),
      number: i + 1,
      parent: 0,
      start: i,
      end: i + 0.5,
      function: { ...(many.spans[1] as (typeof many.spans)[0]).function, name: `f${i}`, key: `m#f${i}` },
    }));
    const text = write('mermaid', [{ ...many, spans }], { maxFunctions: 10 });
    expect(text).toContain('30 other functions');
  });
});

describe("Firefox Profiler's own command line reads", () => {
  let folder: string;
  let sessions = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'captureflow-firefox-'));
  });
  afterAll(async () => {
    // A daemon that came up too late to be used; one that never did cannot be stopped, which is said and no failure.
    if (sessions > 0) await profiler('stop', '--all').catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function profiler(...args: string[]): Promise<string> {
    const script = join(dirname(require.resolve('@firefox-devtools/profiler-cli/package.json')), 'dist/profiler-cli.js');
    const env = { ...process.env, PROFILER_CLI_SESSION_DIR: folder };
    return (await promisify(execFile)(process.execPath, [script, ...args], { env, maxBuffer: 2 ** 26 })).stdout;
  }

  /** Its daemon has half a second to start, which a busy machine does not always grant. */
  async function load(file: string): Promise<string> {
    let failure: unknown;
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        const session = `s${sessions++}`;
        await profiler('load', file, '--session', session);
        return session;
      } catch (error) {
        if (!String(error).includes('did not become ready')) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  test.skipIf(!NODE_24)('the profile, on Node from 24 on: threads, call tree with times, markers with fields, sources', async () => {
    const file = join(folder, 'profile.json');
    writeFileSync(file, write('firefox', [overlapping(), later()], { sourceText: () => 'line one\nline two\nfunction handle(id) {\n' }));
    const session = await load(file);
    try {
      const look = (...args: string[]): Promise<string> => profiler(...args, '--session', session);
      expect(await look('thread', 'list')).toMatch(/calls +svc, node v20 +7 .*\n.*calls, at the same time \(2\)/);
      await look('thread', 'select', 't-0');
      const tree = await look('thread', 'samples-top-down', '--thread', 't-0');
      // 40 ms of handle's own, 50 of load and 10 of the one that throws, of 100.
      expect(tree).toMatch(/GET \/orders \[total: 100%, self: 0%\]|GET \/orders \[total: 100\.0%, self: 0\.0%\]/);
      expect(tree).toMatch(/handle \[total: 100(\.0)?%, self: 40(\.0)?%\]/);
      expect(tree).toMatch(/load \[total: 50(\.0)?%, self: 50(\.0)?%\]/);
      const list = await look('thread', 'markers', '--thread', 't-0', '--list');
      const handle = /(m-\d+) +handle /.exec(list)?.[1];
      const info = await look('marker', 'info', handle as string);
      expect(info).toContain('{"id":7}');
      expect(info).toContain('src/app.ts:3:1');
      expect(await look('thread', 'markers', '--thread', 't-0', '--list')).toContain('RangeError: no "stock"');
      const functions = await look('thread', 'functions', '--thread', 't-0');
      const number = /(f-\d+)\.? +handle/.exec(functions)?.[1] ?? /(f-\d+)[^\n]*handle/.exec(functions)?.[1];
      expect(await look('function', 'annotate', number as string)).toContain('function handle(id) {');
    } finally {
      await profiler('stop', session);
    }
  });

  test.skipIf(!NODE_24)('the CPU profile and a hostile profile, on Node from 24 on', async () => {
    for (const [name, text] of [
      ['cpu.cpuprofile', write('cpuprofile', [overlapping()])],
      ['hostile.json', write('firefox', [hostile()])],
    ] as const) {
      writeFileSync(join(folder, name), text);
      const session = await load(join(folder, name));
      try {
        expect(await profiler('thread', 'samples-top-down', '--session', session)).toContain(
          name.startsWith('cpu') ? 'handle' : 'Call Tree',
        );
      } finally {
        await profiler('stop', session);
      }
    }
  });
});
