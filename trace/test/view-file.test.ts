/** The page's data file: what is written is read back, and no bytes make the reader do anything but read or throw. */
import { gzipSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildTrace } from '../src/build-trace.ts';
import { packValue, unpackValue } from '../src/detail-json.ts';
import type { FunctionInfo, Span, Trace, Value } from '../src/model.ts';
import { readPageBundle, writePageBundle } from '../src/page-bundle.ts';
import { readDetails, readViewHead } from '../src/read-view-file.ts';
import { SPAN_LINKS, SpanFlag } from '../src/trace-columns.ts';
import type { SpanDetails, ViewFile } from '../src/trace-columns.ts';
import { traceOfView } from '../src/trace-of-view.ts';
import { TraceFormatError } from '../src/trace-format-error.ts';
import { joinViewFile, writeViewFile } from '../src/write-view-file.ts';
import { createRandom, randomValue } from './random.ts';
import { functions, StreamBuilder } from './stream-builder.ts';

/** Two async requests that overlap, an error that passes through two spans, an elided call, an annotation, and an open end. */
function sampleTrace(): Trace {
  const events = new StreamBuilder();
  events.time(100);
  const outer = events.enter(0, 1n, Number.NaN, 'text');
  events.suspend(outer).time(110);
  const inner = events.enterAt(1, outer, 'ROOT', -0);
  events.throw(inner, 0, 5, { kind: 'error', id: 1, className: 'TypeError', message: 'no', entries: [] });
  events.resume(outer).annotate(outer, 'note').elided(2, outer, 3).throw(outer, 0, 5, 'same');
  events.enter(2);
  events.time(190);
  return buildTrace([
    events.segment({
      functions: functions(
        { name: 'outer', flags: 11, parameters: ['a', 'b', 'c'] },
        { name: 'inner', parameters: ['d'] },
        { name: 'leaf' },
      ),
    }),
  ]);
}

