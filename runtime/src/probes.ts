/**
 * The probes, contract (b): what emitted code calls. Here is the hot path, written out by arity: no allocation, no closure, one shape. It covers
 * a call from a recorded caller in the same root with room in the chunk; everything else is `probes-slow.ts`. An event is
 * written before the span counts as open or ended, so that a stack overflow inside leaves nothing half done (H45).
 */
import type { Probes, Token } from '@captureflow/core/probe-abi';
import { N_SHIFT, Op, OPERAND_SHIFT } from '@captureflow/trace/wire';
import { put } from './capture.ts';
import { cursor } from './cursor.ts';
import { handOutGates, LEVEL_BITS, LEXICAL, ONE_CALL, RECORDED, SITES } from './gates.ts';
import { caught, end, hold } from './outcomes.ts';
import { delegate, resume, suspend, suspendLoop, suspendYield } from './pauses.ts';
import { enterSlow, exitSlow, throwSlow, valuesSlow } from './probes-slow.ts';
import { register } from './registry.ts';
import { freeSlot, GATE_FLAGS, GENERATION_MASK, INHERIT, NEXT_GENERATION, SLOT_MASK } from './slots.ts';

const ENTER = Op.ENTER;
const EXIT = Op.EXIT;
const EXIT_VALUE: number = Op.EXIT | (1 << N_SHIFT);
const EXIT_UNDEFINED: number = Op.EXIT | (2 << N_SHIFT);
const VALUES_OP = Op.VALUES;
const N: number = 1 << N_SHIFT;
const CALLS = 1;
const LOCALS = 3;
const U = undefined;
/** Answers of `valuesAt`. NOTHING: the function's level does not ask for values. */
const SLOW = -1;
const NOTHING = -2;
/** A constant of this file's own: an import is read through a cell and checked each time. */
const c = cursor;

/** The event that began at `c.start` ends at `p`: opens the span. */
function open(fn: number, gate: number, p: number): Token {
  const { slots } = c;
  // The mask changes nothing; it spares the checks of bounds.
  const slot = c.freeHead & SLOT_MASK;
  const at = slot << 3;
  slots[at + 1] = c.current;
  slots[at + 2] = ++c.span;
  slots[at + 3] = gate & GATE_FLAGS;
  slots[at + 4] = fn;
  slots[at + 5] = INHERIT;
  slots[at + 6] = c.serial;
  c.freeHead = slots[at + 7] as number;
  c.current = slot;
  c.pos = p;
  return (slots[at] as number) | slot;
}

/*
 * `enterN` is what the engine brings into instrumented functions, and all that a counted call does: a program that a governor has moved down
 * to counts pays for these lines in every call, and for each byte of them in what its own functions may still inline. A gate in hand is as good on an
 * empty stack or beside half an event only when `limit` says so.
 */
function enter0(fn: number, parent: Token): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record0(fn, parent);
}

function record0(fn: number, parent: Token): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 0, U, U, U, U, U, U, U, U);
  c.gates[fn] = gate - ONE_CALL;
  return bare(fn, gate, p);
}

/** Level `calls`: no values. */
function bare(fn: number, gate: number, p: number): Token {
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER;
  return open(fn, gate, p + 1);
}

function enter1(fn: number, parent: Token, a: unknown): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record1(fn, parent, a);
}

function record1(fn: number, parent: Token, a: unknown): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 1, a, U, U, U, U, U, U, U);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | N;
  return open(fn, gate, put(a, p + 1));
}

function enter2(fn: number, parent: Token, a: unknown, b: unknown): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record2(fn, parent, a, b);
}

function record2(fn: number, parent: Token, a: unknown, b: unknown): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 2, a, b, U, U, U, U, U, U);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | (2 * N);
  let q = put(a, p + 1);
  q = put(b, q);
  return open(fn, gate, q);
}

function enter3(fn: number, parent: Token, a: unknown, b: unknown, d: unknown): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record3(fn, parent, a, b, d);
}

function record3(fn: number, parent: Token, a: unknown, b: unknown, d: unknown): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 3, a, b, d, U, U, U, U, U);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | (3 * N);
  let q = put(a, p + 1);
  q = put(b, q);
  q = put(d, q);
  return open(fn, gate, q);
}

function enter4(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record4(fn, parent, a, b, d, e);
}

function record4(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 4, a, b, d, e, U, U, U, U);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | (4 * N);
  let q = put(a, p + 1);
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  return open(fn, gate, q);
}

function enter5(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record5(fn, parent, a, b, d, e, f);
}

function record5(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 5, a, b, d, e, f, U, U, U);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | (5 * N);
  let q = put(a, p + 1);
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  return open(fn, gate, q);
}

function enter6(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record6(fn, parent, a, b, d, e, f, g);
}

function record6(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 6, a, b, d, e, f, g, U, U);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | (6 * N);
  let q = put(a, p + 1);
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  q = put(g, q);
  return open(fn, gate, q);
}

function enter7(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown, h: unknown): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record7(fn, parent, a, b, d, e, f, g, h);
}

function record7(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown, h: unknown): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 7, a, b, d, e, f, g, h, U);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | (7 * N);
  let q = put(a, p + 1);
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  q = put(g, q);
  q = put(h, q);
  return open(fn, gate, q);
}

function enter8(
  fn: number,
  parent: Token,
  a: unknown,
  b: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
  i: unknown,
): Token {
  const { gates } = c;
  const gate = gates[fn] as number;
  if (gate >= ONE_CALL && c.limit >= 0) {
    gates[fn] = gate - ONE_CALL;
    return 0;
  }
  return record8(fn, parent, a, b, d, e, f, g, h, i);
}

