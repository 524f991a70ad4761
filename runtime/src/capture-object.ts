/**
 * The content of one object into the columns: own enumerable data properties, elements, entries, or only what it is. Must run no code of
 * the value: no getter, trap, iterator, toString or toJSON (H160 to H177).
 */
import { Cut, Tag } from '@captureflow/trace/wire';
import { captureNested, ensureRoom } from './capture.ts';
import { captureExotic } from './capture-exotic.ts';
import { captureFunction } from './capture-function.ts';
import { classInfoOf, NULL_PROTOTYPE } from './class-info.ts';
import { cursor } from './cursor.ts';
import { hostTypes, isProxy } from './host-types.ts';
import {
  copyPrefix,
  getOwnPropertyDescriptor,
  hasOwn,
  isArray,
  lookupGetter,
  objectKeys,
  ownNames,
  weakGet,
  weakSet,
} from './primordials.ts';
import { state } from './recorder-state.ts';
import { enterList, hides, hidesKey } from './sensitive.ts';
import { addSeen, budget, isData, seenNumber } from './snapshot-budget.ts';

/** Listing this many keys takes long enough to do it only once. */
const MANY_KEYS = 2000;
const manyKeys = new WeakMap<object, number>();
let anyManyKeys = false;

/** Writes `v` at the cursor; room for one node is there. May throw: the caller takes back what was written. */
export function describeObject(v: object, depth: number): void {
  const c = cursor;
  budget.nodes--;
  budget.bytes -= 16;
  if (isProxy === undefined || hostTypes === undefined) {
    // A browser: looking closer could run a proxy's traps (H161).
    if (typeof v === 'function') writeWord(Tag.FUNCTION, '');
    else writeSized(Tag.CUT | (Cut.DEPTH << 5), '', -1);
    return;
  }
  if (isProxy(v)) {
    c.ops[c.at++] = Tag.PROXY;
    return;
  }
  if (typeof v === 'function') {
    captureFunction(v);
    return;
  }
  const number = seenNumber(v);
  if (number !== 0) {
    c.ops[c.at++] = Tag.REFERENCE;
    c.ops[c.at++] = number;
    return;
  }
  if (typeof v === 'undefined') {
    writeSized(Tag.OPAQUE, '', -1);
    return;
  }
  const info = classInfoOf(v);
  if (info === NULL_PROTOTYPE && hostTypes.isModuleNamespaceObject(v)) {
    captureNamespace(v, depth);
    return;
  }
  if (isArray(v)) {
    captureArray(v as unknown as unknown[], info.name, depth);
    return;
  }
  if (info.exotic && captureExotic(v, info.name, depth)) return;
  captureFields(v, info.name, depth);
}

/** The reason not to go into an object now, or -1. */
export function cutReason(depth: number): number {
  if (depth >= budget.depth) return budget.shallow ? Cut.BUDGET : Cut.DEPTH;
  if (budget.nodes <= 0) return Cut.NODES;
  if (budget.bytes <= 0) return Cut.BYTES;
  return -1;
}

/** True while another entry of the object may be written. */
export function mayGoOn(): boolean {
  return budget.nodes > 0 && budget.bytes > 0;
}

/** A tag with one string. */
export function writeWord(word: number, text: string): void {
  const c = cursor;
  c.ops[c.at++] = word;
  c.refs[c.refsPos++] = text;
  c.stringBytes += text.length;
}

/** A tag with a class and a size. */
export function writeSized(word: number, className: string, size: number): void {
  const c = cursor;
  c.ops[c.at++] = word;
  c.ops[c.at++] = size;
  c.refs[c.refsPos++] = className;
  c.stringBytes += className.length;
}

/** Sets the number of entries of the head word at `place` of the event. */
export function patchCount(place: number, count: number): void {
  const c = cursor;
  c.ops[c.start + place] = ((c.ops[c.start + place] as number) & 31) | (count << 5);
}

function captureFields(v: object, className: string, depth: number): void {
  const reason = cutReason(depth);
  if (reason >= 0) {
    writeSized(Tag.CUT | (reason << 5), className, -1);
    return;
  }
  const known = anyManyKeys ? (weakGet(manyKeys, v) as number | undefined) : undefined;
  if (known !== undefined) {
    writeSized(Tag.CUT | (Cut.NODES << 5), className, known);
    return;
  }
  const keys = objectKeys(v);
  if (keys.length > MANY_KEYS) {
    anyManyKeys = true;
    weakSet(manyKeys, v, keys.length);
  }
  addSeen(v);
  const c = cursor;
  const place = c.at - c.start;
  writeSized(Tag.OBJECT, className, keys.length);
  patchCount(place, captureEntries(v, keys, depth, ''));
}

