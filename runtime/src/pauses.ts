/** await, yield, yield* and for await: the span leaves the stack and comes back. The value flows through untouched. */
import type { Token } from '@captureflow/core/probe-abi';
import { Link, N_SHIFT, Op, Pause } from '@captureflow/trace/wire';
import { writeTime } from './clock.ts';
import { service, switchRoot } from './columns.ts';
import { cursor } from './cursor.ts';
import { pausedOnStack, pausedToEmptyStack, resumedOnEmptyStack, resumedOnStack } from './hot-pauses.ts';
import { isUnfinishedPause, setPending } from './pending-pause.ts';
import { state } from './recorder-state.ts';
import { BELOW, FLAGS, isOpen, LASTING, PAUSE_BITS, PAUSE_SHIFT, rootOf, SLOT_MASK, SPAN, SUSPENDED, unlinkSuspended } from './slots.ts';
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
  if (resumedOnEmptyStack(s) || resumedOnStack(s)) return value;
  if (!isOpen(s)) state.dropped.staleToken++;
  else if (((cursor.slots[((s & SLOT_MASK) << 3) + FLAGS] as number) & SUSPENDED) !== 0) resumeSlot(s & SLOT_MASK, s);
  return value;
}

function pause(s: Token, kind: number, link: number): void {
  if (pausedOnStack(s, kind)) {
    // A yield that calls nobody has left the synchronous run for certain: nobody asks about it.
    if (kind === Pause.AWAIT || link !== 0) setPending(s, link);
    return;
  }
  if (pausedToEmptyStack(s, kind)) {
    if (link !== 0) setPending(s, link);
    return;
  }
  const c = cursor;
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
    if (!goesOn(c.current)) {
      writeTime();
      c.waits++;
    }
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
