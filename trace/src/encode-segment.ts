/**
 * A segment as bytes. It runs on the program's main thread when a trace is kept, and must not throw for anything a recorder can put into
 * columns.
 *
 * Layout, numbers as varints: length and bytes of the header (JSON, UTF-8); number of chunks; for each chunk the lengths of
 * its three columns, then `ops` (zigzag), `nums` (doubles, little-endian), `refs`. A ref is an index into the segment's table of distinct
 * refs; the index one past its end means that the new entry follows: `size << 2 | RefKind`, then the bytes.
 */
import { ByteWriter } from './byte-writer.ts';
import { headerText } from './header-text.ts';
import { redactHinted, redactRepeated, redactText, SHORTEST_SECRET } from './redact-text.ts';
import { isSensitiveName } from './redaction.ts';
import { byteHints } from './secret-hints.ts';
import type { Segment } from './segment.ts';
import type { ChunkColumns } from './wire.ts';

/** How an entry of the ref table is written. */
export const RefKind = {
  UTF8: 0,
  /** Strings with a lone surrogate, which UTF-8 cannot hold. */
  UTF16: 1,
  /** `-`, if negative, and hexadecimal digits: linear in time, unlike decimal. */
  BIGINT: 2,
  /** The description; lone surrogates in it are replaced. */
  SYMBOL: 3,
} as const;

export interface EncodeOptions {
  /** False: texts are written as they are, secrets in them too. Default true. */
  readonly redact?: boolean;
  /** Names of attributes of which the value is hidden. Default: those that are sensitive; none without `redact`. */
  readonly hidesName?: (name: string) => boolean;
  /** The program's own rule: gets each text after the built-in rules, and gives what is written. Must not throw. */
  readonly redactText?: (text: string) => string;
}

type OwnRule = EncodeOptions['redactText'];

/** What a text weighs beside an event word: writing a new one takes some ten times as long as a word. */
const REF_WEIGHT = 16;

/**
 * Encodes a segment piece by piece, so that a large one need not hold the program up: `step` until it says that all is done, then `result`. The segment's chunks
 * must stay as they are until then.
 */
export class SegmentEncoder {
  private readonly segment: Segment;
  private readonly redact: boolean;
  private readonly ownRule: OwnRule;
  private readonly writer: ByteWriter;
  private readonly table: Map<unknown, number> = new Map();
  private next = 0;

  constructor(segment: Segment, options: EncodeOptions = {}) {
    this.segment = segment;
    this.redact = options.redact !== false;
    this.ownRule = options.redactText;
    const hides = options.hidesName ?? (this.redact ? isSensitiveName : () => false);
    const header = headerText(segment.header, { clean: (text) => this.clean(text, redactRepeated), hides, hidesCards: this.redact });
    this.writer = new ByteWriter(header.length + estimate(segment) + 64);
    // The kind bits of the header's length are zero: it is JSON, which escapes lone surrogates.
    this.writer.text(header, RefKind.UTF8, RefKind.UTF8);
    this.writer.varint(segment.chunks.length);
  }

  /** Writes whole chunks, at least one, until they weigh `most`: a word is 1, a text 16 (100,000 take about 2 ms). Returns true when all is done. */
  step(most: number): boolean {
    const { writer } = this;
    const { chunks } = this.segment;
    for (let weight = 0; this.next < chunks.length && weight < most; this.next++) {
      const chunk = chunks[this.next] as ChunkColumns;
      writer.varint(chunk.opsLength);
      writer.varint(chunk.numsLength);
      writer.varint(chunk.refsLength);
      writer.words(chunk.ops, chunk.opsLength);
      writer.doubles(chunk.nums, chunk.numsLength);
      this.writeRefs(chunk.refs, chunk.refsLength);
      weight += chunk.opsLength + chunk.refsLength * REF_WEIGHT;
    }
    return this.next === chunks.length;
  }

  result(): Uint8Array {
    return this.writer.result();
  }

  private writeRefs(refs: readonly unknown[], count: number): void {
    const { writer, table } = this;
    for (let i = 0; i < count; i++) {
      const ref = refs[i];
      const known = table.get(ref);
      if (known !== undefined) {
        writer.varint(known);
        continue;
      }
      writer.varint(table.size);
      table.set(ref, table.size);
      if (typeof ref === 'string') this.writeText(ref);
      else if (typeof ref === 'bigint') writer.text(ref.toString(16), RefKind.BIGINT, RefKind.BIGINT);
      else if (typeof ref === 'symbol') writer.text(this.clean(ref.description ?? ''), RefKind.SYMBOL, RefKind.SYMBOL);
      else writer.text('', RefKind.UTF8, RefKind.UTF8);
    }
  }

  private clean(text: string, redact: (text: string) => string = redactText): string {
    const clean = this.redact ? redact(text) : text;
    return this.ownRule === undefined ? clean : this.ownRule(clean);
  }

  /** Writes the text, looks at its bytes, and takes it back where there is a secret in it. */
  private writeText(text: string): void {
    const { writer } = this;
    if (this.ownRule !== undefined) {
      writer.text(this.clean(text), RefKind.UTF8, RefKind.UTF16);
      return;
    }
    const start = writer.length;
    writer.text(text, RefKind.UTF8, RefKind.UTF16);
    if (!this.redact || text.length < SHORTEST_SECRET) return;
    const { bytes } = writer;
    const isUtf16 = ((bytes[start] as number) & 3) === RefKind.UTF16;
    // The bytes of the length in front may give a hint too many, never take one away.
    const hints = isUtf16 ? -1 : byteHints(bytes, start, writer.length);
    if (hints === 0) return;
    const clean = isUtf16 ? redactText(text) : redactHinted(text, hints);
    if (clean === text) return;
    writer.length = start;
    writer.text(clean, RefKind.UTF8, RefKind.UTF16);
  }
}

/**
 * Encodes a segment, without the secrets that show in its texts: these bytes are the first of a trace that can be stored. Each distinct text
 * is looked at once. Refs that are not string, bigint or symbol are written as ''.
 */
export function encodeSegment(segment: Segment, options: EncodeOptions = {}): Uint8Array {
  const encoder = new SegmentEncoder(segment, options);
  encoder.step(Number.POSITIVE_INFINITY);
  return encoder.result();
}

/** Most words take one or two bytes; a wrong guess costs a copy. */
function estimate(segment: Segment): number {
  let size = 0;
  for (const chunk of segment.chunks) size += chunk.opsLength * 2 + chunk.numsLength * 8 + chunk.refsLength * 12;
  return size;
}
