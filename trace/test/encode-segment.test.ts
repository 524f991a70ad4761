import { describe, expect, it } from 'vitest';
import { decodeSegment, encodeSegment, TraceFormatError, WIRE_VERSION } from '../src/index.ts';
import type { Segment } from '../src/index.ts';
import { createRandom, randomText, randomValue } from './random.ts';
import { functions, header, StreamBuilder } from './stream-builder.ts';

function segmentOf(...refs: unknown[]): Segment {
  return {
    header: header(),
    chunks: [{ ops: new Int32Array(0), nums: new Float64Array(0), refs, opsLength: 0, numsLength: 0, refsLength: refs.length }],
  };
}

function refsOf(segment: Segment): readonly unknown[] {
  return segment.chunks.flatMap((chunk) => chunk.refs);
}

function roundTrip(segment: Segment): Segment {
  return decodeSegment(encodeSegment(segment));
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TraceFormatError) return error.code;
    throw error;
  }
  return 'none';
}

/** Symbols are made anew and so never equal. */
function withoutSymbols(segment: Segment): unknown {
  return {
    ...segment,
    chunks: segment.chunks.map((chunk) => ({
      ...chunk,
      refs: chunk.refs.map((ref) => (typeof ref === 'symbol' ? `symbol ${ref.description}` : ref)),
    })),
  };
}

describe('encodeSegment and decodeSegment', () => {
  it('give back header and columns unchanged for 200 random segments', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = createRandom(seed);
      const chunks = Array.from({ length: random(4) }, () => {
        const stream = new StreamBuilder().stack(1);
        for (let i = random(30); i > 0; i--)
          stream.exit(stream.enter(random(3), randomValue(random), randomValue(random)), randomValue(random));
        return stream.chunk();
      });
      const segment: Segment = {
        header: header({
          functions: functions({ name: randomText(random) }),
          root: { kind: 'http', name: randomText(random), attributes: { path: randomText(random) } },
        }),
        chunks,
      };
      expect(withoutSymbols(roundTrip(segment)), `seed ${seed}`).toEqual(withoutSymbols(segment));
    }
  });

  it('run no toJSON that a program put on a prototype', () => {
    const segment: Segment = { header: header({ functions: functions({ name: 'f', parameters: ['a'] }) }), chunks: [] };
    const plain = encodeSegment(segment);
    const fresh: Segment = { header: header({ functions: functions({ name: 'f', parameters: ['a'] }) }), chunks: [] };
    let runs = 0;
    const toJSON = { configurable: true, value: () => `run ${++runs}` };
    Object.defineProperty(Object.prototype, 'toJSON', toJSON);
    Object.defineProperty(Array.prototype, 'toJSON', toJSON);
    let encoded: Uint8Array;
    try {
      encoded = encodeSegment(fresh);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'toJSON');
      Reflect.deleteProperty(Array.prototype, 'toJSON');
    }
    expect(runs).toBe(0);
    expect(encoded).toEqual(plain);
  });

  it('keep every 32-bit word and every double, NaN and -0 among them', () => {
    const ops = Int32Array.of(0, 1, -1, 63, 64, -64, -65, 8191, 8192, 2 ** 31 - 1, -(2 ** 31), 127, 128, 2 ** 28);
    const nums = Float64Array.of(0, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE);
    const segment: Segment = {
      header: header(),
      chunks: [{ ops, nums, refs: [], opsLength: ops.length, numsLength: nums.length, refsLength: 0 }],
    };
    const [chunk] = roundTrip(segment).chunks;
    expect([...(chunk?.ops ?? [])]).toEqual([...ops]);
    expect([...(chunk?.nums ?? [])].map((value) => (Object.is(value, -0) ? '-0' : String(value)))).toEqual([
      '0',
      '-0',
      'NaN',
      '-Infinity',
      '5e-324',
      '1.7976931348623157e+308',
    ]);
  });

  it('keep texts with lone surrogates, a byte order mark, and of every length around the fast path', () => {
    const refs = [
      '\ud83d',
      'a\udc00b'.repeat(40),
      '\ufeffx',
      '\u0000',
      ...[47, 48, 49, 127, 128, 5000].flatMap((length) => ['a'.repeat(length), 'ß'.repeat(length), '🙂'.repeat(length)]),
    ];
    expect(refsOf(roundTrip(segmentOf(...refs)))).toEqual(refs);
  });

  it('keep bigints of any size and sign, and the descriptions of symbols', () => {
    const big = 3n ** 5000n;
    const [one, two, three, four] = refsOf(roundTrip(segmentOf(0n, -big, Symbol('hidden'), Symbol())));
    expect(one).toBe(0n);
    expect(two).toBe(-big);
    expect((three as symbol).description).toBe('hidden');
    expect((four as symbol).description).toBe('');
  });

  it('write only what is used of a column and each distinct text once', () => {
    const text = 'a text of thirty-two characters.';
    const refs = Array.from({ length: 500 }, () => text);
    const segment: Segment = {
      header: header(),
      chunks: [
        {
          ops: new Int32Array(9000),
          nums: new Float64Array(9000),
          refs: [...refs, 'beyond the end'],
          opsLength: 2,
          numsLength: 1,
          refsLength: 500,
        },
      ],
    };
    const bytes = encodeSegment(segment);
    const bare = encodeSegment({ header: header(), chunks: [] });
    expect(bytes.length - bare.length).toBeLessThan(600);
    const [chunk] = decodeSegment(bytes).chunks;
    expect(chunk?.ops.length).toBe(2);
    expect(chunk?.refs).toEqual(refs);
  });

  it('write refs of other types as an empty text instead of failing', () => {
    expect(refsOf(roundTrip(segmentOf(undefined, {}, 7)))).toEqual(['', '', '']);
  });

  it('decode bytes that lie unaligned in a larger buffer', () => {
    const segment = new StreamBuilder().stack(1).time(1.5).time(2.5).segment();
    const bytes = encodeSegment(segment);
    const larger = new Uint8Array(bytes.length + 13);
    larger.set(bytes, 3);
    expect(decodeSegment(larger.subarray(3, 3 + bytes.length))).toEqual(segment);
  });

  it('keep records, manifest references and the error of a root', () => {
    const fields = {
      functions: [
        ...functions({ parameters: ['a'], types: ['number', null] }),
        { id: 9, module: 'b.ts', record: null, hash: 'h', index: 2 },
      ],
      error: { type: 'Error', message: 'no' },
    };
    const segment = new StreamBuilder().segment(fields);
    expect(roundTrip(segment)).toEqual(segment);
    expect(roundTrip(segment).header).toEqual(segment.header);
  });
});

