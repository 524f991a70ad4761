/**
 * What a list and a search need of a segment, without building its trace: a collector takes thousands a second. It looks only at plain streams; what needs the
 * stack machine to be understood (gaps, an error of which nobody knows where it went) is left to `buildTrace`.
 */
import { ChunkCursor, DesyncError } from './chunk-cursor.ts';
import type { Segment } from './segment.ts';
import type { TraceSummary } from './trace-summary.ts';
import { rootSummary } from './trace-summary.ts';
import { Form, FORM_BUDGET, N_BITS, N_SHIFT, Op, OP_BITS, OPERAND_SHIFT, Tag } from './wire.ts';

/** Capture cuts at depth 3 by default; what nests deeper than this is left to `buildTrace`. */
const DEEPEST = 50;

/**
 * What `summarize(buildTrace([segment]))` would say; undefined where only that can tell. `say` gets every text and number among arguments, results, locals and
 * annotations, with names of properties, in no order worth a name.
 */
export function skimSegment({ header, chunks }: Segment, say: (text: string) => void): Omit<TraceSummary, 'id'> | undefined {
  if (header.part !== 0) return undefined;
  const { root, error, end, start, timeOrigin } = header;
  const counts = { spans: 0, errors: 0 };
  try {
    for (const chunk of chunks) skimChunk(new ChunkCursor(chunk), counts, say);
  } catch (problem) {
    if (!(problem instanceof DesyncError)) throw problem;
    return undefined;
  }
  const duration = end === null ? undefined : Math.max(0, end - start);
  const whole = { ...root, ...(error === undefined ? {} : { error }) };
  const summary = rootSummary(whole, false, duration);
  // Where it matters whether an error left the recorded code, only the tree tells.
  if (counts.errors > 0 && summary.outcome !== rootSummary(whole, true, duration).outcome) return undefined;
  let dropped = 0;
  for (const count of Object.values(header.dropped)) dropped += count;
  const { service } = header.process;
  return { ...summary, traceId: header.traceId, startTime: timeOrigin + start, ...counts, service, source: 'native', dropped };
}

function skimChunk(cursor: ChunkCursor, counts: { spans: number; errors: number }, say: (text: string) => void): void {
  const values = (count: number): void => {
    for (let i = 0; i < count; i++) skimValue(cursor, say, 0);
  };
  while (!cursor.done) {
    const head = cursor.word();
    const n = (head >>> N_SHIFT) & N_BITS;
    switch (head & OP_BITS) {
      case Op.ENTER_AT:
        cursor.word();
        cursor.word();
      // falls through
      case Op.ENTER:
        counts.spans++;
        values(n);
        break;
      case Op.VALUES_AT:
        cursor.word();
      // falls through
      case Op.VALUES:
        values(n);
        break;
      case Op.EXIT_AT:
        cursor.word();
      // falls through
      case Op.EXIT:
        if (n === 1) values(1);
        break;
      case Op.THROW:
        counts.errors++;
        for (let i = 0; i < 3; i++) cursor.word();
        values(n);
        break;
      case Op.ANNOTATE:
        cursor.word();
        values(1);
        break;
      case Op.CLOSE:
      case Op.SUSPEND:
      case Op.RESUME:
      case Op.UNWIND:
        cursor.word();
        break;
      case Op.TIME:
        cursor.number();
        break;
      case Op.ELIDED:
        cursor.word();
        cursor.word();
        cursor.number();
        break;
      case Op.STACK:
        // The stack of a stream that has holes.
        if (n === 1) throw new DesyncError('stack');
        cursor.word();
        for (let left = (head >>> OPERAND_SHIFT) * 4; left > 0; left--) cursor.word();
        break;
      case Op.EMPTY:
        break;
      default:
        throw new DesyncError('op');
    }
  }
}

function skimValue(cursor: ChunkCursor, say: (text: string) => void, depth: number): void {
  if (depth > DEEPEST) throw new DesyncError('depth');
  const head = cursor.word();
  const n = head >>> 5;
  switch (head & 31) {
    case Tag.INT:
      return say(String(head >> 5));
    case Tag.INT_WIDE:
      return say(String(cursor.word()));
    case Tag.NUMBER:
      return say(String(cursor.number()));
    case Tag.STRING:
      return say(cursor.text());
    case Tag.STRING_CUT:
      say(cursor.text());
      return void cursor.word();
    case Tag.BIGINT:
      return say(String(cursor.ref()));
    case Tag.SYMBOL:
      return void cursor.ref();
    case Tag.FUNCTION:
    case Tag.REGEXP:
      return void cursor.text();
    case Tag.OBJECT:
      cursor.text();
      cursor.word();
      return skimEntries(cursor, n, say, depth);
    case Tag.ERROR:
      say(cursor.text());
      say(cursor.text());
      return skimEntries(cursor, n, say, depth);
    case Tag.ARRAY:
    case Tag.SET:
    case Tag.MAP: {
      cursor.text();
      cursor.word();
      const inside = (head & 31) === Tag.MAP ? 2 * n : n;
      for (let i = 0; i < inside; i++) skimValue(cursor, say, depth + 1);
      return;
    }
    case Tag.DATE:
      return void cursor.number();
    case Tag.OPAQUE:
    case Tag.CUT:
      cursor.text();
      return void cursor.word();
    case Tag.BUFFER:
      cursor.text();
      cursor.word();
      return void cursor.text();
    case Tag.REFERENCE:
      return void cursor.word();
    case Tag.FORM:
      if ((n & ~FORM_BUDGET) === Form.ARRAY) cursor.word();
      return;
    case Tag.ABSENT:
    case Tag.UNDEFINED:
    case Tag.NULL:
    case Tag.FALSE:
    case Tag.TRUE:
    case Tag.PROMISE:
    case Tag.PROXY:
    case Tag.REDACTED:
    case Tag.GETTER:
    case Tag.UNREADABLE:
    case Tag.SAME:
      return;
    default:
      throw new DesyncError('tag');
  }
}

function skimEntries(cursor: ChunkCursor, count: number, say: (text: string) => void, depth: number): void {
  for (let i = 0; i < count; i++) {
    say(cursor.text());
    skimValue(cursor, say, depth + 1);
  }
}
