/** What captured objects cost the function they are captured for: some are timed, because no table knows what a value costs here and now. */
import { nodeUnits, noteCapture } from './cost-meter.ts';
import { charge } from './gates.ts';
import { ceil } from './primordials.ts';
import { state } from './recorder-state.ts';

/** One object in so many is timed, a power of two less one: two readings of the clock are a tenth of a small snapshot. */
const TIMED = 15;
let objects = 0;

/** A snapshot begins. Returns the time when it is one that is measured, else -1. */
export function beginCapture(): number {
  return (++objects & TIMED) === 0 ? state.now() : -1;
}

/** An object of `nodes` values was captured for function `fn` (0: for none). What it may still do is that much less. */
export function endCapture(fn: number, nodes: number, began: number): void {
  if (began >= 0) noteCapture(state.now() - began, nodes);
  if (fn !== 0) charge(fn, ceil(nodes * nodeUnits()));
}
