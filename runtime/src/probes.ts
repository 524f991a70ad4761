/**
 * The probes, contract (b): what emitted code calls. Here is the hot path, written out by arity: no allocation, no closure, one shape. It covers
 * a call from a recorded caller in the same root with room in the chunk; everything else is `probes-slow.ts`. An event is
 * written before the span counts as open or ended, so that a stack overflow inside leaves nothing half done (H45).
 */
import type { Probes, Token } from '@captureflow/core/probe-abi';
import { Op } from '@captureflow/trace/wire';
import { put } from './capture.ts';
import { cursor } from './cursor.ts';
import { caught, end, hold } from './outcomes.ts';
import { delegate, resume, suspend, suspendLoop, suspendYield } from './pauses.ts';
import { enterSlow, exitSlow, throwSlow, valuesSlow } from './probes-slow.ts';
import { LEVEL_SITES, register } from './registry.ts';
import { GENERATION_MASK, INHERIT, LEVEL_BITS, NEXT_GENERATION, SITES, SLOT_MASK } from './slots.ts';

const ENTER = Op.ENTER;
const EXIT = Op.EXIT;
const VALUES_OP = Op.VALUES;
const N = 256;
/** Levels from `calls` to `lines` go the hot path. Of the other bits of a level byte or of slot flags only LEVEL_SITES and SITES may be there. */
const CALLS = 1;
const LOCALS = 3;
const LINES = 4;
/** From a level byte's LEVEL_SITES to a slot's SITES. */
const SITES_SHIFT = 6;
const U = undefined;
/** A constant of this file's own: an import is read through a cell and checked each time. */
const c = cursor;

/** Where the event of `enter` begins, or -1: the slow path. */
function enterAt(level: number): number {
  const p = c.pos;
  const bare = level & ~LEVEL_SITES;
  return bare < CALLS || bare > LINES || c.current === 0 || p > c.limit || p === c.start || c.freeHead === 0 ? -1 : p;
}

/** Begins the event and counts the call. */
function beginEnter(fn: number, word: number, p: number): number {
  c.start = p;
  c.ops[p] = word;
  c.ops[p + 1] = fn | 0;
  return p + 2;
}

/** The event ends at `p`: opens the span. */
function open(fn: number, level: number, p: number): Token {
  const { slots } = c;
  c.functions[(fn << 1) | 1] = (c.functions[(fn << 1) | 1] as number) + 1;
  const slot = c.freeHead;
  const at = slot << 3;
  slots[at | 1] = c.current;
  slots[at | 2] = ++c.span;
  slots[at | 3] = (level & LEVEL_BITS) | ((level & LEVEL_SITES) << SITES_SHIFT);
  slots[at | 4] = fn | 0;
  slots[at | 5] = INHERIT;
  slots[at | 6] = c.serial;
  c.freeHead = slots[at | 7] as number;
  c.current = slot;
  c.pos = p;
  return (slots[at] as number) | slot;
}

function enter0(fn: number, parent: Token): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 0, U, U, U, U, U, U, U, U);
  return open(fn, level, beginEnter(fn, ENTER, p));
}

function enter1(fn: number, parent: Token, a: unknown): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 1, a, U, U, U, U, U, U, U);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  return open(fn, level, put(a, beginEnter(fn, ENTER | N, p)));
}

function enter2(fn: number, parent: Token, a: unknown, b: unknown): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 2, a, b, U, U, U, U, U, U);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  let q = put(a, beginEnter(fn, ENTER | (2 * N), p));
  q = put(b, q);
  return open(fn, level, q);
}

function enter3(fn: number, parent: Token, a: unknown, b: unknown, d: unknown): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 3, a, b, d, U, U, U, U, U);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  let q = put(a, beginEnter(fn, ENTER | (3 * N), p));
  q = put(b, q);
  q = put(d, q);
  return open(fn, level, q);
}

function enter4(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 4, a, b, d, e, U, U, U, U);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  let q = put(a, beginEnter(fn, ENTER | (4 * N), p));
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  return open(fn, level, q);
}

function enter5(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 5, a, b, d, e, f, U, U, U);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  let q = put(a, beginEnter(fn, ENTER | (5 * N), p));
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  return open(fn, level, q);
}

function enter6(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 6, a, b, d, e, f, g, U, U);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  let q = put(a, beginEnter(fn, ENTER | (6 * N), p));
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  q = put(g, q);
  return open(fn, level, q);
}

function enter7(fn: number, parent: Token, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown, h: unknown): Token {
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 7, a, b, d, e, f, g, h, U);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  let q = put(a, beginEnter(fn, ENTER | (7 * N), p));
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  q = put(g, q);
  q = put(h, q);
  return open(fn, level, q);
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
  const level = c.functions[fn << 1] as number;
  const p = enterAt(level);
  if (p < 0) return enterSlow(fn, parent, 8, a, b, d, e, f, g, h, i);
  if ((level & LEVEL_BITS) === CALLS) return open(fn, level, beginEnter(fn, ENTER, p));
  let q = put(a, beginEnter(fn, ENTER | (8 * N), p));
  q = put(b, q);
  q = put(d, q);
  q = put(e, q);
  q = put(f, q);
  q = put(g, q);
  q = put(h, q);
  q = put(i, q);
  return open(fn, level, q);
}