function record8(
  fn: number,
  parent: Token,
  a: unknown,
  b: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
  i: unknown,
): Token {
  const gate = c.gates[fn] as number;
  const p = c.pos;
  if ((gate ^ RECORDED) < ONE_CALL || p > c.limit || c.freeHead === 0) return enterSlow(fn, parent, 8, a, b, d, e, f, g, h, i);
  c.gates[fn] = gate - ONE_CALL;
  if ((gate & LEVEL_BITS) === CALLS) return bare(fn, gate, p);
  c.start = p;
  c.ops[p] = (fn << OPERAND_SHIFT) | ENTER | (8 * N);
  let q = put(a, p + 1);
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  q = put(g, q);
  q = put(h, q);
  q = put(i, q);
  return open(fn, gate, q);
}

/** Where the event of `values` begins, SLOW or NOTHING. */
function valuesAt(s: Token): number {
  const { slots } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  const p = c.pos;
  const flags = slots[at + 3] as number;
  if (c.current !== slot || slots[at] !== (s & GENERATION_MASK) || (flags & ~(GATE_FLAGS & ~SITES)) !== 0) return SLOW;
  return (flags & LEVEL_BITS) < LOCALS ? NOTHING : p > c.limit ? SLOW : p;
}

function endValues(p: number): void {
  c.events++;
  c.pos = p;
}

function values0(s: Token, site: number): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 0, U, U, U, U, U, U, U, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP;
    endValues(p + 1);
  }
}

function values1(s: Token, site: number, a: unknown): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 1, a, U, U, U, U, U, U, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | N;
    endValues(put(a, p + 1));
  }
}

function values2(s: Token, site: number, a: unknown, b: unknown): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 2, a, b, U, U, U, U, U, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | (2 * N);
    let q = put(a, p + 1);
    q = put(b, q);
    endValues(q);
  }
}

function values3(s: Token, site: number, a: unknown, b: unknown, d: unknown): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 3, a, b, d, U, U, U, U, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | (3 * N);
    let q = put(a, p + 1);
    q = put(b, q);
    q = put(d, q);
    endValues(q);
  }
}

function values4(s: Token, site: number, a: unknown, b: unknown, d: unknown, e: unknown): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 4, a, b, d, e, U, U, U, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | (4 * N);
    let q = put(a, p + 1);
    q = put(b, q);
    q = put(d, q);
    q = put(e, q);
    endValues(q);
  }
}

function values5(s: Token, site: number, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 5, a, b, d, e, f, U, U, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | (5 * N);
    let q = put(a, p + 1);
    q = put(b, q);
    q = put(d, q);
    q = put(e, q);
    q = put(f, q);
    endValues(q);
  }
}

function values6(s: Token, site: number, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 6, a, b, d, e, f, g, U, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | (6 * N);
    let q = put(a, p + 1);
    q = put(b, q);
    q = put(d, q);
    q = put(e, q);
    q = put(f, q);
    q = put(g, q);
    endValues(q);
  }
}

function values7(s: Token, site: number, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown, h: unknown): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 7, a, b, d, e, f, g, h, U);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | (7 * N);
    let q = put(a, p + 1);
    q = put(b, q);
    q = put(d, q);
    q = put(e, q);
    q = put(f, q);
    q = put(g, q);
    q = put(h, q);
    endValues(q);
  }
}

function values8(
  s: Token,
  site: number,
  a: unknown,
  b: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
  i: unknown,
): void {
  const p = valuesAt(s);
  if (p === SLOW) valuesSlow(s, site, 8, a, b, d, e, f, g, h, i);
  else if (p >= 0) {
    c.start = p;
    c.ops[p] = (site << OPERAND_SHIFT) | VALUES_OP | (8 * N);
    let q = put(a, p + 1);
    q = put(b, q);
    q = put(d, q);
    q = put(e, q);
    q = put(f, q);
    q = put(g, q);
    q = put(h, q);
    q = put(i, q);
    endValues(q);
  }
}

function exit(s: Token, value: unknown): void {
  const { slots } = c;
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  const p = c.pos;
  const flags = slots[at + 3] as number;
  if (c.current !== slot || slots[at] !== (s & GENERATION_MASK) || (flags & ~GATE_FLAGS) !== 0 || p > c.limit) {
    exitSlow(s, EXIT, value);
    return;
  }
  c.start = p;
  let q = p + 1;
  if ((flags & LEVEL_BITS) === CALLS) c.ops[p] = EXIT;
  else if (value === undefined) c.ops[p] = EXIT_UNDEFINED;
  else {
    c.ops[p] = EXIT_VALUE;
    q = put(value, q);
  }
  // The only call: if the stack has no room for it, the span is still open.
  if ((flags & LEXICAL) !== 0) freeSlot(slot, true);
  c.current = slots[at + 1] as number;
  if ((flags & LEXICAL) === 0) {
    slots[at] = (s + NEXT_GENERATION) & GENERATION_MASK;
    slots[at + 7] = c.freeHead;
    c.freeHead = slot;
  }
  c.events++;
  c.pos = q;
}

function thrown(s: Token, error: unknown, position = 0): unknown {
  throwSlow(s, error, position);
  return error;
}

/** The realm's probes. */
export const probes: Probes = {
  gates: handOutGates,
  register,
  enter0,
  enter1,
  enter2,
  enter3,
  enter4,
  enter5,
  enter6,
  enter7,
  enter8,
  values0,
  values1,
  values2,
  values3,
  values4,
  values5,
  values6,
  values7,
  values8,
  exit,
  thrown,
  hold,
  caught,
  end,
  suspend,
  suspendYield,
  delegate,
  suspendLoop,
  resume,
};
