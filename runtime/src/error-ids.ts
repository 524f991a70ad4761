/** Numbers for thrown errors, so that one that travels up is seen as one. Marks nothing on the error itself (H168). */
import { cursor } from './cursor.ts';
import { is, weakGet, weakSet } from './primordials.ts';

interface Mark {
  readonly id: number;
  serial: number;
  part: number;
  /** `lostToRing` and `takenBack` of the root at the last throw: what was written before may be gone when they grew. */
  lost: number;
}

let marks: WeakMap<object, Mark> | undefined;
let lastId = 0;
let lastPrimitive: unknown;
let lastPrimitiveId = 0;
let lastPrimitiveBelow = 0;
let lastPrimitiveSerial = 0;

/** The last error asked about was thrown before in this part of this root: its value is on record. */
export let wasThrownBefore = false;

/** Id of `error`, thrown by a span that lies on slot `below`, from slot `slot`. */
export function errorId(error: unknown, slot: number, below: number): number {
  wasThrownBefore = false;
  if ((typeof error !== 'object' || error === null) && typeof error !== 'function') {
    // A primitive is the same error only when the caller of the span that threw it throws it on.
    if (!(lastPrimitiveBelow === slot && slot !== 0 && is(lastPrimitive, error))) lastPrimitiveId = ++lastId;
    lastPrimitive = error;
    lastPrimitiveBelow = below;
    lastPrimitiveSerial = cursor.serial;
    return lastPrimitiveId;
  }
  marks ??= new WeakMap();
  const { serial, root } = cursor;
  const mark = weakGet(marks, error) as Mark | undefined;
  if (mark === undefined) {
    const made: Mark = { id: ++lastId, serial, part: root.part, lost: root.lostToRing + root.takenBack };
    weakSet(marks, error, made);
    return made.id;
  }
  wasThrownBefore = mark.serial === serial && mark.part === root.part && mark.lost === root.lostToRing + root.takenBack;
  mark.serial = serial;
  mark.part = root.part;
  mark.lost = root.lostToRing + root.takenBack;
  return mark.id;
}

/** Serial number of the root in which `error` was thrown last; undefined: in none that is known. */
export function rootOfError(error: unknown): number | undefined {
  if ((typeof error !== 'object' || error === null) && typeof error !== 'function') {
    return lastPrimitiveId !== 0 && is(lastPrimitive, error) ? lastPrimitiveSerial : undefined;
  }
  return marks === undefined ? undefined : (weakGet(marks, error) as Mark | undefined)?.serial;
}
