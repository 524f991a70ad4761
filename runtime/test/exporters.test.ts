import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captureFlowJsonExporter } from '../src/exporters/captureflow-json.ts';
import { consoleExporter } from '../src/exporters/console.ts';
import { memoryExporter } from '../src/exporters/memory.ts';
import { sourceLines } from '../src/exporters/source-lines.ts';
import { TraceAssembler } from '../src/exporters/trace-assembler.ts';
import { jsonAttributes } from '../src/json-attributes.ts';
import { encodedSample } from './sample-segment.ts';

const deadline = Date.now() + 1000;

test('late work makes the same trace come again, whole', () => {
  const assembler = new TraceAssembler();
  expect(assembler.add([encodedSample()]).map((trace) => trace.spans.length)).toEqual([1]);
  expect(
    assembler.add([encodedSample({ part: 1 }), encodedSample({ traceId: 'b'.repeat(32) })]).map((trace) => trace.spans.length),
  ).toEqual([2, 1]);
});

test('the assembler keeps the latest traces only', () => {
  const assembler = new TraceAssembler(2);
  for (const id of ['1', '2', '3']) assembler.add([encodedSample({ traceId: id.repeat(32) })]);
  expect(assembler.add([encodedSample({ traceId: '3'.repeat(32), part: 1 })]).map((trace) => trace.spans.length)).toEqual([2]);
  expect(assembler.add([encodedSample({ traceId: '1'.repeat(32), part: 1 })])).toHaveLength(1);
});

test('the console exporter writes each tree with a line feed at its end', () => {
  const written: string[] = [];
  consoleExporter({ write: (text) => written.push(text) }).export({ segments: [encodedSample({ name: 'the job' })] }, deadline);
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/the job[^]*work\([^]*\n$/);
});

test('the memory exporter keeps a bounded number of segments and counts the rest', () => {
  const memory = memoryExporter({ maxSegments: 2 });
  for (const id of ['1', '2', '3']) memory.export({ segments: [encodedSample({ traceId: id.repeat(32), name: id })] }, deadline);
  expect(memory.traces().map((trace) => trace.root.name)).toEqual(['2', '3']);
  expect(memory.stats?.()).toEqual({ waiting: 2, dropped: 1 });
  memory.clear();
  expect(memory.traces()).toEqual([]);
});

test('dumps hold the source lines of the program, and late work rewrites the same file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-json-'));
  try {
    const exporter = captureFlowJsonExporter({ dir: folder, root: folder });
    exporter.export({ segments: [encodedSample()] }, deadline);
    const [name = ''] = readdirSync(folder);
    const first = readFileSync(join(folder, name), 'utf8');
    exporter.export({ segments: [encodedSample({ part: 1 })] }, deadline);
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), 'utf8').length).toBeGreaterThan(first.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('source lines are read once, and what is not there is empty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-lines-'));
  try {
    writeFileSync(join(folder, 'a.ts'), 'one\r\ntwo\n');
    const line = sourceLines(folder);
    expect([line('a.ts', 1), line('a.ts', 2), line('a.ts', 9), line('b.ts', 1)]).toEqual(['one', 'two', '', '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('attributes become JSON values without running code of theirs', () => {
  const cyclic: Record<string, unknown> = { n: 1 };
  cyclic['self'] = cyclic;
  const attributes = {
    text: 'x'.repeat(2000),
    flag: true,
    none: null,
    nothing: undefined,
    big: 10n,
    nan: Number.NaN,
    fn: () => 1,
    list: [1, [2], { three: 3 }],
    cyclic,
    apiKey: 'k',
    get computed(): never {
      throw new Error('ran');
    },
    toJSON: () => {
      throw new Error('ran');
    },
  };
  const copy = jsonAttributes(attributes);
  expect(JSON.parse(JSON.stringify(copy))).toEqual({
    text: `${'x'.repeat(1000)}…`,
    flag: true,
    none: null,
    big: '10',
    nan: 'NaN',
    fn: '[function]',
    list: [1, [2], { three: 3 }],
    cyclic: { n: 1, self: { n: 1, self: { n: 1, self: '[object]' } } },
    apiKey: '[redacted]',
    toJSON: '[function]',
  });
});

test('an attribute called __proto__ is an attribute', () => {
  const copy = jsonAttributes(JSON.parse('{"__proto__": {"polluted": 1}}') as Record<string, unknown>);
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":1}}');
});
