/**
 * Roots that have ended but still get work (a timer that fired after the response): they are handed over again, as another part, when a turn
 * of the event loop has passed without it. Holds no timer that keeps the process alive (H179).
 */
import { cursor } from './cursor.ts';
import { laterTurn } from './primordials.ts';
import { state } from './recorder-state.ts';
import type { RootRecord } from './root.ts';
import { isOnStack } from './slots.ts';

let handOver: (root: RootRecord) => void = () => {};

/** Breaks the import cycle: handing over switches roots, which may make one quiet. */
export function onQuietRoot(listener: (root: RootRecord) => void): void {
  handOver = listener;
}

/** Ends an implicit root or hands over what a root has. */
export function askHandOver(root: RootRecord): void {
  handOver(root);
}

/** No span of the root is open. */
export function isQuiescent(root: RootRecord): boolean {
  return root.suspended === 0 && !isRunning(root);
}

/** A span of the root is on a stack. */
export function isRunning(root: RootRecord): boolean {
  if (isOnStack(root, cursor.current)) return true;
  for (let i = 0; i < savedStacks.length; i++) {
    if (isOnStack(root, savedStacks[i] as number)) return true;
  }
  return false;
}

/** Stacks that `runInRoot` set aside. */
export const savedStacks: number[] = [];

/** An ended root's stack became empty: looks again in a later turn. */
export function rootQuiet(root: RootRecord): void {
  if (root.checking) return;
  root.checking = true;
  const { session } = state;
  laterTurn(() => {
    root.checking = false;
    if (state.started && state.session === session && isQuiescent(root)) handOver(root);
  });
}
