/**
 * `captureTree`: a function's trace as an object, for tests that assert on what ran. Goes through the same roots, hand-over and listeners
 * as every other trace, so that it shows what a user would see.
 */
import type { Trace } from '@captureflow/trace';
import { show } from './option-checks.ts';
import type { RuntimeApi } from './runtime-api.ts';

export interface CapturedTree<T> {
  readonly result: Awaited<T>;
  /** All that `fn` did until what it returned was settled. */
  readonly tree: Trace;
}

type Recording = Pick<RuntimeApi, 'start' | 'stop' | 'flush' | 'stats' | 'runRoot' | 'onTrace' | 'autostart'>;

/** Where nobody else records: all there is, and nothing on a disk. */
const COMPLETE = { exporters: [], budget: 1, objects: 'all', http: false, signals: false } as const;

/** Calls under way that share a recording started for them. */
let sharers = 0;

export async function captureTree<T>(recording: Recording, fn: () => T): Promise<CapturedTree<T>> {
  if (typeof fn !== 'function')
    throw new TypeError(`captureTree: needs a function to run, as in captureTree(() => place(order)), not ${show(fn)}`);
  recording.autostart();
  if (!recording.stats().on) {
    recording.start(COMPLETE);
    const { on, offBecause } = recording.stats();
    if (!on) throw new Error(`captureTree: nothing is recorded, because ${offBecause}`);
    sharers = 1;
  } else if (sharers > 0) {
    sharers++;
  }
  const shares = sharers > 0;
  let spanId: string | undefined;
  let tree: Trace | undefined;
  const removeListener = recording.onTrace((trace) => {
    if (trace.root.spanId === spanId) tree = trace;
  });
  try {
    const result = await recording.runRoot({ kind: 'test', name: fn.name || 'captureTree' }, (root) => {
      root?.keep();
      spanId = root?.spanId;
      return fn();
    });
    await recording.flush();
    if (tree === undefined) throw new Error('captureTree: the trace was dropped; `stats()` says why');
    return { result, tree };
  } finally {
    removeListener();
    if (shares && --sharers === 0) await recording.stop();
  }
}