/** The exports of a module, the object of `import * as`. One whose declaration was not reached yet throws when it is looked at (H172). */
function captureNamespace(v: object, depth: number): void {
  const reason = cutReason(depth);
  if (reason >= 0) {
    writeSized(Tag.CUT | (reason << 5), 'Module', -1);
    return;
  }
  const keys = ownNames(v);
  addSeen(v);
  const c = cursor;
  const place = c.at - c.start;
  writeSized(Tag.OBJECT, 'Module', keys.length);
  let written = 0;
  for (let i = 0; i < keys.length && written < state.limits.fields && mayGoOn() && ensureRoom(); i++) {
    const key = keys[i] as string;
    if (isReadable(v, key)) captureProperty(v, key, depth);
    else {
      writeKey(key);
      budget.nodes--;
      c.ops[c.at++] = Tag.ABSENT;
    }
    written++;
  }
  patchCount(place, written);
}

function isReadable(namespace: object, key: string): boolean {
  try {
    return getOwnPropertyDescriptor(namespace, key) !== undefined;
  } catch {
    return false;
  }
}

/** Keys and values of own data properties. Returns how many were written. `skip`: a key that must not even be described. */
export function captureEntries(v: object, keys: readonly string[], depth: number, skip: string): number {
  const { fields } = state.limits;
  let written = 0;
  for (let i = 0; i < keys.length && written < fields && mayGoOn(); i++) {
    const key = keys[i] as string;
    if (key === skip) continue;
    if (!ensureRoom()) break;
    captureProperty(v, key, depth);
    written++;
  }
  return written;
}

function writeKey(key: string): void {
  const c = cursor;
  const shown = key.length <= c.stringLimit ? key : copyPrefix(key, c.stringLimit);
  c.refs[c.refsPos++] = shown;
  c.stringBytes += shown.length;
  budget.bytes -= shown.length;
}

/** One own property; room for its node is there. */
export function captureProperty(v: object, key: string, depth: number): void {
  const c = cursor;
  writeKey(key);
  if (hidesKey(key, depth) || (key === 'value' && isNamedSensitive(v))) {
    budget.nodes--;
    c.ops[c.at++] = Tag.REDACTED;
    return;
  }
  const own = getOwnPropertyDescriptor(v, key);
  if (own === undefined || !isData(own)) {
    budget.nodes--;
    c.ops[c.at++] = own === undefined ? Tag.ABSENT : Tag.GETTER;
    return;
  }
  writeNested(own.value, depth + 1);
}

/** `{ name: 'password', value: … }`, as forms, headers and cookies are listed. */
function isNamedSensitive(v: object): boolean {
  const own = getOwnPropertyDescriptor(v, 'name') ?? getOwnPropertyDescriptor(v, 'key');
  return own !== undefined && isData(own) && typeof own.value === 'string' && hides(own.value);
}

/** A nested value whose key is already written: it must be followed by something. */
function writeNested(value: unknown, depth: number): void {
  if (!captureNested(value, depth)) writeSized(Tag.CUT | (Cut.ROOM << 5), '', -1);
}

function captureArray(v: unknown[], className: string, depth: number): void {
  const { length } = v;
  const reason = cutReason(depth);
  if (reason >= 0) {
    writeSized(Tag.CUT | (reason << 5), className, length);
    return;
  }
  addSeen(v);
  const c = cursor;
  const place = c.at - c.start;
  writeSized(Tag.ARRAY, className, length);
  enterList(depth);
  const { elements } = state.limits;
  let written = 0;
  for (let i = 0; i < length && written < elements && mayGoOn(); i++, written++) {
    if (!ensureRoom()) break;
    if (!hasOwn(v, i)) {
      budget.nodes--;
      c.ops[c.at++] = Tag.ABSENT;
    } else if (lookupGetter(v, i) !== undefined) {
      budget.nodes--;
      c.ops[c.at++] = Tag.GETTER;
    } else {
      writeNested(v[i], depth + 1);
    }
  }
  patchCount(place, written);
}
