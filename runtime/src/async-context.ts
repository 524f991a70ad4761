/**
 * Which root the running callback belongs to. AsyncLocalStorage is created with the first root that a caller opens, never before: on Node 20
 * its mere use makes a pure await loop 1.9 times slower. Without it (browsers) a root covers its synchronous part.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { builtin } from './builtin.ts';
import { state } from './recorder-state.ts';
import type { RootRecord } from './root.ts';

let storage: AsyncLocalStorage<RootRecord | undefined> | undefined;
let synchronousRoot: RootRecord | undefined;
/** Whose everything is that has no other root, while it is open. */
let ambientRoot: RootRecord | undefined;

function ensureStorage(): AsyncLocalStorage<RootRecord | undefined> | undefined {
  if (storage === undefined) {
    const hooks = builtin('node:async_hooks');
    if (hooks !== undefined) storage = new hooks.AsyncLocalStorage();
  }
  return storage;
}

/** The root that a caller opened around what runs now, ended or not, else the ambient one; undefined: none, or one of an earlier recording. */
export function contextRoot(): RootRecord | undefined {
  const root = (storage === undefined ? synchronousRoot : storage.getStore()) ?? ambientRoot;
  return root !== undefined && root.session === state.session ? root : undefined;
}

/** What belongs to no other root belongs to this one, until it ends or another takes its place. */
export function setAmbientRoot(root: RootRecord): void {
  ambientRoot = root;
}

export function leaveAmbientRoot(root: RootRecord): void {
  if (ambientRoot === root) ambientRoot = undefined;
}

export function runInContext<T>(root: RootRecord, fn: () => T): T {
  const store = ensureStorage();
  if (store !== undefined) return store.run(root, fn);
  const before = synchronousRoot;
  synchronousRoot = root;
  try {
    return fn();
  } finally {
    synchronousRoot = before;
  }
}

/** The recorder stops: Node's promise hooks go, and with them their price. The next root makes another storage. */
export function disableContext(): void {
  storage?.disable();
  storage = undefined;
  synchronousRoot = undefined;
  ambientRoot = undefined;
}

/** For the rest of this callback and all that it starts. Without AsyncLocalStorage: nothing. */
export function enterContext(root: RootRecord): void {
  ensureStorage()?.enterWith(root);
}
