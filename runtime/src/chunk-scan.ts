/** Finds the functions that a chunk's events name, without reading values: a segment carries the metadata of these only. */
import { Form, FORM_BUDGET, N_BITS, N_SHIFT, Op, OP_BITS, OPERAND_SHIFT, Tag } from '@captureflow/trace/wire';
import type { ChunkColumns } from '@captureflow/trace/wire';

/** Words behind the head word of an event, values and STACK entries left out. */
const OPERANDS: readonly number[] = operands();

function operands(): number[] {
  const words: number[] = [];
  words[Op.ENTER] = 0;
  words[Op.ENTER_AT] = 2;
  words[Op.VALUES] = 0;
  words[Op.VALUES_AT] = 1;
  words[Op.EXIT] = 0;
  words[Op.EXIT_AT] = 1;
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
  words[Op.UNWIND] = 1;
  return words;
}

/** Adds the numbers of all functions in the chunk. */
export function scanFunctions(chunk: ChunkColumns, add: (fn: number) => void): void {
  const { ops, opsLength } = chunk;
  let p = 0;
  while (p < opsLength) {
    const head = ops[p] as number;
    const op = head & OP_BITS;
    const words = OPERANDS[op];
    if (words === undefined) return;
    const n = (head >>> N_SHIFT) & N_BITS;
    const operand = head >>> OPERAND_SHIFT;
    if (op === Op.ENTER || op === Op.ENTER_AT) add(operand);
    else if (op === Op.ELIDED) add(ops[p + 1] as number);
    p += 1 + words;
    if (op === Op.STACK) {
      for (let i = 0; i < operand; i++) add(ops[p + i * 4 + 1] as number);
      p += operand * 4;
    } else {
      p = skipValues(ops, p, valuesOf(op, n));
    }
  }
}

/** How many values follow the operands. */
function valuesOf(op: number, n: number): number {
  switch (op) {
    case Op.ENTER:
    case Op.ENTER_AT:
    case Op.VALUES:
    case Op.VALUES_AT:
    case Op.THROW:
      return n;
    case Op.EXIT:
    case Op.EXIT_AT:
      return n === 1 ? 1 : 0;
    case Op.ANNOTATE:
      return 1;
    default:
      return 0;
  }
}

/** Skips `count` values with all that is nested in them. */
export function skipValues(ops: Int32Array, from: number, count: number): number {
  let p = from;
  for (let left = count; left > 0; left--) {
    const word = ops[p++] as number;
    const n = word >>> 5;
    switch (word & 31) {
      case Tag.INT_WIDE:
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
      case Tag.FORM:
        if ((n & ~FORM_BUDGET) === Form.ARRAY) p++;
        break;
      default:
    }
  }
  return p;
}
