/** Finds the functions that a chunk's events name, without reading values: a segment carries the metadata of these only. */
import { Op, Tag } from '@captureflow/trace/wire';
import type { ChunkColumns } from '@captureflow/trace/wire';

/** Words behind the head word of an event, values and STACK entries left out. */
const OPERANDS: readonly number[] = operands();

function operands(): number[] {
  const words: number[] = [];
  words[Op.ENTER] = 1;
  words[Op.ENTER_AT] = 3;
  words[Op.VALUES] = 2;
  words[Op.EXIT] = 1;
  words[Op.THROW] = 3;
  words[Op.CLOSE] = 1;
  words[Op.SUSPEND] = 1;
  words[Op.RESUME] = 1;
  words[Op.TIME] = 0;
  words[Op.ANNOTATE] = 1;
  words[Op.GAP] = 0;
  words[Op.STACK] = 1;
  words[Op.ELIDED] = 2;
  words[Op.EMPTY] = 0;
  return words;
}

/** Adds the numbers of all functions in the chunk. */
export function scanFunctions(chunk: ChunkColumns, add: (fn: number) => void): void {
  const { ops, opsLength } = chunk;
  let p = 0;
  while (p < opsLength) {
    const head = ops[p] as number;
    const op = head & 255;
    const words = OPERANDS[op];
    if (words === undefined) return;
    const n = head >>> 8;
    if (op === Op.ENTER || op === Op.ENTER_AT || op === Op.ELIDED) add(ops[p + 1] as number);
    p += 1 + words;
    if (op === Op.STACK) {
      for (let i = 0; i < n; i++) add(ops[p + i * 4 + 1] as number);
      p += n * 4;
    } else if (op === Op.ENTER || op === Op.ENTER_AT || op === Op.VALUES || op === Op.EXIT || op === Op.THROW) {
      p = skipValues(ops, p, n);
    } else if (op === Op.ANNOTATE) {
      p = skipValues(ops, p, 1);
    }
  }
}

/** Skips `count` values with all that is nested in them. */
function skipValues(ops: Int32Array, from: number, count: number): number {
  let p = from;
  for (let left = count; left > 0; left--) {
    const word = ops[p++] as number;
    const n = word >>> 5;
    switch (word & 31) {
      case Tag.INT:
      case Tag.STRING_CUT:
      case Tag.OPAQUE:
      case Tag.BUFFER:
      case Tag.REFERENCE:
      case Tag.CUT:
        p++;
        break;
      case Tag.OBJECT:
      case Tag.ARRAY:
      case Tag.SET:
        p++;
        left += n;
        break;
      case Tag.MAP:
        p++;
        left += 2 * n;
        break;
      case Tag.ERROR:
        left += n;
        break;
      default:
    }
  }
  return p;
}
