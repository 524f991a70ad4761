/**
 * The finally form: outcomes are held until the activation is really over; the last one counts, none means that a generator was closed
 * by its consumer (H40, H41, H68, H73).
 */
import type { Token } from '@captureflow/core/probe-abi';
import { N_SHIFT, Op } from '@captureflow/trace/wire';
import { cursor } from './cursor.ts';
import { DETAIL_BITS, LEVEL_BITS, SITES } from './gates.ts';
import { exitSlow, throwSlow } from './probes-slow.ts';
import { state } from './recorder-state.ts';
import { BELOW, FLAGS, GENERATION_MASK, HELD_ERROR, HELD_VALUE, isOpen, NEXT_FREE, NEXT_GENERATION, SLOT_MASK } from './slots.ts';

const CALLS = 1;
const EXIT_UNDEFINED: number = Op.EXIT | (2 << N_SHIFT);

interface Held {
  value: unknown;
  position: number;
}

/** By slot, used again; grows to the highest slot that held something. */
let held: (Held | undefined)[] = [];

function remember(s: Token, flag: number, value: unknown, position: number): void {
  if (!isOpen(s)) {
    state.dropped.staleToken++;
    return;
  }
  const slot = s & SLOT_MASK;
  const at = (slot << 3) + FLAGS;
  const before = cursor.slots[at] as number;
  cursor.slots[at] = (before & ~(HELD_VALUE | HELD_ERROR)) | flag;
  // Level `calls` shows no result: nothing is kept for it.
  if (flag === HELD_VALUE && (before & LEVEL_BITS) === CALLS) {
    if ((before & (HELD_VALUE | HELD_ERROR)) !== 0) letGo(slot);
    return;
  }
  for (let i = held.length; i <= slot; i++) held[i] = undefined;
  const place = held[slot];
  if (place === undefined) {
    held[slot] = { value, position };
  } else {
    place.value = value;
    place.position = position;
  }
}

/** Nobody is kept alive by a place that waits for the next activation (H169). */
function letGo(slot: number): void {
  const place = held[slot];
  if (place !== undefined) place.value = undefined;
}

export function hold(s: Token, value: unknown): void {
  remember(s, HELD_VALUE, value, 0);
}

export function caught(s: Token, error: unknown, position = 0): unknown {
  remember(s, HELD_ERROR, error, position);
  return error;
}

/** A call that ends like any other and shows no value, as generators do that are run to their end: its EXIT is one word, and nothing here calls. */
function exitedOnTop(s: Token): boolean {
  const c = cursor;
  const { slots } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  if (c.current !== slot || slots[at] !== (s & GENERATION_MASK) || c.pos > c.limit) return false;
  const flags = slots[at + FLAGS] as number;
  if ((flags & ~(DETAIL_BITS | LEVEL_BITS | SITES)) !== HELD_VALUE) return false;
  if ((flags & LEVEL_BITS) !== CALLS && held[slot]?.value !== undefined) return false;
  c.start = c.pos;
  c.ops[c.pos] = (flags & LEVEL_BITS) === CALLS ? Op.EXIT : EXIT_UNDEFINED;
  c.current = slots[at + BELOW] as number;
  slots[at] = (s + NEXT_GENERATION) & GENERATION_MASK;
  slots[at + NEXT_FREE] = c.freeHead;
  c.freeHead = slot;
  c.events++;
  c.pos++;
  return true;
}

export function end(s: Token): void {
  if (exitedOnTop(s)) return;
  if (!isOpen(s)) {
    state.dropped.staleToken++;
    return;
  }
  const slot = s & SLOT_MASK;
  const flags = cursor.slots[(slot << 3) + FLAGS] as number;
  if ((flags & (HELD_VALUE | HELD_ERROR)) === 0) {
    exitSlow(s, Op.CLOSE, undefined);
    return;
  }
  const place = held[slot];
  const value = place?.value;
  letGo(slot);
  if ((flags & HELD_ERROR) !== 0) throwSlow(s, value, place?.position ?? 0);
  else exitSlow(s, Op.EXIT, value);
}

/** Lets go of everything: the recorder stops. */
export function forgetHeld(): void {
  held = [];
}
