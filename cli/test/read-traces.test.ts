import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTraces, decodeHeader, decodeSegment, readSegments, toCaptureFlowJson, toOtlpJson } from '@captureflow/trace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTraces } from '../src/read-traces.ts';
import { scanSegments } from '../src/traces/scan-segments.ts';
import { record, traceFile } from './trace-files.ts';

const ASSETS = fileURLToPath(new URL('../../../shared/assets/captureflow/', import.meta.url));
const OTHER = {
  spanBase: '1111111111111111',
  timeOrigin: 1_600_000_000_000,
  root: { kind: 'run', name: 'earlier', attributes: {} },
} as const;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'captureflow-read-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** A file of this content, alone in a folder of its own. */
function file(name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(cwd, 'case-'));
  writeFileSync(join(folder, name), content);
  return folder;
}

describe('readTraces', () => {
  test('lists the traces of a file in the order of their start, and builds each when it is asked for', () => {
    const folder = file('a.cft', traceFile(record({}, 3), record(OTHER)));
    const { traces, problems, files } = readTraces([folder], { cwd });
    expect(problems).toEqual([]);
    expect(files).toBe(1);
    expect(traces.map(({ name, kind, startTime, source }) => ({ name, kind, startTime, source }))).toEqual([
      { name: 'earlier', kind: 'run', startTime: 1_600_000_000_100, source: 'native' },
      { name: 'job', kind: 'run', startTime: 1_700_000_000_100, source: 'native' },
    ]);
    expect(traces[1]?.load().spans.map((span) => span.function.name)).toEqual(['load', 'load', 'load']);
  });

  test('puts parts of one trace together, whichever file they are in', () => {
    const folder = file('b.cft', traceFile(record({ part: 1, end: null })));
    writeFileSync(join(folder, 'a.cft'), traceFile(record({ end: null })));
    const { traces } = readTraces([folder], { cwd });
    expect(traces).toHaveLength(1);
    expect(traces[0]?.files).toEqual([join(folder, 'a.cft'), join(folder, 'b.cft')]);
    expect(traces[0]?.segments().map((bytes) => decodeSegment(bytes).header.part)).toEqual([0, 1]);
  });

  test('reads what lies before the place where a file was cut, and names the place', () => {
    const whole = traceFile(record(), record(OTHER));
    const folder = file('a.cft', whole.subarray(0, whole.length - 3));
    const { traces, problems } = readTraces([folder], { cwd });
    expect(traces.map(({ name }) => name)).toEqual(['job']);
    const offset = 8 + record().length;
    expect(problems).toEqual([
      {
        file: expect.stringMatching(/^case-\w+.a\.cft$/),
        code: 'TRUNCATED',
        offset,
        message: `the file ends inside a record; the 1 record before it is read, ${whole.length - 3 - offset} bytes from there on are not`,
      },
    ]);
  });

  test('names the record whose bytes were changed', () => {
    const bytes = traceFile(record(), record(OTHER));
    const place = bytes.length - 10;
    bytes[place] = (bytes[place] as number) ^ 1;
    const { traces, problems } = readTraces([file('a.cft', bytes)], { cwd });
    expect(traces.map(({ name }) => name)).toEqual(['job']);
    expect(problems).toMatchObject([{ code: 'BAD_CHECKSUM', offset: 8 + record().length }]);
  });

  test('reads what follows a record whose bytes were changed, where its length still leads to a sound one', () => {
    const middle = record({ spanBase: '2222222222222222' });
    const whole = traceFile(record(), middle, record(OTHER));
    const at = 8 + record().length;
    for (const changed of [at + 20, at + middle.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[changed] = (damaged[changed] as number) ^ 0xff;
      const { traces, problems } = readTraces([file('a.cft', damaged)], { cwd });
      expect(traces.map(({ name }) => name)).toEqual(['earlier', 'job']);
      expect(problems).toMatchObject([
        { code: 'BAD_CHECKSUM', offset: at, message: 'the checksum of a record does not fit; this record is left out' },
      ]);
    }
    // A length that is wrong leads nowhere: nothing behind it can be told from noise.
    const lost = Buffer.from(whole);
    lost.writeUInt32LE(lost.readUInt32LE(at) - 1, at);
    const { traces, problems } = readTraces([file('a.cft', lost)], { cwd });
    expect(traces.map(({ name }) => name)).toEqual(['job']);
    expect(problems).toMatchObject([
      { code: 'BAD_CHECKSUM', offset: at, message: expect.stringContaining('the 1 record before it is read') },
    ]);
  });

  test('says of each foreign file what it is', () => {
    const cases: readonly (readonly [string, string | Uint8Array, object])[] = [
      ['a.cft', 'PK\u0003\u0004', { code: 'NOT_A_TRACE_FILE', offset: 0 }],
      ['a.cft', '', { code: 'TRUNCATED' }],
      ['a.json', '', { code: 'TRUNCATED', message: 'the file is empty' }],
      ['a.json', '{"traceEvents":[]}', { code: 'FOREIGN', message: 'this is a Chrome trace, which is no trace that can be read here' }],
      ['a.json', '{"a":1,"b":2}', { code: 'FOREIGN', message: expect.stringContaining('the keys a, b,') }],
      ['a.json', '{"execution_trace": [{"event"', { code: 'BAD_JSON', message: 'the JSON ends before its end: the file was cut' }],
      ['a.json', 'hello', { code: 'BAD_JSON', message: 'this is neither a trace file nor JSON' }],
    ];
    for (const [name, content, problem] of cases) {
      const found = readTraces([file(name, content)], { cwd });
      expect(found.traces, String(content)).toEqual([]);
      if (content !== '' || name !== 'a.cft') expect(found.problems, String(content)).toMatchObject([problem]);
    }
  });

  test('says that a path is not there', () => {
    expect(readTraces(['nowhere.cft'], { cwd }).problems).toEqual([
      { file: 'nowhere.cft', code: 'UNREADABLE', message: 'there is no such file or folder' },
    ]);
  });

  test('reads CaptureFlow JSON, OTLP JSON and OTLP of one request a line', () => {
    const traces = buildTraces(readSegments(traceFile(record({}, 2))).segments);
    const folder = file('a.json', JSON.stringify(toCaptureFlowJson(traces[0] as (typeof traces)[0])));
    writeFileSync(join(folder, 'b.json'), `\ufeff${JSON.stringify(toOtlpJson(traces), null, 2)}`);
    const request = JSON.stringify(toOtlpJson(traces));
    writeFileSync(join(folder, 'c.jsonl'), `${request}\n\n${request.replaceAll('0af7', '1bf7')}\n{"resourceSp`);
    const found = readTraces([folder], { cwd });
    expect(found.traces.map(({ source }) => source).sort()).toEqual(['captureflow', 'otlp', 'otlp', 'otlp']);
    for (const entry of found.traces) expect(entry.load().spans).toHaveLength(2);
    expect(found.problems).toMatchObject([
      { code: 'BAD_JSON', message: 'line 3 of 3 is no JSON (the file ends inside it); the others are read' },
    ]);
  });

  test.each(['sample_trace.json', 'sample_trace_with_exception.json'].filter((name) => existsSync(ASSETS + name)))(
    "reads CaptureFlow's own %s",
    (name) => {
      const { traces, problems } = readTraces([ASSETS + name], { cwd });
      expect(problems).toEqual([]);
      const events = (JSON.parse(readFileSync(ASSETS + name, 'utf8')) as { execution_trace: { event: string }[] }).execution_trace;
      expect(traces[0]?.load().spans).toHaveLength(events.filter(({ event }) => event === 'call').length);
    },
  );

  test('takes names from the manifest beside the traces, and only from there', () => {
    const functions = [
      { id: 0, module: 'src/app.ts', record: null, hash: 'abc', index: 0 },
      { id: 1, module: 'src/b.ts', record: null, hash: '../escape', index: 0 },
    ];
    const folder = file('a.cft', traceFile(record({ functions })));
    mkdirSync(join(folder, 'manifest'));
    const module = JSON.stringify({ f: [['fromManifest', 3, 1, 3, [], [], [], [], 9]] });
    writeFileSync(join(folder, 'manifest/abc.json'), module);
    writeFileSync(join(folder, 'escape.json'), module);
    const { traces } = readTraces([join(folder, 'a.cft')], { cwd });
    expect(traces[0]?.load().spans[0]?.function.name).toBe('fromManifest');
  });

  test('a file that shrank after it was listed is an error of that trace, with its place', () => {
    const folder = file('a.cft', traceFile(record()));
    const { traces } = readTraces([folder], { cwd });
    truncateSync(join(folder, 'a.cft'), 20);
    expect(() => traces[0]?.load()).toThrow('the record is no longer there (TRUNCATED at byte 8)');
  });
});

describe('scanSegments', () => {
  test('goes on from where it stopped when the file has grown', () => {
    const second = record(OTHER);
    const path = join(file('a.cft', traceFile(record(), second.subarray(0, 5))), 'a.cft');
    const seen: string[] = [];
    const first = scanSegments(path, 0, (segment) => void seen.push(decodeHeader(segment).root.name));
    expect(first).toMatchObject({ readBytes: 8 + record().length, problem: { code: 'TRUNCATED' } });
    appendFileSync(path, second.subarray(5));
    const rest = scanSegments(path, first.readBytes, (segment) => void seen.push(decodeHeader(segment).root.name));
    expect(rest.problem).toBeUndefined();
    expect(seen).toEqual(['job', 'earlier']);
  });

  test('reads records that are larger than what it reads at once', () => {
    const large = record({ root: { kind: 'run', name: 'n'.repeat(3 * 1024 * 1024), attributes: {} } });
    const path = join(file('a.cft', traceFile(record(), large, record(OTHER))), 'a.cft');
    const sizes: number[] = [];
    expect(scanSegments(path, 0, (segment) => void sizes.push(decodeHeader(segment).root.name.length)).problem).toBeUndefined();
    expect(sizes).toEqual([3, 3 * 1024 * 1024, 7]);
  });

  test('hands over a header that cannot be read and goes on behind it', () => {
    const broken = record({ v: 99 });
    const path = join(file('a.cft', traceFile(broken, record())), 'a.cft');
    const problems: string[] = [];
    const seen: string[] = [];
    const scan = scanSegments(
      path,
      0,
      (segment) => void seen.push(decodeHeader(segment).root.name),
      (problem) => void problems.push(problem.code),
    );
    expect({ seen, problems, problem: scan.problem }).toEqual({ seen: ['job'], problems: ['UNSUPPORTED_VERSION'], problem: undefined });
  });
});