/** Where the event of `values` begins, or -1: the slow path. */
function valuesAt(s: Token): number {
  const slot = s & SLOT_MASK;
  const at = slot << 3;
  const p = c.pos;
  if (c.current !== slot || c.slots[at] !== (s & GENERATION_MASK) || p > c.limit || p === c.start) return -1;
  const flags = c.slots[at | 3] as number;
  return flags < LOCALS || flags > LINES ? -1 : p;
}

function beginValues(s: Token, site: number, word: number, p: number): number {
  c.start = p;
  c.ops[p] = word;
  c.ops[p + 1] = c.slots[((s & SLOT_MASK) << 3) | 2] as number;
  c.ops[p + 2] = site | 0;
  return p + 3;
}

function endValues(p: number): void {
  c.events++;
  c.pos = p;
}

function values0(s: Token, site: number): void {
  const p = valuesAt(s);
  if (p < 0) valuesSlow(s, site, 0, U, U, U, U, U, U, U, U);
  else endValues(beginValues(s, site, VALUES_OP, p));
}

function values1(s: Token, site: number, a: unknown): void {
  const p = valuesAt(s);
  if (p < 0) valuesSlow(s, site, 1, a, U, U, U, U, U, U, U);
  else {
    endValues(put(a, beginValues(s, site, VALUES_OP | N, p)));
  }
}

function values2(s: Token, site: number, a: unknown, b: unknown): void {
  const p = valuesAt(s);
  if (p < 0) valuesSlow(s, site, 2, a, b, U, U, U, U, U, U);
  else {
    let q = put(a, beginValues(s, site, VALUES_OP | (2 * N), p));
    q = put(b, q);
    endValues(q);
  }
}

function values3(s: Token, site: number, a: unknown, b: unknown, d: unknown): void {
  const p = valuesAt(s);
  if (p < 0) valuesSlow(s, site, 3, a, b, d, U, U, U, U, U);
  else {
    let q = put(a, beginValues(s, site, VALUES_OP | (3 * N), p));
    q = put(b, q);
    q = put(d, q);
    endValues(q);
  }
}

function values4(s: Token, site: number, a: unknown, b: unknown, d: unknown, e: unknown): void {
  const p = valuesAt(s);
  if (p < 0) valuesSlow(s, site, 4, a, b, d, e, U, U, U, U);
  else {
    let q = put(a, beginValues(s, site, VALUES_OP | (4 * N), p));
    q = put(b, q);
    q = put(d, q);
    q = put(e, q);
    endValues(q);
  }
}

function values5(s: Token, site: number, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown): void {
  const p = valuesAt(s);
  if (p < 0) valuesSlow(s, site, 5, a, b, d, e, f, U, U, U);
  else {
    let q = put(a, beginValues(s, site, VALUES_OP | (5 * N), p));
    q = put(b, q);
    q = put(d, q);
    q = put(e, q);
    q = put(f, q);
    endValues(q);
  }
}

function values6(s: Token, site: number, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown): void {
  const p = valuesAt(s);
  if (p < 0) valuesSlow(s, site, 6, a, b, d, e, f, g, U, U);
  else {
    let q = put(a, beginValues(s, site, VALUES_OP | (6 * N), p));
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
  if (p < 0) valuesSlow(s, site, 7, a, b, d, e, f, g, h, U);
  else {
    let q = put(a, beginValues(s, site, VALUES_OP | (7 * N), p));
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
  if (p < 0) valuesSlow(s, site, 8, a, b, d, e, f, g, h, i);
  else {
    let q = put(a, beginValues(s, site, VALUES_OP | (8 * N), p));
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
  const level = (slots[at | 3] as number) & ~SITES;
  if (c.current !== slot || slots[at] !== (s & GENERATION_MASK) || level < CALLS || level > LINES || p > c.limit || p === c.start) {
    exitSlow(s, EXIT, value);
    return;
  }
  c.start = p;
  c.ops[p + 1] = slots[at | 2] as number;
  let q = p + 2;
  if (level === CALLS) c.ops[p] = EXIT;
  else {
    c.ops[p] = EXIT | N;
    q = put(value, q);
  }
  c.current = slots[at | 1] as number;
  slots[at] = (s + NEXT_GENERATION) & GENERATION_MASK;
  slots[at | 7] = c.freeHead;
  c.freeHead = slot;
  c.events++;
  c.pos = q;
}

function thrown(s: Token, error: unknown, position = 0): unknown {
  throwSlow(s, error, position);
  return error;
}

/** The realm's probes. `on` is a plain data property: emitted code reads it on the way into every function. */
export const probes: Probes = {
  on: false,
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
