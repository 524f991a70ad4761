/**
 * The table of open spans. A slot is eight integers; a token is `generation << 16 | slot` in 30 bits, so that V8 never boxes it.
 * Free slots are used again last in, first out (a ring was 1.6 times slower); slots of functions whose closures name them as lexical
 * parent go through a FIFO quarantine, so that the (root, span) of an ended activation stays known as long as possible.
 */
import type { Token } from '@captureflow/core/probe-abi';
import { cursor, NO_OPS, SLOTS } from './cursor.ts';
import { LEXICAL } from './gates.ts';
import { state } from './recorder-state.ts';
import type { RootRecord } from './root.ts';

export const SLOT_MASK = 0xffff;
export const GENERATION_MASK = 0x3fff0000;
export const NEXT_GENERATION = 0x10000;

/** Fields of a slot, at `slot << 3`. */
export const GENERATION = 0;
/** Slot below on the stack; while suspended: next in the root's list of suspended spans. */
export const BELOW = 1;
export const SPAN = 2;
/** What the function's gate had in its low bits (level, detail, LEXICAL, SITES), then the flags below. */
export const FLAGS = 3;
export const FUNCTION = 4;
/** Number of the parent span; INHERIT: of the span below. */
export const PARENT = 5;
export const INHERIT = -1;
export const SERIAL = 6;
/** While suspended: previous in the list. While free: next in the free list. */
export const PREVIOUS = 7;
export const NEXT_FREE = 7;

/** The gate's part of the flags. Any of the others sends exit and values to the slow path. */
export const GATE_FLAGS = 127;
/** Nothing lies below: the stack is empty afterwards. */
export const BOTTOM = 128;
/** What lies below belongs to another root. */
export const CROSS = 256;
export const SUSPENDED = 512;
export const PAUSE_SHIFT = 10;
export const PAUSE_BITS: number = 3 << PAUSE_SHIFT;
export const HELD_VALUE = 4096;
export const HELD_ERROR = 8192;
/** The activation is over and the slot was not taken again. */
export const ENDED = 16_384;
/** Taken back at its end unless it is worth keeping (`examples.ts`). */
export const JUDGED = 32_768;
/** What a suspension leaves as it is. */
export const LASTING: number = GATE_FLAGS | HELD_VALUE | HELD_ERROR | JUDGED;

/** Slots that are made free at a time. */
const BATCH = 64;

let quarantine: Int32Array = NO_OPS;
let quarantineHead = 0;
let quarantined = 0;
let fresh = 1;

/** Allocates what the table needs, once. */
export function allocateSlots(): void {
  if (quarantine.length === 0) quarantine = new Int32Array(SLOTS);
}

/** Makes sure that a slot is free. Order: last freed, never used, longest in quarantine. False: the table is full. */
export function ensureSlot(): boolean {
  const c = cursor;
  if (c.freeHead !== 0) return true;
  // Several at a time: in a program of closures every call would come here.
  let next = 0;
  for (let i = 0; i < BATCH && fresh < SLOTS; i++) {
    c.slots[(fresh << 3) + NEXT_FREE] = next;
    next = fresh++;
  }
  if (next !== 0) {
    c.freeHead = next;
    return true;
  }
  if (quarantined === 0) return false;
  for (let i = 0; i < BATCH && quarantined > 0; i++) {
    const slot = quarantine[quarantineHead] as number;
    quarantineHead = (quarantineHead + 1) & SLOT_MASK;
    quarantined--;
    c.slots[(slot << 3) + NEXT_FREE] = next;
    next = slot;
  }
  c.freeHead = next;
  return true;
}

/** Ends the slot's generation: its token is stale from now on. */
export function freeSlot(slot: number, keepResolvable: boolean): void {
  const c = cursor;
  const at = slot << 3;
  const flags = c.slots[at + FLAGS] as number;
  c.slots[at + GENERATION] = ((c.slots[at + GENERATION] as number) + NEXT_GENERATION) & GENERATION_MASK;
  c.slots[at + FLAGS] = ENDED;
  if (keepResolvable || (flags & LEXICAL) !== 0) {
    quarantine[(quarantineHead + quarantined++) & SLOT_MASK] = slot;
  } else {
    c.slots[at + NEXT_FREE] = c.freeHead;
    c.freeHead = slot;
  }
}

export function isOpen(token: Token): boolean {
  return token !== 0 && cursor.slots[(token & SLOT_MASK) << 3] === (token & GENERATION_MASK);
}

/** True while the slot still tells about the activation, be it open or ended. */
export function isResolvable(token: Token): boolean {
  const at = (token & SLOT_MASK) << 3;
  const generation = cursor.slots[at + GENERATION] as number;
  const asked = token & GENERATION_MASK;
  if (generation === asked) return true;
  return generation === ((asked + NEXT_GENERATION) & GENERATION_MASK) && cursor.slots[at + FLAGS] === ENDED;
}

export function tokenOf(slot: number): Token {
  return (cursor.slots[slot << 3] as number) | slot;
}

export function rootOf(slot: number): RootRecord | undefined {
  const serial = cursor.slots[(slot << 3) + SERIAL] as number;
  return serial === cursor.serial ? cursor.root : state.roots.find(serial);
}

export function openSlots(): number {
  let free = 0;
  for (let slot = cursor.freeHead; slot !== 0; slot = cursor.slots[(slot << 3) + NEXT_FREE] as number) free++;
  return fresh - 1 - free - quarantined;
}

/** Puts a slot at the head of its root's list of suspended spans. */
export function linkSuspended(root: RootRecord, slot: number): void {
  const { slots } = cursor;
  const next = root.suspended;
  slots[(slot << 3) + BELOW] = next;
  slots[(slot << 3) + PREVIOUS] = 0;
  if (next !== 0) slots[(next << 3) + PREVIOUS] = slot;
  root.suspended = slot;
}

export function unlinkSuspended(root: RootRecord, slot: number): void {
  const { slots } = cursor;
  const next = slots[(slot << 3) + BELOW] as number;
  const previous = slots[(slot << 3) + PREVIOUS] as number;
  if (previous !== 0) slots[(previous << 3) + BELOW] = next;
  else root.suspended = next;
  if (next !== 0) slots[(next << 3) + PREVIOUS] = previous;
}

/** Closes what a root has suspended, without events: the recorder stops or the root is forgotten. */
export function discardSuspended(root: RootRecord): void {
  let slot = root.suspended;
  root.suspended = 0;
  while (slot !== 0) {
    const next = cursor.slots[(slot << 3) + BELOW] as number;
    freeSlot(slot, true);
    slot = next;
  }
}

/** Closes the stack from `top` on, without events. */
export function discardStack(top: number): void {
  let slot = top;
  while (slot !== 0) {
    const below = cursor.slots[(slot << 3) + BELOW] as number;
    freeSlot(slot, true);
    slot = below;
  }
}

/** True when a span of the root is on the stack of `top`. */
export function isOnStack(root: RootRecord, top: number): boolean {
  for (let slot = top; slot !== 0; slot = cursor.slots[(slot << 3) + BELOW] as number) {
    if (cursor.slots[(slot << 3) + SERIAL] === root.serial) return true;
  }
  return false;
}
