/** The root of work that belongs to no other: first the program itself, after a pause tasks named after what ran first. */
import { askHandOver, isQuiescent, isRunning } from './late-work.ts';
import type { RootMeta } from './recorder-config.ts';
import { functionName } from './registry.ts';
import { state } from './recorder-state.ts';
import { RootRecord } from './root.ts';
import { discardSuspended } from './slots.ts';

/** Ms without work after which an implicit root without open spans is over. */
const IDLE_MS = 1000;

/** The implicit root for work of function `fn` that starts now. Idleness is looked at here only: no timer (H179). */
export function implicitRoot(fn: number): RootRecord {
  const now = state.now();
  const before = state.implicit;
  if (before !== undefined) {
    if (before.blank || now - before.lastActive < IDLE_MS || !isQuiescent(before)) return before;
    askHandOver(before);
  }
  const first = state.implicitOpened++ === 0;
  const root = addRoot(first ? scriptMeta() : { kind: 'task', name: functionName(fn) }, true);
  root.start = first ? state.startTime : now;
  root.lastActive = now;
  state.implicit = root;
  return root;
}

function scriptMeta(): RootMeta {
  const { scriptName = 'script', scriptParent } = state.config ?? {};
  return { kind: 'script', name: scriptName, ...(scriptParent === undefined ? {} : { parent: scriptParent }) };
}

/** Puts a new root into the table. */
export function addRoot(meta: ConstructorParameters<typeof RootRecord>[0], implicit: boolean): RootRecord {
  state.rootsOpened++;
  return state.roots.add((serial) => new RootRecord(meta, serial, state.session, implicit), isBusy, discardSuspended);
}

function isBusy(root: RootRecord): boolean {
  return !root.blank || isRunning(root);
}
