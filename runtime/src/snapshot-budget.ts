/** What is left of the snapshot that is being taken, and the objects it has met (H167). One at a time: captures do not nest. */
const seenObjects: unknown[] = [];

export const budget: { nodes: number; bytes: number; seen: number } = { nodes: 0, bytes: 0, seen: 0 };

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
