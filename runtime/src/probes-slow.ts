/**
 * The probes' general case: an empty stack, another root, no room, a suspended or stale token, a level that leaves something out.
 * Slower, never different: what stands in the columns is the same as from the hot path.
 */
import type { Token } from '@captureflow/core/probe-abi';
import { SiteKind } from '@captureflow/trace/metadata';
import { N_SHIFT, Op, OPERAND_SHIFT, Tag } from '@captureflow/trace/wire';
import { put } from './capture.ts';
import { writeTime } from './clock.ts';
import { service, switchRoot } from './columns.ts';
import { cursor } from './cursor.ts';
import { findPlace, place } from './empty-stack.ts';
import { countFor } from './elided-calls.ts';
import { errorId, wasThrownBefore } from './error-ids.ts';
import { collectsExamples, markEnter, opened, takeBack, unsayEmpty } from './examples.ts';
import { returnShape, throwShape } from './outcome-shape.ts';
import { resumeSlot } from './pauses.ts';
import { isLinkPending, pendingCaller, pendingLink } from './pending-pause.ts';
import {
  askAllowance,
  charge,
  countCall,
  isGenerator,
  isOff,
  LEVEL_BITS,
  leftOf,
  levelOf,
  restAgain,
  sawAtBottom,
  SITES,
} from './gates.ts';
import { siteKind } from './registry.ts';
import { state } from './recorder-state.ts';
import {
  BELOW,
  ensureSlot,
  FLAGS,
  freeSlot,
  FUNCTION,
  GENERATION,
  isOpen,
  JUDGED,
  GATE_FLAGS,
  NEXT_FREE,
  PARENT,
  rootOf,
  SERIAL,
  SLOT_MASK,
  SPAN,
  SUSPENDED,
} from './slots.ts';
import { belowFlags, settle, tear, unwindTo } from './stack.ts';

const CALLS = 1;
const VALUES = 2;
const LOCALS = 3;

export function enterSlow(
  fn: number,
  parent: Token,
  n: number,
  a: unknown,
  b: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
  i: unknown,
): Token {
  const c = cursor;
  if (!state.started || state.quiet) {
    restAgain(fn);
    return 0;
  }
  if (state.busy) {
    state.dropped.reentered++;
    return 0;
  }
  if (c.current === 0) sawAtBottom(fn);
  let gate = c.gates[fn] as number;
  let level = gate & LEVEL_BITS;
  // Before the call counts: those up to here may be another root's.
  if (level === 0 && c.current !== 0) countFor(rootOf(c.current) ?? c.root);
  const isSpent = countCall(fn);
  if (!(level >= CALLS)) {
    if (!isSpent && (c.current !== 0 || isOff(fn))) {
      // Without it every counted call would come here; but what a pause has just announced comes first.
      if (c.limit < 0 && !isLinkPending()) service();
      return 0;
    }
    if (!askAllowance(fn, true)) return 0;
    level = CALLS;
    gate |= CALLS;
  }
  if (!ensureSlot()) {
    state.dropped.tableFull++;
    c.root.lostToTable++;
    return 0;
  }
  const below = c.current;
  let parentSpan = 0;
  let link = 0;
  if (below === 0) {
    findPlace(fn, parent);
    if (place.root === undefined) return 0;
    switchRoot(place.root);
    parentSpan = place.parent;
    link = place.link;
  } else {
    // Only a stack overflow at the boundary of two roots leaves the cursor elsewhere.
    if (c.slots[(below << 3) + SERIAL] !== c.serial) switchRoot(rootOf(below) ?? c.root);
    const caller = isGenerator(fn) ? pendingCaller() : 0;
    const root = caller === 0 ? undefined : rootOf(caller & SLOT_MASK);
    if (root !== undefined) {
      switchRoot(root);
      parentSpan = c.slots[((caller & SLOT_MASK) << 3) + SPAN] as number;
      link = pendingLink();
    }
  }
  if (isSpent && (gate & LEVEL_BITS) === levelOf(fn)) askAllowance(fn, false);
  const isExample = collectsExamples();
  if (isExample) markEnter();
  const flags = (gate & GATE_FLAGS) | belowFlags(below) | (isExample ? JUDGED : 0);
  if (service()) {
    if (below === 0) writeTime();
    let p = c.pos;
    c.start = p;
    const values = level >= VALUES ? n : 0;
    if (link === 0) {
      c.ops[p] = Op.ENTER | (values << N_SHIFT) | (fn << OPERAND_SHIFT);
      p += 1;
    } else {
      c.ops[p] = Op.ENTER_AT | (values << N_SHIFT) | (fn << OPERAND_SHIFT);
      c.ops[p + 1] = parentSpan;
      c.ops[p + 2] = link;
      p += 3;
    }
    if (values > 0) p = putAll(p, values, a, b, d, e, f, g, h, i);
    c.pos = p;
  }
  if (link === 0) parentSpan = c.slots[(below << 3) + SPAN] as number;
  // Nothing below calls: the span is open from here on, or it is not.
  const slot = c.freeHead;
  const { slots } = c;
  const at = slot << 3;
  slots[at + BELOW] = below;
  slots[at + SPAN] = ++c.span;
  slots[at + FLAGS] = flags;
  slots[at + FUNCTION] = fn;
  slots[at + PARENT] = parentSpan;
  slots[at + SERIAL] = c.serial;
  c.freeHead = slots[at + NEXT_FREE] as number;
  c.current = slot;
  if (isExample) opened(slot);
  return (slots[at + GENERATION] as number) | slot;
}

