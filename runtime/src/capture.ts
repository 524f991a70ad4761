/**
 * Values into the columns. Primitives go by value or by reference to the immutable string; objects as a bounded snapshot, written at the
 * event (`capture-object.ts`). No user code runs here (H160 to H179); what cannot be read is marked so. Every object passes a
 * function with its own try: a throwing host object or a stack overflow costs one value, not the event (H172, H45).
 */
import { SiteKind } from '@captureflow/trace/metadata';
import { Cut, Form, FORM_BUDGET, Op, OP_BITS, OPERAND_SHIFT, Tag } from '@captureflow/trace/wire';
import { numsRoom, opsRoom, refsRoom, relocate, tightenLimit } from './columns.ts';
import { cursor } from './cursor.ts';
import { describeObject } from './capture-object.ts';
import { beginCapture, endCapture } from './charges.ts';
import { Detail, DETAIL_BITS, DETAIL_SHIFT } from './gates.ts';
import { isProxy } from './host-types.ts';
import { charCodeAt, copyPrefix, isArray } from './primordials.ts';
import { state } from './recorder-state.ts';
import { siteKind } from './registry.ts';
import { paySnapshot, showsObjects } from './sampled-objects.ts';
import { hidesBigint, hidesNumber } from './sensitive.ts';
import { FLAGS, FUNCTION, SLOT_MASK, SPAN } from './slots.ts';
import { budget, forgetSeen, openBudget } from './snapshot-budget.ts';

// Local constants: the hot path reads them without a property look-up in any tier.
const INT = Tag.INT;
const INT_WIDE = Tag.INT_WIDE;
const NUMBER = Tag.NUMBER;
const STRING = Tag.STRING;
const UNDEFINED = Tag.UNDEFINED;
const NULL = Tag.NULL;
const TRUE = Tag.TRUE;
const FALSE = Tag.FALSE;
const FORM = Tag.FORM;
const REDACTED = Tag.REDACTED;
/** Card numbers have 14 digits and more; above the other bound a number has not all of its digits. */
const LEAST_CARD = 30_000_000_000_000;
const MOST_CARD = Number.MAX_SAFE_INTEGER;
const ENTER = Op.ENTER;
const ENTER_AT = Op.ENTER_AT;
const EXIT = Op.EXIT;
const VALUES = Op.VALUES;
const VALUES_AT = Op.VALUES_AT;
const THROW = Op.THROW;
const ANNOTATE = Op.ANNOTATE;
const { SHALLOW, FLAT } = Detail;
const OBJECT_FORM = Form.OBJECT << 5;
const ARRAY_FORM = Form.ARRAY << 5;
const FUNCTION_FORM = Form.FUNCTION << 5;
const BY_BUDGET = FORM_BUDGET << 5;

/** This file's own constant: an import is read through a cell and checked each time. */
const hot = cursor;

/** Writes `v` at `p` of the open chunk and returns the place behind it (in another chunk, if the event had to move). */
export function put(v: unknown, p: number): number {
  if (typeof v === 'number') {
    const word = v << 5;
    if (word >> 5 === v && (word !== 0 || 1 / v > 0)) {
      hot.ops[p] = word | INT;
      return p + 1;
    }
  }
  return putOther(v, p);
}

/** `put` is for small integers and so small that engines inline it into the probes; this is for everything else. */
function putOther(v: unknown, p: number): number {
  if (typeof v === 'string') {
    if (v.length <= hot.stringLimit) {
      if (hot.mark !== hot.start) mark();
      hot.ops[p] = STRING;
      hot.refs[hot.refsPos++] = v;
      hot.stringBytes += v.length;
      return p + 1;
    }
    return putSlow(v, p);
  }
  if (typeof v === 'object') {
    if (v === null) {
      hot.ops[p] = NULL;
      return p + 1;
    }
    return putObject(v, p);
  }
  if (v === undefined) {
    hot.ops[p] = UNDEFINED;
    return p + 1;
  }
  if (v === true) {
    hot.ops[p] = TRUE;
    return p + 1;
  }
  if (v === false) {
    hot.ops[p] = FALSE;
    return p + 1;
  }
  if (typeof v === 'number') {
    const i = v | 0;
    if (i === v && (i !== 0 || 1 / v > 0)) {
      hot.ops[p] = INT_WIDE;
      hot.ops[p + 1] = i;
      return p + 2;
    }
    if (v >= LEAST_CARD && v <= MOST_CARD && hidesNumber(v)) {
      hot.ops[p] = REDACTED;
      return p + 1;
    }
    if (hot.mark !== hot.start) mark();
    hot.ops[p] = NUMBER;
    hot.nums[hot.numsPos++] = v;
    return p + 1;
  }
  if (typeof v === 'function') return putObject(v, p);
  return putSlow(v, p);
}

/** The event that is being written begins to use the other columns. */
function mark(): void {
  hot.mark = hot.start;
  hot.numsStart = hot.numsPos;
  hot.refsStart = hot.refsPos;
}

