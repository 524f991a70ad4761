/** Changes of the stack of open spans outside the hot path: what is below becomes current, the stack becomes empty, order is restored. */
import { N_SHIFT, Op, Pause } from '@captureflow/trace/wire';
import { clock, writeTime } from './clock.ts';
import { service, switchRoot } from './columns.ts';
import { cursor, EMPTY_STACK } from './cursor.ts';
import { isGenerator } from './gates.ts';
import { rootQuiet } from './late-work.ts';
import { mustBeRecorded } from './registry.ts';
import { UNWOUND } from './root.ts';
import type { RootRecord } from './root.ts';
import {
  BELOW,
  BOTTOM,
  CROSS,
  ENDED,
  FLAGS,
  freeSlot,
  FUNCTION,
  INHERIT,
  LASTING,
  linkSuspended,
  PARENT,
  PAUSE_SHIFT,
  rootOf,
  SERIAL,
  SPAN,
  SUSPENDED,
} from './slots.ts';

/** BOTTOM or CROSS, as what lies below asks for it. The cursor is at the span's root. */
export function belowFlags(below: number): number {
  if (below === 0) return BOTTOM;
  return cursor.slots[(below << 3) + SERIAL] === cursor.serial ? 0 : CROSS;
}

/** `below` is on top now; the cursor is still at the root of what was above it. */
export function settle(below: number): void {
  const c = cursor;
  c.current = below;
  const left = c.root;
  if (below === 0) {
    writeEmpty();
    c.limit = c.limit >= 0 ? EMPTY_STACK : -1;
  } else if (c.slots[(below << 3) + SERIAL] !== c.serial) {
    // Until the cursor is there, no probe takes the hot path.
    c.limit = -1;
    const root = rootOf(below);
    if (root !== undefined) switchRoot(root);
  }
  if (left.ended) rootQuiet(left);
}

function writeEmpty(): void {
  const c = cursor;
  c.root.lastActive = clock.last;
  // Without room the margins are not there either.
  if (c.root.chunk === undefined || c.root.missing > 0) return;
  c.ops[c.pos++] = Op.EMPTY;
}

/**
 * Takes everything above `slot` off the stack: it ended without saying so (H45), or it waits where no code of ours could stand (an error that leaves a
 * `for await` or a block with `await using`): an async function or generator keeps its slot, and its next probe resumes it. False: `slot` is not on
 * the stack.
 */
export function unwindTo(slot: number): boolean {
  const c = cursor;
  let found = c.current;
  while (found !== 0 && found !== slot) found = c.slots[(found << 3) + BELOW] as number;
  if (found === 0) return false;
  while (c.current !== slot) {
    const top = c.current;
    const below = c.slots[(top << 3) + BELOW] as number;
    const fn = c.slots[(top << 3) + FUNCTION] as number;
    if (mustBeRecorded(fn) && c.slots[(top << 3) + FLAGS] !== ENDED) {
      setAside(top, isGenerator(fn) ? Pause.YIELD : Pause.AWAIT);
      continue;
    }
    tear(top);
    // In this order a stack overflow finds the span open and on the stack, or neither.
    if (c.slots[(top << 3) + FLAGS] !== ENDED) freeSlot(top, false);
    c.current = below;
  }
  return true;
}

/** The span leaves the stack without an event: its root's next event must tell how the stack is. */
export function tear(slot: number): void {
  const root = rootOf(slot);
  if (root === undefined) return;
  if (root.torn === 0) root.torn = UNWOUND;
  if (root === cursor.root) cursor.limit = -1;
}

/** The real stack is empty, ours is not: what is left may still go on (a nested event loop), so that it is suspended, not closed. */
export function suspendLeftovers(): void {
  while (cursor.current !== 0) setAside(cursor.current, Pause.AWAIT);
}

/** The top of the stack is suspended, as far as we know. */
function setAside(slot: number, kind: number): void {
  const c = cursor;
  const root = rootOf(slot);
  const below = c.slots[(slot << 3) + BELOW] as number;
  if (root !== undefined) {
    switchRoot(root);
    // While it is on the stack: what was torn off above it is said first.
    writeSuspend(slot, kind);
    c.current = below;
    markSuspended(root, slot, kind);
  } else {
    c.current = below;
  }
}

/**
 * SUSPEND, with its time where a run of the event loop ends. A caller or consumer that runs on at once gets a reading when one is due: that is no pause of
 * the program, and two readings of the clock a step were a third of what generators cost (yaml).
 */
export function writeSuspend(slot: number, kind: number): void {
  const c = cursor;
  if (!service()) return;
  if (!goesOn(c.slots[(slot << 3) + BELOW] as number)) {
    writeTime();
    c.waits++;
  }
  const p = c.pos;
  c.ops[p] = Op.SUSPEND | (kind << N_SHIFT);
  c.ops[p + 1] = c.slots[(slot << 3) + SPAN] as number;
  c.events++;
  c.pauses++;
  c.pos = p + 2;
}

/** What lies below goes on in the same root, hence in the same run of the event loop. */
export function goesOn(below: number): boolean {
  return below !== 0 && cursor.slots[(below << 3) + SERIAL] === cursor.serial;
}

export function markSuspended(root: RootRecord, slot: number, kind: number): void {
  const { slots } = cursor;
  const at = slot << 3;
  slots[at + FLAGS] = ((slots[at + FLAGS] as number) & LASTING) | SUSPENDED | (kind << PAUSE_SHIFT);
  // What is below now is the parent only until the span is resumed somewhere else.
  if (slots[at + PARENT] === INHERIT) slots[at + PARENT] = slots[((slots[at + BELOW] as number) << 3) + SPAN] as number;
  linkSuspended(root, slot);
}