function putAll(
  p: number,
  n: number,
  a: unknown,
  b: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
  i: unknown,
): number {
  let q = put(a, p);
  if (n > 1) q = put(b, q);
  if (n > 2) q = put(d, q);
  if (n > 3) q = put(e, q);
  if (n > 4) q = put(f, q);
  if (n > 5) q = put(g, q);
  if (n > 6) q = put(h, q);
  if (n > 7) q = put(i, q);
  return q;
}

export function valuesSlow(
  s: Token,
  site: number,
  n: number,
  a: unknown,
  b: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
  i: unknown,
): void {
  const c = cursor;
  const slot = comeTo(s);
  if (slot === 0) return;
  const at = slot << 3;
  const flags = c.slots[at + FLAGS] as number;
  const level = flags & LEVEL_BITS;
  if (level < LOCALS || (flags & SITES) !== 0) {
    const kind = siteKind(c.slots[at + FUNCTION] as number, site);
    if (level < LOCALS ? level < VALUES || kind !== SiteKind.MORE_PARAMETERS : kind === SiteKind.LINE) return;
  }
  if (c.pos > c.limit) chargeWords(at);
  if (!service()) return;
  const p = c.pos;
  c.start = p;
  c.ops[p] = Op.VALUES_AT | (n << N_SHIFT) | (site << OPERAND_SHIFT);
  c.ops[p + 1] = c.slots[at + SPAN] as number;
  const q = n > 0 ? putAll(p + 2, n, a, b, d, e, f, g, h, i) : p + 2;
  c.events++;
  c.pos = q;
}

/** A loop with a million values has no call that would be counted: its function pays for the words since the last reading of the clock. */
function chargeWords(at: number): void {
  const c = cursor;
  const words = c.pos - c.root.timePos;
  if (c.root.chunk === undefined || words <= 0 || words > c.pos) return;
  const fn = c.slots[at + FUNCTION] as number;
  charge(fn, words >> 2);
  if (leftOf(fn) === 0) askAllowance(fn, false);
  const flags = c.slots[at + FLAGS] as number;
  const level = levelOf(fn);
  // A span that is open cannot become one that is only counted.
  if (level < (flags & LEVEL_BITS)) c.slots[at + FLAGS] = (flags & ~LEVEL_BITS) | (level > CALLS ? level : CALLS);
}

