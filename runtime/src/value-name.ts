/** What the program calls the value that is being captured: a parameter or a variable, by the metadata of the function. For rules that name paths. */
import { SiteKind } from '@captureflow/trace/metadata';
import { N_BITS, N_SHIFT, Op, OP_BITS, OPERAND_SHIFT } from '@captureflow/trace/wire';
import { skipValues } from './chunk-scan.ts';
import { cursor } from './cursor.ts';
import { recordOf } from './registry.ts';
import { FUNCTION, SLOT_MASK } from './slots.ts';
import { budget } from './snapshot-budget.ts';

/** Undefined for what has no name (a result, an error, an annotation), and where only a manifest knows it. */
export function nameOfValue(): string | undefined {
  const c = cursor;
  const head = c.ops[c.start] as number;
  const op = head & OP_BITS;
  const operand = head >>> OPERAND_SHIFT;
  const record = recordOf(op === Op.ENTER || op === Op.ENTER_AT ? operand : (c.slots[((c.current & SLOT_MASK) << 3) + FUNCTION] as number));
  if (record === undefined) return undefined;
  switch (op) {
    case Op.ENTER:
      return shown(record[4], undefined, indexFrom(1));
    case Op.ENTER_AT:
      return shown(record[4], undefined, indexFrom(3));
    case Op.VALUES:
    case Op.VALUES_AT: {
      const site = record[6][operand];
      const names = site?.[0] === SiteKind.MORE_PARAMETERS ? record[4] : record[5];
      return site === undefined ? undefined : shown(names, site[2], indexFrom(op === Op.VALUES ? 1 : 2));
    }
    default:
      return undefined;
  }
}

/** How many values of the event stand before the one that is being captured; `words`: head and operands of the event. */
function indexFrom(words: number): number {
  const { ops, start } = cursor;
  const count = ((ops[start] as number) >>> N_SHIFT) & N_BITS;
  const at = start + budget.at;
  let index = 0;
  for (let p = start + words; p < at && index < count; index++) p = skipValues(ops, p, 1);
  return index;
}

/** Name number `index` of those that are passed: redacted ones, which begin with `*`, are not. */
function shown(names: readonly string[], indexes: readonly number[] | undefined, index: number): string | undefined {
  let left = index;
  for (let i = 0; i < (indexes ?? names).length; i++) {
    const name = names[indexes === undefined ? i : (indexes[i] as number)];
    if (name !== undefined && name[0] !== '*' && left-- === 0) return name;
  }
  return undefined;
}
