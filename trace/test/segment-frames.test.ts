import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeSegment, fileHeader, frameSegment, readFrames, readSegments, TraceFormatError } from '../src/index.ts';
import { crc32 } from '../src/crc32.ts';
import { header, StreamBuilder } from './stream-builder.ts';

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const FRAMES = [1, 2, 3].map((part) => frameSegment(encodeSegment(new StreamBuilder().stack(1).time(part).segment({ part }))));
const FILE = join(fileHeader(), ...FRAMES);
const ENDS = FRAMES.reduce<number[]>((ends, frame) => [...ends, (ends.at(-1) as number) + frame.length], [8]);

describe('crc32', () => {
  it('gives the checksums of the published check value and of every short length', () => {
    const bytes = new TextEncoder().encode('123456789');
    expect(crc32(bytes)).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
    // Known from RFC 1952's reference code.
    expect(crc32(new TextEncoder().encode('a'))).toBe(0xe8b7be43);
    expect(crc32(new TextEncoder().encode('abcd'))).toBe(0xed82cd11);
    expect(crc32(bytes, 0, 4)).toBe(crc32(new TextEncoder().encode('1234')));
  });
});

describe('readSegments', () => {
  it('reads all segments of a whole file in their order', () => {
    const { segments, intact, readBytes, problem } = readSegments(FILE);
    expect(segments.map((segment) => segment.header.part)).toEqual([1, 2, 3]);
    expect({ intact, readBytes, problem }).toEqual({ intact: true, readBytes: FILE.length, problem: undefined });
  });

  it('reads up to the last whole record when the file is cut at any byte', () => {
    for (let length = 0; length < FILE.length; length++) {
      const { segments, intact, readBytes, problem } = readSegments(FILE.subarray(0, length));
      const whole = Math.max(0, ENDS.filter((end) => end <= length).length - 1);
      expect(segments.length, `cut at ${length}`).toBe(whole);
      expect(readBytes, `cut at ${length}`).toBe(length < 8 ? 0 : ENDS[whole]);
      expect(intact, `cut at ${length}`).toBe(ENDS.includes(length));
      expect(problem?.code, `cut at ${length}`).toBe(intact ? undefined : 'TRUNCATED');
    }
  });

  it('never reads a record of which any byte was flipped, and keeps those before it', () => {
    for (let at = 8; at < FILE.length; at++) {
      const damaged = FILE.slice();
      damaged[at] = (damaged[at] as number) ^ 0x10;
      const { segments, intact } = readSegments(damaged);
      expect(segments.length, `flipped ${at}`).toBe(ENDS.filter((end) => end <= at).length - 1);
      expect(intact, `flipped ${at}`).toBe(false);
    }
  });

  it('throws for a file that is something else, and for magic bytes changed by a transfer in text mode', () => {
    const codeOf = (bytes: Uint8Array): string => {
      try {
        readSegments(bytes);
        return 'none';
      } catch (error) {
        return error instanceof TraceFormatError ? `${error.code} ${error.offset}` : 'other';
      }
    };
    expect(codeOf(new TextEncoder().encode('{"traceEvents":[]}'))).toBe('NOT_A_TRACE_FILE 0');
    expect(codeOf(new TextEncoder().encode('CFT1\n\u001a\n'))).toBe('NOT_A_TRACE_FILE 4');
  });

  it('treats an empty file as one that was cut short', () => {
    expect(readSegments(new Uint8Array(0))).toMatchObject({ segments: [], intact: false, readBytes: 0 });
  });

  it('skips records of kinds it does not know', () => {
    const other = frameSegment(new Uint8Array([1, 2, 3]));
    other[8] = 77;
    new DataView(other.buffer).setUint32(4, crc32(other, 8), true);
    const { segments, intact } = readSegments(join(fileHeader(), FRAMES[0] as Uint8Array, other, FRAMES[1] as Uint8Array));
    expect(segments.length).toBe(2);
    expect(intact).toBe(true);
  });

  it('stops at a segment of a newer version and says so with the offset in the file', () => {
    const newer = frameSegment(encodeSegment({ header: { ...header(), v: 9 }, chunks: [] }));
    const { segments, problem } = readSegments(join(fileHeader(), FRAMES[0] as Uint8Array, newer));
    expect(segments.length).toBe(1);
    expect(problem?.code).toBe('UNSUPPORTED_VERSION');
    expect(problem?.offset).toBeGreaterThan(ENDS[1] as number);
  });

  it('refuses an empty record', () => {
    expect(readSegments(join(fileHeader(), new Uint8Array(8)))).toMatchObject({ intact: false, problem: { code: 'BAD_VALUE' } });
  });
});

describe('readFrames', () => {
  it('gives the bytes of each segment as they were encoded, up to the last whole record', () => {
    const cut = readFrames(FILE.subarray(0, FILE.length - 1));
    expect(cut).toHaveLength(2);
    expect(join(fileHeader(), ...readFrames(FILE).map(frameSegment))).toEqual(FILE);
    expect(cut.map((bytes) => decodeHeader(bytes).part)).toEqual([1, 2]);
    expect(readFrames(Uint8Array.of(1, 2, 3))).toEqual([]);
  });
});