/** An object or function: whole, or in a call of which it is not to be looked into, its form. */
function putObject(v: object, p: number): number {
  const head = hot.ops[hot.start] as number;
  const op = head & OP_BITS;
  let fn = 0;
  let span = 0;
  let detail = 0;
  if (op === ENTER || op === ENTER_AT) {
    span = hot.span + 1;
    // The second object of a call, and the third: the most frequent case of all.
    if (span === hot.formSpan) return putForm(v, p, FORM);
    fn = head >>> OPERAND_SHIFT;
    detail = hot.gates[fn] as number;
  } else if (op !== ANNOTATE && op !== THROW) {
    const at = (hot.current & SLOT_MASK) << 3;
    span = hot.slots[at + SPAN] as number;
    if (span === hot.formSpan && op === EXIT) return putForm(v, p, FORM);
    fn = hot.slots[at + FUNCTION] as number;
    detail = hot.slots[at + FLAGS] as number;
  }
  detail = (detail & DETAIL_BITS) >> DETAIL_SHIFT;
  if (detail >= FLAT && (detail === FLAT || !showsObjects(fn, span)) && ((op !== VALUES && op !== VALUES_AT) || !isThrowSite(head, fn))) {
    return putForm(v, p, detail === FLAT ? FORM | BY_BUDGET : FORM);
  }
  const before = hot.nodes;
  const began = beginCapture();
  const q = putSlow(v, p, detail === SHALLOW);
  const nodes = hot.nodes - before;
  if (detail > FLAT) paySnapshot(fn, nodes);
  endCapture(fn, nodes, began);
  return q;
}

/** Locals at a throw are what the trace is read for. `head`: of a VALUES event. */
function isThrowSite(head: number, fn: number): boolean {
  return siteKind(fn, head >>> OPERAND_SHIFT) === SiteKind.THROW;
}

/** `Array.isArray` throws on a proxy that was revoked; asking for proxies first would cost every object that is none (H162). */
function isRealArray(v: object): boolean {
  try {
    return isArray(v) && isProxy !== undefined && !isProxy(v);
  } catch {
    return false;
  }
}

/** What can be said of an object for nothing. The length of an array runs no code; of a proxy nothing is asked (H161). */
function putForm(v: object, p: number, word: number): number {
  if (typeof v === 'function') {
    hot.ops[p] = word | FUNCTION_FORM;
    return p + 1;
  }
  if (isRealArray(v)) {
    hot.ops[p] = word | ARRAY_FORM;
    hot.ops[p + 1] = (v as unknown as unknown[]).length;
    return p + 2;
  }
  hot.ops[p] = word | OBJECT_FORM;
  return p + 1;
}

/** Everything but the short primitives. Throws only when its own frame does not fit the stack: the next event then asks for service. */
function putSlow(v: unknown, p: number, shallow = false): number {
  const c = cursor;
  c.limit = -1;
  if (c.mark !== c.start) mark();
  c.at = p;
  if (typeof v === 'string') {
    writeCutString(v);
  } else if (typeof v === 'bigint') {
    writeBigint(v);
  } else if (typeof v === 'symbol') {
    c.ops[c.at++] = Tag.SYMBOL;
    c.refs[c.refsPos++] = v;
  } else {
    openBudget(state.limits, shallow, p - c.start);
    captureObject(v as object, 0);
    forgetSeen(0);
    c.nodes += state.limits.nodes - budget.nodes;
  }
  tightenLimit();
  return c.at;
}

/** A value inside a snapshot. Returns false when there is no room for it: nothing was written. */
export function captureNested(v: unknown, depth: number): boolean {
  const c = cursor;
  if (!ensureRoom()) return false;
  const type = typeof v;
  if ((type === 'object' && v !== null) || type === 'function' || (type === 'undefined' && v !== undefined)) {
    captureObject(v as object, depth);
    return true;
  }
  budget.nodes--;
  budget.bytes -= 8;
  if (type === 'string') {
    budget.bytes -= (v as string).length < c.stringLimit ? (v as string).length : c.stringLimit;
    if ((v as string).length > c.stringLimit) {
      writeCutString(v as string);
      return true;
    }
  } else if (type === 'bigint') {
    writeBigint(v as bigint);
    return true;
  } else if (type === 'symbol') {
    c.ops[c.at++] = Tag.SYMBOL;
    c.refs[c.refsPos++] = v;
    return true;
  }
  c.at = put(v, c.at);
  return true;
}

/** Room for one node with its key and class, here or, with the event, in a fresh chunk. */
export function ensureRoom(): boolean {
  return (opsRoom() >= 8 && numsRoom() >= 2 && refsRoom() >= 4) || relocate();
}

/** An object, function or undetectable object (H171) as a snapshot. Takes back what a failed attempt wrote. */
function captureObject(v: object, depth: number): void {
  const c = cursor;
  // Relative to the event: it may move to another chunk in between.
  const at = c.at - c.start;
  const numsPos = c.numsPos - c.numsStart;
  const refsPos = c.refsPos - c.refsStart;
  const { seen } = budget;
  try {
    describeObject(v, depth);
  } catch {
    c.at = c.start + at;
    c.numsPos = c.numsStart + numsPos;
    c.refsPos = c.refsStart + refsPos;
    budget.seen = seen;
    state.dropped.capture++;
    c.ops[c.at++] = Tag.UNREADABLE;
  }
}

/** The beginning of a long string as a copy, not between the halves of a surrogate pair, and the full length. */
function writeCutString(v: string): void {
  const c = cursor;
  let length = c.stringLimit;
  if (length > 0) {
    const last = charCodeAt(v, length - 1);
    if (last >= 0xd800 && last <= 0xdbff) length--;
  }
  const copy = copyPrefix(v, length);
  c.ops[c.at++] = Tag.STRING_CUT;
  c.ops[c.at++] = v.length;
  c.refs[c.refsPos++] = copy;
  c.stringBytes += length;
}

const LARGEST_BIGINT: bigint = 1n << 2048n;

function writeBigint(v: bigint): void {
  const c = cursor;
  if (v > LARGEST_BIGINT || v < -LARGEST_BIGINT) {
    c.ops[c.at++] = Tag.CUT | (Cut.BYTES << 5);
    c.ops[c.at++] = -1;
    c.refs[c.refsPos++] = 'bigint';
    return;
  }
  if (hidesBigint(v)) {
    c.ops[c.at++] = REDACTED;
    return;
  }
  c.ops[c.at++] = Tag.BIGINT;
  c.refs[c.refsPos++] = v;
}
