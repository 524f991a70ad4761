/**
 * Pauses as they nearly always are: the span is on top of the stack or comes back to where it is expected, in the root that is written to, and with room.
 * Each function does all or, answering false, nothing; `pauses.ts` does the rest. What is written is the same.
 */
import type { Token } from '@captureflow/core/probe-abi';
import { N_SHIFT, Op, Pause } from '@captureflow/trace/wire';
import { clock, writeTime } from './clock.ts';
import { cursor, EMPTY_CALLED, EMPTY_STACK } from './cursor.ts';
import {
  BELOW,
  BOTTOM,
  CROSS,
  FLAGS,
  GENERATION_MASK,
  LASTING,
  PAUSE_BITS,
  PAUSE_SHIFT,
  SERIAL,
  SLOT_MASK,
  SPAN,
  SUSPENDED,
  unlinkSuspended,
} from './slots.ts';
import { markSuspended } from './stack.ts';

/** What another root or an earlier pause asks more for than is done here. */
const UNUSUAL: number = CROSS | SUSPENDED;

/**
 * The caller or consumer below goes on: no more than an exit and an enter, and no reading of the clock, because nothing waits (yaml's lexer and parser
 * yield 10,000 times in a document: 800 ns a generator with readings on both sides).
 */
export function pausedOnStack(s: Token, kind: number): boolean {
  const c = cursor;
  const { slots, root } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  const p = c.pos;
  if (c.current !== slot || slots[at] !== (s & GENERATION_MASK) || ((slots[at + FLAGS] as number) & (UNUSUAL | BOTTOM)) !== 0) return false;
  if (p > c.limit) return false;
  root.pinned = c.span;
  c.start = p;
  c.ops[p] = Op.SUSPEND | (kind << N_SHIFT);
  c.ops[p + 1] = slots[at + SPAN] as number;
  c.events++;
  c.pauses++;
  c.pos = p + 2;
  const below = slots[at + BELOW] as number;
  markSuspended(root, slot, kind);
  c.current = below;
  return true;
}

/** The stack is empty afterwards: a run of the event loop ends, for all we know. */
export function pausedToEmptyStack(s: Token, kind: number): boolean {
  const c = cursor;
  const { slots, root } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  if (c.current !== slot || slots[at] !== (s & GENERATION_MASK) || ((slots[at + FLAGS] as number) & (UNUSUAL | BOTTOM)) !== BOTTOM)
    return false;
  if (c.pos > c.limit || root.ended) return false;
  root.pinned = c.span;
  // The only call that a stack overflow can come from, and nothing is half done yet.
  writeTime();
  const p = c.pos;
  c.start = p;
  c.ops[p] = Op.SUSPEND | (kind << N_SHIFT);
  c.ops[p + 1] = slots[at + SPAN] as number;
  c.ops[p + 2] = Op.EMPTY;
  c.events++;
  c.pauses++;
  c.waits++;
  c.pos = p + 3;
  root.lastActive = clock.last;
  markSuspended(root, slot, kind);
  c.current = 0;
  c.limit = EMPTY_STACK;
  return true;
}

/** After an await, or asked for the next value by code that is not recorded, where nothing else is on the stack and nothing but that asks for service. */
export function resumedOnEmptyStack(s: Token): boolean {
  const c = cursor;
  const { slots, root } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  const flags = slots[at + FLAGS] as number;
  const kind = (flags & PAUSE_BITS) >> PAUSE_SHIFT;
  if ((c.limit !== EMPTY_STACK && c.limit !== EMPTY_CALLED) || c.current !== 0 || (flags & SUSPENDED) === 0) return false;
  if (slots[at] !== (s & GENERATION_MASK) || slots[at + SERIAL] !== c.serial || c.pos > c.room) return false;
  root.pinned = c.span;
  writeTime();
  const due = root.timePos + clock.words;
  c.limit = due < c.room ? due : c.room;
  const p = c.pos;
  c.start = p;
  c.ops[p] = Op.RESUME | (kind << N_SHIFT);
  c.ops[p + 1] = slots[at + SPAN] as number;
  c.events++;
  c.pauses++;
  c.waits++;
  c.pos = p + 2;
  unlinkSuspended(root, slot);
  slots[at + BELOW] = 0;
  slots[at + FLAGS] = (flags & LASTING) | BOTTOM;
  c.current = slot;
  return true;
}

/** The consumer on the stack asks for the next value. */
export function resumedOnStack(s: Token): boolean {
  const c = cursor;
  const { slots, root } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  const p = c.pos;
  const below = c.current;
  const flags = slots[at + FLAGS] as number;
  const kind = (flags & PAUSE_BITS) >> PAUSE_SHIFT;
  if ((flags & SUSPENDED) === 0 || (kind !== Pause.YIELD && kind !== Pause.DELEGATE) || slots[at] !== (s & GENERATION_MASK)) return false;
  if (below === 0 || slots[at + SERIAL] !== c.serial || slots[(below << 3) + SERIAL] !== c.serial || p > c.limit) return false;
  root.pinned = c.span;
  c.start = p;
  c.ops[p] = Op.RESUME | (kind << N_SHIFT);
  c.ops[p + 1] = slots[at + SPAN] as number;
  c.events++;
  c.pauses++;
  c.pos = p + 2;
  unlinkSuspended(root, slot);
  slots[at + BELOW] = below;
  slots[at + FLAGS] = flags & LASTING;
  c.current = slot;
  return true;
}
