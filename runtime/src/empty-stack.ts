/**
 * Where a span belongs that starts while nothing recorded is on the stack: the span whose closure runs, the `for await` that asks, the
 * root of the asynchronous context, or the implicit root. Never another request's root.
 */
import type { Token } from '@captureflow/core/probe-abi';
import { Link } from '@captureflow/trace/wire';
import { contextRoot } from './async-context.ts';
import { nameInStack } from './columns.ts';
import { cursor } from './cursor.ts';
import { implicitRoot } from './implicit-root.ts';
import { pendingCaller, pendingLink } from './pending-pause.ts';
import type { RootRecord } from './root.ts';
import { isResolvable, rootOf, SLOT_MASK, SPAN } from './slots.ts';

export interface Place {
  root: RootRecord | undefined;
  /** Number of the parent span; 0: the root. */
  parent: number;
  link: number;
}

/** One object, used again: the answer of the last `findPlace`. */
export const place: Place = { root: undefined, parent: 0, link: 0 };

/** Fills `place` for a span of function `fn` whose closure was created by the activation `parent` (0: unknown). */
export function findPlace(fn: number, parent: Token): void {
  const context = contextRoot();
  if (parent !== 0 && isResolvable(parent)) {
    const slot = parent & SLOT_MASK;
    const root = rootOf(slot);
    // Work of an open request stays its own wherever its callback is run from; the implicit root gives way to any other, and an ended
    // root to the one that is named by the context.
    if (root !== undefined && (root === context || context === undefined || !(root.ended || root.implicit))) {
      hangUnder(root, slot, Link.LEXICAL);
      return;
    }
  }
  const root = context ?? implicitRoot(fn);
  // What starts later while a `for await` waits may be anything: only the very next call is known to be the loop's.
  const caller = pendingCaller();
  if (caller !== 0 && rootOf(caller & SLOT_MASK) === root) {
    hangUnder(root, caller & SLOT_MASK, pendingLink());
    return;
  }
  place.root = root;
  place.parent = 0;
  place.link = context === undefined ? Link.TOP : Link.ROOT;
}

function hangUnder(root: RootRecord, slot: number, link: number): void {
  place.root = root;
  place.parent = cursor.slots[(slot << 3) + SPAN] as number;
  place.link = link;
  // A reader who has the part before knows the span.
  if (root.partDropped) nameInStack(slot);
}
