/** Reads the number formats that `byte-writer.ts` writes. Every method throws `TraceFormatError` and nothing else, whatever the bytes. */
import { TraceFormatError } from './trace-format-error.ts';

const UTF8: InstanceType<typeof TextDecoder> = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.at = 0;
    this.end = bytes.length;
  }

  varint(): number {
    const start = this.at;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) throw new TraceFormatError('TRUNCATED', start, 'the bytes end inside a number');
      const byte = this.bytes[this.at++] as number;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new TraceFormatError('BAD_VALUE', start, 'a number is longer than 32 bits');
  }

  /** A count of things that take at least `size` bytes each: more than there is room for cannot be allocated by a damaged file. */
  count(size: number): number {
    const start = this.at;
    const count = this.varint();
    if (count * size > this.end - this.at) throw new TraceFormatError('TRUNCATED', start, `the bytes end before ${count} items`);
    return count;
  }

  words(count: number): Int32Array {
    const words = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const zigzag = this.varint();
      words[i] = (zigzag >>> 1) ^ -(zigzag & 1);
    }
    return words;
  }

  doubles(count: number): Float64Array {
    if (count * 8 > this.end - this.at) throw new TraceFormatError('TRUNCATED', this.at, `the bytes end before ${count} numbers`);
    const doubles = new Float64Array(count);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, count * 8);
    for (let i = 0; i < count; i++) doubles[i] = view.getFloat64(i * 8, true);
    this.at += count * 8;
    return doubles;
  }

  utf8(size: number): string {
    const start = this.at;
    try {
      return UTF8.decode(this.take(size));
    } catch (error) {
      if (error instanceof TraceFormatError) throw error;
      throw new TraceFormatError('BAD_VALUE', start, 'a text is not UTF-8');
    }
  }

  utf16(size: number): string {
    const bytes = this.take(size);
    if (size % 2 !== 0) throw new TraceFormatError('BAD_VALUE', this.at, 'a UTF-16 text has half a unit');
    let text = '';
    for (let i = 0; i < size; i += 2) text += String.fromCharCode((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
    return text;
  }

  private take(size: number): Uint8Array {
    if (size > this.end - this.at) throw new TraceFormatError('TRUNCATED', this.at, `the bytes end before ${size} more`);
    const from = this.at;
    this.at += size;
    return this.bytes.subarray(from, this.at);
  }
}
