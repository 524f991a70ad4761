/**
 * Objects with internal slots, told by the host's brand checks and read through primordial getters: a subclass, another realm's object
 * or one with a changed prototype comes out the same (H166, H170).
 */
import { Cut, Tag } from '@captureflow/trace/wire';
import { captureNested, ensureRoom } from './capture.ts';
import { captureEntries, cutReason, mayGoOn, patchCount, writeSized, writeWord } from './capture-object.ts';
import { cursor } from './cursor.ts';
import { hostTypes } from './host-types.ts';
import {
  bufferByteLength,
  Bytes,
  copyPrefix,
  dateTime,
  getOwnPropertyDescriptor,
  hasOwn,
  isView,
  mapEntries,
  mapNext,
  mapSize,
  objectKeys,
  regexpFlags,
  regexpSource,
  setNext,
  setSize,
  setValues,
  symbolDescription,
  sharedByteLength,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayLength,
  typedArrayName,
  viewBuffer,
  viewByteLength,
  viewByteOffset,
} from './primordials.ts';
import { state } from './recorder-state.ts';
import { bytesBeforeSecret, LOOKED_AT, unitsBeforeSecret } from './secret-bytes.ts';
import { enterList, hides, hidesKey } from './sensitive.ts';
import { addSeen, budget } from './snapshot-budget.ts';

const HEAD_BYTES = 32;

/** Writes `v` if it is one of these. False: an ordinary object after all, nothing was written. */
export function captureExotic(v: object, className: string, depth: number): boolean {
  const types = hostTypes;
  if (types === undefined) return false;
  if (types.isNativeError(v)) captureError(v, className, depth);
  else if (types.isMap(v)) captureMap(v, className, depth);
  else if (types.isSet(v)) captureSet(v, className, depth);
  else if (types.isDate(v)) captureDate(v);
  else if (types.isRegExp(v)) captureRegExp(v);
  else if (types.isPromise(v)) cursor.ops[cursor.at++] = Tag.PROMISE;
  else if (isView(v)) captureView(v, className, depth);
  else if (types.isArrayBuffer(v)) writeBytes(v as ArrayBuffer, 0, bufferByteLength(v), className);
  else if (types.isSharedArrayBuffer(v)) writeBytes(v as unknown as ArrayBuffer, 0, sharedByteLength(v), className);
  else if (types.isBoxedPrimitive(v)) writeSized(Tag.OPAQUE, className, -1);
  else if (types.isWeakMap(v) || types.isWeakSet(v) || types.isGeneratorObject(v)) writeSized(Tag.OPAQUE, className, -1);
  else if (types.isMapIterator(v) || types.isSetIterator(v) || types.isExternal(v)) writeSized(Tag.OPAQUE, className, -1);
  else return false;
  return true;
}

/** Class, message and own data properties; never `stack`: even its descriptor runs Error.prepareStackTrace (H142, H174). */
function captureError(v: object, className: string, depth: number): void {
  const c = cursor;
  const message = ownText(v, 'message');
  addSeen(v);
  const place = c.at - c.start;
  c.ops[c.at++] = Tag.ERROR;
  c.refs[c.refsPos++] = className;
  c.refs[c.refsPos++] = message;
  c.stringBytes += className.length + message.length;
  budget.bytes -= message.length;
  // An error one level too deep still says what it is: that is what it is read for.
  if (depth > budget.depth || !mayGoOn()) return;
  const keys = objectKeys(v);
  let written = depth < budget.depth ? captureEntries(v, keys, depth, 'stack') : 0;
  for (let i = 0; i < HIDDEN_KEYS.length; i++) {
    const key = HIDDEN_KEYS[i] as string;
    const own = getOwnPropertyDescriptor(v, key);
    if (own === undefined || own.enumerable === true || !hasOwn(own, 'value') || !mayGoOn() || !ensureRoom()) continue;
    c.refs[c.refsPos++] = key;
    if (!captureNested(own.value, depth + 1)) writeSized(Tag.CUT | (Cut.ROOM << 5), '', -1);
    written++;
  }
  patchCount(place, written);
}

/** What the language itself defines on errors, not enumerable. */
const HIDDEN_KEYS: readonly string[] = ['cause', 'errors', 'code'];

/** An own data property that is a string, cut; '' otherwise. */
export function ownText(v: object, key: string): string {
  const own = getOwnPropertyDescriptor(v, key);
  if (own === undefined || !hasOwn(own, 'value') || typeof own.value !== 'string') return '';
  const text: string = own.value;
  return text.length <= LONGEST_MESSAGE ? text : copyPrefix(text, LONGEST_MESSAGE);
}

/** An error's message is worth more than other strings. */
const LONGEST_MESSAGE = 1024;

