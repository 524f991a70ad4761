/** Counts of what the flight recorder kept and let go, by reason and cause; what was let go travels with the next trace that is kept. */
import type { KeepReason } from './keep-policy.ts';

/** `policy`: no reason to keep it held. `budget`: writing it would have cost more than that. `listener`: whoever takes the segments threw. */
export type RootDropCause = 'policy' | 'budget' | 'listener';

const kept: Record<string, number> = {};
const dropped: Record<string, number> = {};
let droppedSince: Record<string, number> | undefined;

/** A part is kept. Returns what was dropped since the last one that was, by cause; undefined: nothing. */
export function countKeptRoot(reason: 'keep' | KeepReason): Record<string, number> | undefined {
  kept[reason] = (kept[reason] ?? 0) + 1;
  const since = droppedSince;
  droppedSince = undefined;
  return since;
}

export function countDroppedRoot(cause: RootDropCause): void {
  dropped[cause] = (dropped[cause] ?? 0) + 1;
  droppedSince ??= {};
  droppedSince[cause] = (droppedSince[cause] ?? 0) + 1;
}

/** Since the first start. */
export function keptRoots(): { kept: Record<string, number>; dropped: Record<string, number> } {
  return { kept: { ...kept }, dropped: { ...dropped } };
}