describe('decodeSegment on damaged bytes', () => {
  const stream = new StreamBuilder().stack(1).time(5);
  stream.exit(stream.enter(0, 'text', 12n, 1.5, { kind: 'symbol', description: 's' }, '\ud800'), 'text');
  const bytes = encodeSegment(stream.segment({ functions: functions({ parameters: ['a'] }) }));

  it('throws TraceFormatError when the bytes are cut anywhere', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(
        codeOf(() => decodeSegment(bytes.subarray(0, length))),
        `cut at ${length}`,
      ).not.toBe('none');
    }
  });

  it('throws nothing but TraceFormatError for any flipped byte', () => {
    const seen = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [0x01, 0x80, 0xff, 0x20]) {
        const copy = bytes.slice();
        copy[at] = (copy[at] as number) ^ mask;
        seen.add(codeOf(() => decodeSegment(copy)));
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining(['none', 'TRUNCATED', 'BAD_HEADER', 'BAD_VALUE']));
  });

  it('throws nothing but TraceFormatError for random bytes', () => {
    const random = createRandom(7);
    for (let i = 0; i < 3000; i++) {
      const garbage = Uint8Array.from({ length: random(60) }, () => random(256));
      expect(codeOf(() => decodeSegment(garbage))).not.toBe('none');
    }
  });

  it('refuses bytes behind the last chunk, and says where', () => {
    const longer = Uint8Array.from([...bytes, 0]);
    expect(() => decodeSegment(longer)).toThrowError(`bytes follow the last chunk (BAD_VALUE at byte ${bytes.length})`);
  });

  it('tells a newer version from a broken header', () => {
    const encode = (fields: object): Uint8Array => encodeSegment({ header: { ...header(), ...fields }, chunks: [] });
    expect(codeOf(() => decodeSegment(encode({ v: WIRE_VERSION + 1 })))).toBe('UNSUPPORTED_VERSION');
    expect(codeOf(() => decodeSegment(encode({ v: 0 })))).toBe('BAD_HEADER');
    expect(codeOf(() => decodeSegment(encode({ v: 'one' })))).toBe('BAD_HEADER');
  });

  it.each([
    ['traceId', { traceId: 'xyz' }],
    ['spanBase', { spanBase: '0'.repeat(15) }],
    ['part', { part: -1 }],
    ['root', { root: null }],
    ['root.kind', { root: { kind: 'other', name: '', attributes: {} } }],
    ['root.name', { root: { kind: 'run', attributes: {} } }],
    ['root.attributes', { root: { kind: 'run', name: '', attributes: [] } }],
    ['root.parent', { root: { kind: 'run', name: '', attributes: {}, parent: { traceId: 'a' } } }],
    ['timeOrigin', { timeOrigin: Number.NaN }],
    ['start', { start: '0' }],
    ['end', { end: 'late' }],
    ['error', { error: { type: 'E' } }],
    ['process', { process: [] }],
    ['process', { process: { pid: '1', threadId: 0, service: '', runtime: '' } }],
    ['process', { process: { pid: 1, threadId: 0, service: 0, runtime: '' } }],
    ['dropped', { dropped: { x: 'many' } }],
    ['kept', { kept: 1 }],
    ['rootsDropped', { rootsDropped: { policy: 'many' } }],
    ['functions', { functions: {} }],
  ])('refuses a header whose %s is wrong', (path, fields) => {
    const { functions: list, ...rest } = { ...header(), ...fields } as Record<string, unknown>;
    expect(() => decodeSegment(withHeader({ ...rest, functions: list }))).toThrowError(`the header needs ${path}`);
  });

  it.each([
    ['not an object', 1],
    ['id', { id: 'a', module: '', record: null }],
    ['module', { id: 1, module: 2, record: null }],
    ['hash', { id: 1, module: '', record: null, hash: 1 }],
    ['index', { id: 1, module: '', record: null, index: -1 }],
    ['record', { id: 1, module: '', record: {} }],
    ['name', { id: 1, module: '', record: [1, 1, 1, 0, [], [], [], [], 1] }],
    ['flags', { id: 1, module: '', record: ['f', 1, 1, 'x', [], [], [], [], 1] }],
    ['parameters', { id: 1, module: '', record: ['f', 1, 1, 0, [1], [], [], [], 1] }],
    ['bindings', { id: 1, module: '', record: ['f', 1, 1, 0, [], 'x', [], [], 1] }],
    ['sites', { id: 1, module: '', record: ['f', 1, 1, 0, [], [], [[0, 1]], [], 1] }],
    ['positions', { id: 1, module: '', record: ['f', 1, 1, 0, [], [], [], [[-1]], 1] }],
    ['end line', { id: 1, module: '', record: ['f', 1, 1, 0, [], [], [], [], null] }],
    ['types', { id: 1, module: '', record: ['f', 1, 1, 0, [], [], [], [], 1, [3]] }],
  ])('refuses a function with a wrong %s', (_, fn) => {
    expect(() => decodeSegment(withHeader({ ...header(), functions: [fn] }))).toThrowError('functions[0]');
  });

  /** A segment without chunks whose header is any JSON. */
  function withHeader(fields: object): Uint8Array {
    const json = new TextEncoder().encode(JSON.stringify(fields));
    const size = json.length << 2;
    return Uint8Array.from([(size & 127) | 128, ((size >>> 7) & 127) | 128, size >>> 14, ...json, 0]);
  }
});
