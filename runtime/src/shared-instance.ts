/**
 * One runtime per realm. The first copy that loads (ESM or CommonJS, any jest registry, any duplicate in node_modules)
 * puts itself under one non-enumerable symbol of the global object; every later copy serves the first one's functions.
 */
import type { Probes } from '@captureflow/core/probe-abi';
import type { RuntimeApi } from './runtime-api.ts';
import { idleApi } from './idle-api.ts';
import { noopProbes } from './noop-probes.ts';
import { warnOnce } from './warn.ts';

/** Changes when a copy of another version could not serve this one's callers any more. */
export const SHARED_VERSION = 1;

const KEY: unique symbol = Symbol.for('captureflow.probe-1');

export interface SharedInstance {
  readonly v: number;
  readonly probes: Probes;
  readonly api: RuntimeApi;
}

/** The realm's instance: the one that is there, or what `create` makes. Never throws by itself. */
export function sharedInstance(create: () => SharedInstance): SharedInstance {
  const realm = globalThis as { [KEY]?: SharedInstance };
  const present = Object.getOwnPropertyDescriptor(realm, KEY)?.value as SharedInstance | undefined;
  if (present === undefined) {
    const instance = create();
    try {
      Object.defineProperty(realm, KEY, { value: instance, enumerable: false, configurable: true, writable: false });
    } catch {
      // A frozen global object (SES): each copy is on its own then.
    }
    return instance;
  }
  if (present.v === SHARED_VERSION) return present;
  warnOnce(
    'version',
    `two versions of @captureflow/runtime are loaded (${String(present.v)} and ${SHARED_VERSION}); the one that came second records nothing`,
  );
  return { v: SHARED_VERSION, probes: noopProbes(), api: idleApi };
}
