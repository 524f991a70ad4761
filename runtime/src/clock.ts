/** Clock readings in the event columns. The caller has made sure that there is room. */
import { Op } from '@captureflow/trace/wire';
import { cursor } from './cursor.ts';
import { state } from './recorder-state.ts';

/** A reading is due after so many words: about 64 events. */
export const CLOCK_WORDS = 256;

/** The last time that was read. */
export let lastReading = 0;

/** Writes TIME, exact for the event that follows, unless one was just written. Returns the reading. */
export function writeTime(): number {
  const c = cursor;
  if (c.pos > 0 && c.root.timePos === c.pos - 1) return c.nums[c.numsPos - 1] as number;
  const time = state.now();
  lastReading = time;
  c.ops[c.pos] = Op.TIME;
  c.nums[c.numsPos++] = time;
  c.root.timePos = c.pos++;
  return time;
}
