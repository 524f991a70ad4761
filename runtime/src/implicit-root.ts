/** The root of work that belongs to no other: first the program itself, after a pause tasks named after what ran first. */
import { askHandOver, isQuiescent, isRunning } from './late-work.ts';
import { laterTurn } from './primordials.ts';
import type { RootMeta } from './recorder-config.ts';
import { functionName } from './registry.ts';
import { state } from './recorder-state.ts';
import { RootRecord } from './root.ts';
import { discardSuspended } from './slots.ts';

/** Ms without work after which an implicit root without open spans is over. */
const IDLE_MS = 1000;

/** What a task is called that begins now; undefined: after what runs first in it. */
let announced: RootMeta | undefined;

/** Work without a root that begins before the next turn of the event loop is this, apart from what was before. */
export function announceTask(meta: RootMeta): void {
  announced = meta;
  laterTurn(() => {
    if (announced === meta) announced = undefined;
  });
}

/** The implicit root for work of function `fn` that starts now. Idleness is looked at here only: no timer (H179). */
export function implicitRoot(fn: number): RootRecord {
  const now = state.now();
  const before = state.implicit;
  const meta = announced;
  if (before !== undefined) {
    if (meta === undefined && (before.blank || now - before.lastActive < IDLE_MS || !isQuiescent(before))) return before;
    // What is open in it goes on there.
    askHandOver(before);
  }
  announced = undefined;
  const first = meta === undefined && state.implicitOpened++ === 0;
  const root = addRoot(meta ?? (first ? scriptMeta() : { kind: 'task', name: functionName(fn) }), true);
  root.start = first ? state.startTime : now;
  root.lastActive = now;
  state.implicit = root;
  return root;
}

/**
 * The root that work without a root would join now, so that what such work begins elsewhere can name it: the script's when nothing ran yet.
 * Undefined where a task would begin, whose name nobody knows yet.
 */
export function openImplicitRoot(): RootRecord | undefined {
  const before = state.implicit;
  if (before === undefined) return state.implicitOpened === 0 ? implicitRoot(0) : undefined;
  return before.blank || state.now() - before.lastActive < IDLE_MS || !isQuiescent(before) ? before : undefined;
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
