/**
 * The finally form: outcomes are held until the activation is really over; the last one counts, none means that a generator was closed
 * by its consumer (H40, H41, H68, H73).
 */
import type { Token } from '@captureflow/core/probe-abi';
import { Op } from '@captureflow/trace/wire';
import { cursor } from './cursor.ts';
import { exitSlow, throwSlow } from './probes-slow.ts';
import { state } from './recorder-state.ts';
import { FLAGS, HELD_ERROR, HELD_VALUE, isOpen, SLOT_MASK } from './slots.ts';

interface Held {
  value: unknown;
  position: number;
}

/** By slot; grows to the highest slot that held something. */
let held: (Held | undefined)[] = [];

function remember(s: Token, flag: number, value: unknown, position: number): void {
  if (!isOpen(s)) {
    state.dropped.staleToken++;
    return;
  }
  const slot = s & SLOT_MASK;
  const at = (slot << 3) + FLAGS;
  cursor.slots[at] = ((cursor.slots[at] as number) & ~(HELD_VALUE | HELD_ERROR)) | flag;
  for (let i = held.length; i <= slot; i++) held[i] = undefined;
  const place = held[slot];
  if (place === undefined) {
    held[slot] = { value, position };
  } else {
    place.value = value;
    place.position = position;
  }
}

export function hold(s: Token, value: unknown): void {
  remember(s, HELD_VALUE, value, 0);
}

export function caught(s: Token, error: unknown, position = 0): unknown {
  remember(s, HELD_ERROR, error, position);
  return error;
}

export function end(s: Token): void {
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
  held[slot] = undefined;
  if ((flags & HELD_ERROR) !== 0) throwSlow(s, place?.value, place?.position ?? 0);
  else exitSlow(s, Op.EXIT, place?.value);
}

/** Lets go of everything: the recorder stops. */
export function forgetHeld(): void {
  held = [];
}
