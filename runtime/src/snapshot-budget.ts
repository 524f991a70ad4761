/** What is left of the snapshot that is being taken, and the objects it has met (H167). One at a time: captures do not nest. */
import { emptyRefs } from './chunk.ts';
import { hasOwn, objectPrototype } from './primordials.ts';
import type { CaptureLimits } from './recorder-config.ts';

/** Own elements from the start: an assignment to a hole would run a setter for indexes on Object.prototype (H173). */
const seenObjects: unknown[] = emptyRefs(1024);

export const budget: { nodes: number; bytes: number; seen: number; polluted: boolean; depth: number; shallow: boolean; at: number } = {
  nodes: 0,
  bytes: 0,
  seen: 0,
  polluted: false,
  /** Levels of nested objects. */
  depth: 0,
  /** `depth` is less than what was asked for, by the governor's decision. */
  shallow: false,
  /** Where the value stands in the event, in words. */
  at: 0,
};

/** Begins a snapshot. */
export function openBudget(limits: CaptureLimits, shallow: boolean, at: number): void {
  budget.at = at;
  budget.nodes = limits.nodes;
  budget.bytes = limits.bytes;
  budget.shallow = shallow && limits.depth > 1;
  budget.depth = budget.shallow ? 1 : limits.depth;
  budget.polluted = hasOwn(objectPrototype, 'writable');
}

/** True for a data property. A descriptor inherits from Object.prototype: what a program put there must not answer (H173). */
export function isData(own: PropertyDescriptor): boolean {
  return budget.polluted ? hasOwn(own, 'value') : own.writable !== undefined;
}

/** The object's number in this snapshot, or 0 when it is new. The wire counts objects, arrays, maps, sets and errors. */
export function seenNumber(value: object): number {
  for (let i = 0; i < budget.seen; i++) {
    if (seenObjects[i] === value) return i + 1;
  }
  return 0;
}

export function addSeen(value: object): void {
  seenObjects[budget.seen++] = value;
}

/** Lets go of the objects from number `from + 1` on (H169). */
export function forgetSeen(from: number): void {
  for (let i = from; i < seenObjects.length && seenObjects[i] !== undefined; i++) seenObjects[i] = undefined;
  budget.seen = from;
}