function captureMap(v: object, className: string, depth: number): void {
  const size = mapSize(v);
  const reason = cutReason(depth);
  if (reason >= 0) {
    writeSized(Tag.CUT | (reason << 5), className, size);
    return;
  }
  const c = cursor;
  addSeen(v);
  const place = c.at - c.start;
  writeSized(Tag.MAP, className, size);
  const iterator = mapEntries(v);
  let written = 0;
  while (written < state.limits.fields && mayGoOn() && ensureRoom()) {
    const step = mapNext(iterator);
    if (step.done === true) break;
    const key = step.value[0];
    captureNested(key, depth + 1);
    if (typeof key !== 'string') enterList(depth);
    if (typeof key === 'string' ? hidesKey(key, depth) : typeof key === 'symbol' && hides(symbolDescription(key) ?? '')) {
      budget.nodes--;
      c.ops[c.at++] = Tag.REDACTED;
    } else if (!captureNested(step.value[1], depth + 1)) {
      writeSized(Tag.CUT | (Cut.ROOM << 5), '', -1);
    }
    written++;
  }
  patchCount(place, written);
}

function captureSet(v: object, className: string, depth: number): void {
  const size = setSize(v);
  const reason = cutReason(depth);
  if (reason >= 0) {
    writeSized(Tag.CUT | (reason << 5), className, size);
    return;
  }
  const c = cursor;
  addSeen(v);
  const place = c.at - c.start;
  writeSized(Tag.SET, className, size);
  enterList(depth);
  const iterator = setValues(v);
  let written = 0;
  while (written < state.limits.elements && mayGoOn() && ensureRoom()) {
    const step = setNext(iterator);
    if (step.done === true) break;
    captureNested(step.value, depth + 1);
    written++;
  }
  patchCount(place, written);
}

function captureDate(v: object): void {
  const c = cursor;
  c.ops[c.at++] = Tag.DATE;
  c.nums[c.numsPos++] = dateTime(v);
}

function captureRegExp(v: object): void {
  const source = regexpSource(v);
  let text = `/${source.length <= cursor.stringLimit ? source : copyPrefix(source, cursor.stringLimit)}/`;
  for (let i = 0; i < regexpFlags.length; i++) {
    const [letter, getter] = regexpFlags[i] as (typeof regexpFlags)[number];
    if (getter(v) === true) text += letter;
  }
  writeWord(Tag.REGEXP, text);
}

/** Bytes as hex; numbers of other typed arrays as elements. A detached buffer has the length 0. */
function captureView(v: object, className: string, depth: number): void {
  const name = typedArrayName(v);
  if (name === undefined) {
    captureDataView(v, className);
    return;
  }
  if (name === 'Uint8Array' || name === 'Uint8ClampedArray') {
    writeBytes(typedArrayBuffer(v), typedArrayByteOffset(v), typedArrayByteLength(v), className);
    return;
  }
  const length = typedArrayLength(v);
  const reason = cutReason(depth);
  if (reason >= 0) {
    writeSized(Tag.CUT | (reason << 5), className, length);
    return;
  }
  const c = cursor;
  if (isSecret(v as ArrayLike<number>, length)) {
    c.ops[c.at++] = Tag.REDACTED;
    return;
  }
  addSeen(v);
  const place = c.at - c.start;
  writeSized(Tag.ARRAY, className, length);
  let written = 0;
  while (written < length && written < state.limits.elements && mayGoOn() && ensureRoom()) {
    // An element of a typed array is never an accessor.
    captureNested((v as ArrayLike<unknown>)[written], depth + 1);
    written++;
  }
  patchCount(place, written);
}

/** Text in numbers of another width. */
function isSecret(units: ArrayLike<number | bigint>, length: number): boolean {
  const looked = length < LOOKED_AT ? length : LOOKED_AT;
  return unitsBeforeSecret(units, looked) < looked;
}

function captureDataView(v: object, className: string): void {
  let length = 0;
  let offset = 0;
  try {
    length = viewByteLength(v);
    offset = viewByteOffset(v);
  } catch {
    // Detached, or the buffer was resized to less than the view.
  }
  writeBytes(viewBuffer(v), offset, length, className);
}

const HEX = '0123456789abcdef';

function writeBytes(buffer: ArrayBuffer, offset: number, length: number, className: string): void {
  let head = '';
  if (length > 0) {
    const looked = length < LOOKED_AT ? length : LOOKED_AT;
    const bytes = new Bytes(buffer, offset, looked);
    const shown = bytesBeforeSecret(bytes, looked);
    for (let i = 0; i < HEAD_BYTES && i < shown; i++) {
      const byte = bytes[i] as number;
      head += (HEX[byte >> 4] as string) + (HEX[byte & 15] as string);
    }
  }
  writeSized(Tag.BUFFER, className, length);
  const c = cursor;
  c.refs[c.refsPos++] = head;
  c.stringBytes += head.length;
}