function readBack(trace: Trace, blockSize?: number): { file: ViewFile; details: SpanDetails[] } {
  const parts = writeViewFile(trace, blockSize === undefined ? {} : { blockSize });
  const blocks = Array.from({ length: parts.blockCount }, (_, index) => gzipSync(parts.block(index)));
  const file = readViewHead(joinViewFile(parts.head, blocks));
  const bytes = file.bytes ?? new Uint8Array();
  const details = file.header.blocks.flatMap(({ offset, length }) =>
    readDetails(gunzipSync(bytes.subarray(offset, offset + length)), file.header.functions),
  );
  return { file, details };
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

const FUNCTION: FunctionInfo = {
  key: 'a.ts#f',
  name: 'f',
  module: 'a.ts',
  line: 1,
  column: 1,
  endLine: 2,
  level: 'locals',
  form: 'function',
  async: false,
  generator: false,
  parameters: [],
};

function span(number: number, fields: Partial<Span> = {}): Span {
  return {
    number,
    spanId: String(number).padStart(16, '0'),
    parent: 0,
    link: 'call',
    function: FUNCTION,
    start: number,
    end: number + 1,
    timeError: 0,
    args: [],
    outcome: { kind: 'returned' },
    lines: [],
    suspensions: [],
    annotations: [],
    children: [],
    elided: [],
    ...fields,
  };
}

describe('a view file', () => {
  it('gives back the columns and the details of every span', () => {
    const trace = sampleTrace();
    for (const blockSize of [1, 2, 512]) {
      const { file, details } = readBack(trace, blockSize);
      expect(file.repaired).toBe(0);
      expect([...file.columns.start]).toEqual(trace.spans.map(({ start }) => start));
      expect([...file.columns.end]).toEqual(trace.spans.map(({ end }) => end ?? Number.NaN));
      expect([...file.columns.parent]).toEqual(trace.spans.map(({ parent }) => parent - 1));
      expect([...file.columns.functionIndex].map((index) => file.header.functions[index])).toEqual(
        trace.spans.map((item) => item.function),
      );
      expect([...file.columns.flags].map((flags) => SPAN_LINKS[(flags >> SpanFlag.LINK_SHIFT) & SpanFlag.LINK_MASK])).toEqual(
        trace.spans.map(({ link }) => link),
      );
      expect(details).toEqual(
        trace.spans.map(({ spanId, timeError, args, outcome, locals, lines, suspensions, annotations, elided }) => ({
          spanId,
          timeError,
          args,
          outcome,
          ...(locals === undefined ? {} : { locals }),
          lines,
          suspensions,
          annotations,
          elided,
        })),
      );
    }
  });

  it('becomes the same trace again, with all that a trace may have and with little', () => {
    const all = {
      ...sampleTrace(),
      dropped: { ring: 3 },
      kept: 'slow',
      rootsDropped: { sample: 2 },
      elided: [{ function: FUNCTION, count: 4 }],
    };
    const { duration: _, ...open } = { ...sampleTrace(), spans: [], children: [] };
    for (const trace of [all, open]) {
      const { file, details } = readBack(trace);
      expect(traceOfView(file, details)).toEqual(trace);
    }
    const { file, details } = readBack(all);
    expect(() => traceOfView(file, details.slice(1))).toThrow(RangeError);
  });

  it('keeps suspensions as columns, too, for drawing', () => {
    const { file } = readBack(sampleTrace());
    expect(file.suspensions.count).toBe(1);
    expect(file.suspensions.span[0]).toBe(0);
    expect(file.suspensions.to[0]).toBeGreaterThan(file.suspensions.from[0] as number);
  });

  it('marks where an error came from, and not the spans that passed it on', () => {
    const { flags } = readBack(sampleTrace()).file.columns;
    expect([...flags].map((bits) => [(bits & SpanFlag.THREW) !== 0, (bits & SpanFlag.ORIGIN) !== 0, (bits & SpanFlag.OPEN) !== 0])).toEqual(
      [
        [true, false, false],
        [true, true, false],
        [false, false, true],
      ],
    );
  });

  it('holds what the header of a trace says', () => {
    const trace = {
      ...sampleTrace(),
      dropped: { ring: 3 },
      kept: 'slow',
      rootsDropped: { sample: 2 },
      elided: [{ function: FUNCTION, count: 4 }],
    };
    const { header } = readBack({ ...trace, root: { ...trace.root, annotations: [{ kind: 'bigint', value: 7n }] } }).file;
    const { traceId, startTime, duration, process, dropped, kept, rootsDropped, elided } = trace;
    expect(header).toMatchObject({ traceId, startTime, duration, process, dropped, kept, rootsDropped, elided });
    expect(header.root.annotations).toEqual([{ kind: 'bigint', value: 7n }]);
  });

  it('of a trace without spans is read', () => {
    const { file, details } = readBack({ ...sampleTrace(), spans: [], children: [] });
    expect(file.columns.count).toBe(0);
    expect(details).toEqual([]);
  });

  it('hangs a span under the root whose parent is itself, later or unknown', () => {
    const spans = [
      span(1, { parent: 2 }),
      span(2, { parent: 1 }),
      span(3, { parent: 3 }),
      span(4, { parent: -9 }),
      span(5, { parent: 400 }),
    ];
    expect([...readBack({ ...sampleTrace(), spans }).file.columns.parent]).toEqual([-1, 0, -1, -1, -1]);
  });

  it('counts numbers that it had to replace in a damaged file', () => {
    const { head } = writeViewFile({ ...sampleTrace(), spans: [span(1), span(2)] });
    const { columns } = readViewHead(head);
    columns.parent[0] = 1;
    columns.functionIndex[1] = 99;
    columns.start[0] = Number.NaN;
    columns.end[1] = Number.POSITIVE_INFINITY;
    const again = readViewHead(head);
    expect(again.repaired).toBe(4);
    expect([again.columns.start[0], again.columns.end[1]]).toEqual([0, Number.NaN]);
    expect([...again.columns.parent]).toEqual([-1, -1]);
    expect([...again.columns.functionIndex]).toEqual([0, 0]);
  });

  it('reads from bytes that begin anywhere in their buffer', () => {
    const { head } = writeViewFile(sampleTrace());
    const shifted = new Uint8Array(head.length + 3);
    shifted.set(head, 3);
    const starts = [...readViewHead(head).columns.start];
    expect([...readViewHead(shifted.subarray(3)).columns.start]).toEqual(starts);
    // A Buffer's `slice` is a view of its pool.
    expect([...readViewHead(Buffer.from(shifted.buffer).subarray(3)).columns.start]).toEqual(starts);
  });

  it('cut anywhere throws a TraceFormatError, and so does a foreign file', () => {
    const { head } = writeViewFile(sampleTrace());
    for (let size = 0; size < head.length; size += 1) {
      const error = thrownBy(() => readViewHead(head.slice(0, size)));
      expect(error, `${size} bytes`).toBeInstanceOf(TraceFormatError);
    }
    expect(thrownBy(() => readViewHead(new TextEncoder().encode('{"traceEvents":[]}')))).toMatchObject({
      code: 'NOT_A_TRACE_FILE',
      offset: 0,
    });
  });

  it('with any byte changed is read or throws a TraceFormatError', () => {
    const { head } = writeViewFile(sampleTrace());
    const random = createRandom(6);
    for (let run = 0; run < 2000; run++) {
      const damaged = head.slice();
      damaged[random(damaged.length)] = random(256);
      const error = thrownBy(() => readViewHead(damaged));
      expect(error === undefined || error instanceof TraceFormatError, String(error)).toBe(true);
    }
  });

  it('reads details of any JSON without throwing, and says so when it is none', () => {
    for (const text of [
      '[[]]',
      '[null,1,"a"]',
      '{}',
      '[["id",0,["a"],["threw"],3,[[]],[[]],[["map",1,"",2,[1]]],["x"]]]',
      '[[1,2,[["bigint","x"]]]]',
    ]) {
      expect(
        thrownBy(() => readDetails(new TextEncoder().encode(text), [FUNCTION])),
        text,
      ).toBeUndefined();
    }
    expect(thrownBy(() => readDetails(new TextEncoder().encode('[[1'), []))).toMatchObject({ code: 'BAD_VALUE' });
  });
});

describe('values in a view file', () => {
  it('come back as they were, whatever they are', () => {
    const random = createRandom(42);
    for (let run = 0; run < 3000; run++) {
      const value = randomValue(random);
      expect(unpackValue(JSON.parse(JSON.stringify(packValue(value))))).toEqual(value);
    }
  });

  it('that nest beyond every capture are cut, and texts that nest further are unreadable, without using the stack up', () => {
    let deep: Value = { kind: 'null' };
    for (let i = 0; i < 100_000; i++) deep = { kind: 'array', id: i, className: 'Array', size: 1, items: [deep] };
    expect(JSON.stringify(packValue(deep))).toContain('["cut","",-1,"depth"]');
    const text = `${'["set",1,"Set",1,['.repeat(5000)}${']]'.repeat(5000)}`;
    expect(unpackValue(JSON.parse(text)).kind).toBe('set');
  });
});

describe('the data of a page', () => {
  it('gives back its files, summaries and sources', () => {
    const files = [writeViewFile(sampleTrace()).head, new Uint8Array([1, 2, 3])];
    const read = readPageBundle(writePageBundle({ files, summaries: [], sources: { 'src/a.ts': 'let a = "</script>";' } }));
    expect(read.files.map((file) => [...file])).toEqual(files.map((file) => [...file]));
    expect(read.sources).toEqual({ 'src/a.ts': 'let a = "</script>";' });
  });

  it('cut anywhere throws a TraceFormatError', () => {
    const bytes = writePageBundle({ files: [new Uint8Array(20)], summaries: [], sources: {} });
    for (let size = 0; size < bytes.length; size++) {
      expect(
        thrownBy(() => readPageBundle(bytes.slice(0, size))),
        `${size} bytes`,
      ).toBeInstanceOf(TraceFormatError);
    }
  });
});
