/**
 * A growing byte buffer with the number formats of segments. It runs on the program's main thread when a trace is kept, so the
 * column loops check for room once a column and not once a word.
 */

const LITTLE_ENDIAN: boolean = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
/** Shorter texts are written by a loop: the call into the engine's encoder costs more than they do. */
const SHORT_TEXT = 48;
/** What is left over behind a result of more bytes was never written to, so that the system has mostly given no memory for it. */
const LARGE = 262_144;
/** A writer works in memory that the one before it has left: two allocations outside the heap, 3 us, were part of every small trace. This is its first size. */
const SCRATCH = 65_536;
/** Larger memory is not kept for the next writer. */
const MOST_SCRATCH = 4 * LARGE;
/**
 * Results up to MOST_SHARED bytes stand side by side in memory of this size. A buffer of its own for each is memory outside of the heap, which V8's other threads give back
 * while the program allocates (bench/README, "Server").
 */
const SHARED = 65_536;
const MOST_SHARED = 16_384;
const UTF8: InstanceType<typeof TextEncoder> = new TextEncoder();

/** Undefined: a writer has it. */
let scratch: Uint8Array | undefined;
let shared: Uint8Array = new Uint8Array(0);
let sharedUsed = 0;

export class ByteWriter {
  bytes: Uint8Array;
  length = 0;

  /** `size`: bytes that are expected, a guess. */
  constructor(size: number) {
    const free = scratch;
    if (free !== undefined && size <= free.length) {
      this.bytes = free;
      scratch = undefined;
    } else {
      this.bytes = new Uint8Array(size <= SCRATCH ? SCRATCH : size);
    }
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** An unsigned 32-bit integer, 7 bits a byte, low bits first. */
  varint(value: number): void {
    this.reserve(5);
    this.length = putVarint(this.bytes, this.length, value);
  }

  /** Signed words, zigzag and then as `varint`: 2.3 times smaller than 4 bytes a word, for about 25 ns an event. */
  words(words: Int32Array, count: number): void {
    this.reserve(count * 5);
    const bytes = this.bytes;
    let at = this.length;
    for (let i = 0; i < count; i++) {
      const word = words[i] as number;
      const zigzag = (word << 1) ^ (word >> 31);
      if ((zigzag & ~127) === 0) bytes[at++] = zigzag;
      else at = putVarint(bytes, at, zigzag);
    }
    this.length = at;
  }

  /** Doubles, 8 bytes each, little-endian, not aligned. */
  doubles(doubles: Float64Array, count: number): void {
    this.reserve(count * 8);
    if (LITTLE_ENDIAN) {
      this.bytes.set(new Uint8Array(doubles.buffer, doubles.byteOffset, count * 8), this.length);
    } else {
      const view = new DataView(this.bytes.buffer, this.length);
      for (let i = 0; i < count; i++) view.setFloat64(i * 8, doubles[i] as number, true);
    }
    this.length += count * 8;
  }

  /**
   * `length of the bytes << 2 | kind` as varint, then UTF-8. A text with a lone surrogate is written as UTF-16 with `illFormedKind`, or
   * with the surrogate replaced when that is the same as `kind`.
   */
  text(text: string, kind: number, illFormedKind: number): void {
    const units = text.length;
    this.reserve(units * 3 + 5);
    if (units <= SHORT_TEXT) {
      const bytes = this.bytes;
      const start = this.length;
      let at = putVarint(bytes, start, (units << 2) | kind);
      let i = 0;
      for (; i < units; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 127) break;
        bytes[at++] = unit;
      }
      if (i === units) {
        this.length = at;
        return;
      }
    }
    if (kind === illFormedKind || isWellFormed(text)) this.utf8(text, kind);
    else this.utf16(text, illFormedKind);
  }

  private utf8(text: string, kind: number): void {
    const bytes = this.bytes;
    const start = this.length;
    // The head stands before a text whose length in bytes is only known afterwards: leave the room of the longest head it can have.
    const headSize = varintSize((text.length * 3) << 2);
    const { written } = UTF8.encodeInto(text, bytes.subarray(start + headSize));
    const end = putVarint(bytes, start, (written << 2) | kind);
    if (end !== start + headSize) bytes.copyWithin(end, start + headSize, start + headSize + written);
    this.length = end + written;
  }

  private utf16(text: string, kind: number): void {
    const bytes = this.bytes;
    let at = putVarint(bytes, this.length, ((text.length * 2) << 2) | kind);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      bytes[at++] = unit & 255;
      bytes[at++] = unit >>> 8;
    }
    this.length = at;
  }

  /**
   * What was written; the writer is done. A view: small results share a buffer, and large ones keep what is left over (the copy held the program up, 4 ms for 10^6 events).
   */
  result(): Uint8Array {
    const { bytes } = this;
    if (this.length > LARGE) return bytes.subarray(0, this.length);
    const written = bytes.subarray(0, this.length);
    const result = this.length > MOST_SHARED ? written.slice() : share(written);
    if (bytes.length <= MOST_SCRATCH && bytes.length >= (scratch?.length ?? 0)) scratch = bytes;
    return result;
  }
}

function share(written: Uint8Array): Uint8Array {
  if (sharedUsed + written.length > shared.length) {
    shared = new Uint8Array(SHARED);
    sharedUsed = 0;
  }
  const start = sharedUsed;
  sharedUsed += written.length;
  shared.set(written, start);
  return shared.subarray(start, sharedUsed);
}

function putVarint(bytes: Uint8Array, at: number, value: number): number {
  while ((value & ~127) !== 0) {
    bytes[at++] = (value & 127) | 128;
    value >>>= 7;
  }
  bytes[at++] = value;
  return at;
}

function varintSize(value: number): number {
  const unsigned = value >>> 0;
  return unsigned < 0x80 ? 1 : unsigned < 0x4000 ? 2 : unsigned < 0x200000 ? 3 : unsigned < 0x10000000 ? 4 : 5;
}

function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit > 0xdbff) return false;
    const next = text.charCodeAt(i + 1);
    if (!(next >= 0xdc00 && next <= 0xdfff)) return false;
    i++;
  }
  return true;
}
