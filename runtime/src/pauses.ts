/** await, yield, yield* and for await: the span leaves the stack and comes back. The value flows through untouched. */
import type { Token } from '@captureflow/core/probe-abi';
import { Link, N_SHIFT, Op, Pause } from '@captureflow/trace/wire';
import { writeTime } from './clock.ts';
import { service, switchRoot } from './columns.ts';
import { cursor } from './cursor.ts';
import { isUnfinishedPause, setPending } from './pending-pause.ts';
import { state } from './recorder-state.ts';
import {
  BELOW,
  BOTTOM,
  CROSS,
  FLAGS,
  GENERATION_MASK,
  isOpen,
  LASTING,
  PAUSE_BITS,
  PAUSE_SHIFT,
  rootOf,
  SERIAL,
  SLOT_MASK,
  SPAN,
  SUSPENDED,
  unlinkSuspended,
} from './slots.ts';
import { belowFlags, goesOn, markSuspended, settle, suspendLeftovers, unwindTo, writeSuspend } from './stack.ts';

export function suspend(s: Token, value: unknown): unknown {
  if (s !== 0) pause(s, Pause.AWAIT, 0);
  return value;
}

export function suspendYield(s: Token, value: unknown): unknown {
  if (s !== 0) pause(s, Pause.YIELD, 0);
  return value;
}

export function delegate(s: Token, value: unknown): unknown {
  if (s !== 0) pause(s, Pause.DELEGATE, Link.DELEGATE);
  return value;
}

export function suspendLoop(s: Token, value: unknown): unknown {
  if (s !== 0) pause(s, Pause.LOOP, Link.LOOP);
  return value;
}

export function resume(s: Token, value: unknown): unknown {
  if (s === 0) return value;
  if (resumedOnStack(s)) return value;
  if (!isOpen(s)) state.dropped.staleToken++;
  else if (((cursor.slots[((s & SLOT_MASK) << 3) + FLAGS] as number) & SUSPENDED) !== 0) resumeSlot(s & SLOT_MASK, s);
  return value;
}

/**
 * A yield to a consumer on the stack, in the same root and with room: no more than an exit and an enter, and no reading of the clock, because nothing
 * waits (yaml's lexer and parser yield 10,000 times in a document: 800 ns a generator with readings on both sides).
 */
function yieldedOnStack(s: Token, kind: number): boolean {
  const c = cursor;
  const { slots, root } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  const p = c.pos;
  if (c.current !== slot || slots[at] !== (s & GENERATION_MASK) || ((slots[at + FLAGS] as number) & (BOTTOM | CROSS)) !== 0) return false;
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

/** The way back: the consumer on the stack asks for the next value. */
function resumedOnStack(s: Token): boolean {
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

function pause(s: Token, kind: number, link: number): void {
  const c = cursor;
  if ((kind === Pause.YIELD || kind === Pause.DELEGATE) && yieldedOnStack(s, kind)) {
    setPending(s, link);
    return;
  }
  if (!isOpen(s)) {
    state.dropped.staleToken++;
    return;
  }
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  if (((c.slots[at + FLAGS] as number) & SUSPENDED) !== 0) return;
  const root = rootOf(slot);
  if (root === undefined) return;
  root.pinned = root === c.root ? c.span : root.span;
  const onStack = c.current === slot || unwindTo(slot);
  switchRoot(root);
  writeSuspend(slot, kind);
  const below = onStack ? (c.slots[at + BELOW] as number) : c.current;
  markSuspended(root, slot, kind);
  settle(below);
  setPending(s, link);
}

/** Puts a suspended span back on the stack. `s` is its token. */
export function resumeSlot(slot: number, s: Token): void {
  const c = cursor;
  const at = slot << 3;
  const root = rootOf(slot);
  if (root === undefined) return;
  const kind = ((c.slots[at + FLAGS] as number) & PAUSE_BITS) >> PAUSE_SHIFT;
  // After an await nothing lies below; after a yield the consumer that asked for the next value does.
  const fromEmptyStack = kind === Pause.AWAIT || kind === Pause.LOOP;
  if (fromEmptyStack && c.current !== 0 && !isUnfinishedPause(s)) suspendLeftovers();
  switchRoot(root);
  root.pinned = c.span;
  if (service()) {
    if (!goesOn(kind, c.current)) writeTime();
    const p = c.pos;
    c.ops[p] = Op.RESUME | (kind << N_SHIFT);
    c.ops[p + 1] = c.slots[at + SPAN] as number;
    c.events++;
    c.pauses++;
    c.pos = p + 2;
  }
  unlinkSuspended(root, slot);
  const below = c.current;
  c.slots[at + BELOW] = below;
  c.slots[at + FLAGS] = ((c.slots[at + FLAGS] as number) & LASTING) | belowFlags(below);
  c.current = slot;
}
