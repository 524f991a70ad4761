/**
 * The last pause that says who is called next: `yield*` and `for await` make the engine call an iterator at once. What starts
 * before anything else was recorded was called by them.
 */
import { cursor, EMPTY_CALLED, EMPTY_STACK } from './cursor.ts';
import { GENERATION, GENERATION_MASK, SLOT_MASK } from './slots.ts';
import type { Chunk } from './chunk.ts';

let token = 0;
let link = 0;
let below = 0;
let chunk: Chunk | undefined;
let pos = 0;

/** Remembers the pause whose events were just written. `pauseLink` 0: one that calls nobody. */
export function setPending(pauseToken: number, pauseLink: number): void {
  token = pauseToken;
  link = pauseLink;
  below = cursor.current;
  chunk = cursor.root.chunk;
  pos = cursor.pos;
  // What starts next must look here.
  if (pauseLink !== 0) cursor.limit = cursor.limit === EMPTY_STACK ? EMPTY_CALLED : -1;
}

function nothingSince(): boolean {
  const c = cursor;
  return (
    token !== 0 &&
    c.current === below &&
    c.pos === pos &&
    c.root.chunk === chunk &&
    c.slots[((token & SLOT_MASK) << 3) + GENERATION] === (token & GENERATION_MASK)
  );
}

/** Token of the paused span that calls what starts now, or 0. */
export function pendingCaller(): number {
  return link !== 0 && nothingSince() ? token : 0;
}

/** True until something else is recorded: the next span has to be looked at on the slow path. */
export function isLinkPending(): boolean {
  return link !== 0 && nothingSince();
}

export function pendingLink(): number {
  return link;
}

/** True: the span was paused but the engine never left the synchronous run (the awaited expression threw while it was looked at). */
export function isUnfinishedPause(pauseToken: number): boolean {
  return token === pauseToken && nothingSince();
}