/**
 * Makes the token's span the top of the stack and its root the one that is written to: resumes it if it is suspended, ends what was
 * left above it. Returns its slot; 0: the token is stale, which is counted.
 */
function comeTo(s: Token): number {
  const c = cursor;
  if (!isOpen(s)) {
    state.dropped.staleToken++;
    return 0;
  }
  const slot = s & SLOT_MASK;
  if (c.current !== slot) {
    if (((c.slots[(slot << 3) + FLAGS] as number) & SUSPENDED) !== 0) resumeSlot(slot, s);
    else unwindTo(slot);
  }
  const root = rootOf(slot);
  if (root === undefined) return 0;
  switchRoot(root);
  return slot;
}

/** EXIT, or CLOSE when `op` says so. Never throws: a stack overflow inside costs the event, not the program's return value (H45). */
export function exitSlow(s: Token, op: number, value: unknown): void {
  try {
    const slot = comeTo(s);
    if (slot !== 0) writeExit(slot, op, value);
  } catch {
    // The span stays on the stack; whoever exits next below it unwinds it, and the next event takes back half an event.
    state.dropped.stackOverflow++;
  }
}

function writeExit(slot: number, op: number, value: unknown): void {
  const c = cursor;
  const at = slot << 3;
  const below = c.slots[at + BELOW] as number;
  if (((c.slots[at + FLAGS] as number) & JUDGED) !== 0 && takeBack(slot, below, op === Op.CLOSE ? 'closed' : returnShape(value))) {
    leave(slot, below);
    if (below === 0) unsayEmpty(slot);
    return;
  }
  if (service()) {
    if (below === 0) writeTime();
    const p = c.pos;
    c.start = p;
    const withValue = op === Op.EXIT && ((c.slots[at + FLAGS] as number) & LEVEL_BITS) >= VALUES;
    c.ops[p] = op === Op.EXIT ? Op.EXIT_AT | (withValue ? 1 << N_SHIFT : 0) : op;
    c.ops[p + 1] = c.slots[at + SPAN] as number;
    const q = withValue ? put(value, p + 2) : p + 2;
    c.events++;
    c.pos = q;
  } else {
    tear(slot);
  }
  leave(slot, below);
}

export function throwSlow(s: Token, error: unknown, position: number): void {
  try {
    const slot = comeTo(s);
    if (slot !== 0) writeThrow(slot, error, position);
  } catch {
    // The span stays on the stack; whoever exits next below it unwinds it, and the next event takes back half an event.
    state.dropped.stackOverflow++;
  }
}

function writeThrow(slot: number, error: unknown, position: number): void {
  const c = cursor;
  const at = slot << 3;
  const below = c.slots[at + BELOW] as number;
  c.root.throws++;
  if (((c.slots[at + FLAGS] as number) & JUDGED) !== 0 && takeBack(slot, below, throwShape(error))) {
    leave(slot, below);
    if (below === 0) unsayEmpty(slot);
    return;
  }
  if (service()) {
    writeTime();
    const id = errorId(error, slot, below);
    const p = c.pos;
    c.start = p;
    c.ops[p] = Op.THROW | (1 << N_SHIFT);
    c.ops[p + 1] = c.slots[at + SPAN] as number;
    c.ops[p + 2] = position;
    c.ops[p + 3] = id;
    let q = p + 4;
    if (wasThrownBefore) c.ops[q++] = Tag.SAME;
    else q = put(error, q);
    c.events++;
    c.pos = q;
  } else {
    tear(slot);
  }
  leave(slot, below);
}

function leave(slot: number, below: number): void {
  const c = cursor;
  const wasTop = c.current === slot;
  // `freeSlot` calls nothing: either it overflows the stack at once and the span is still open and on the stack, or both lines happen.
  freeSlot(slot, false);
  if (!wasTop) return;
  c.current = below;
  settle(below);
}
