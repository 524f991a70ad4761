/**
 * Clock readings in the event columns, and how often: as often as the time that has passed pays for. The caller has made sure that there
 * is room.
 */
import { Op } from '@captureflow/trace/wire';
import { cursor } from './cursor.ts';
import { state } from './recorder-state.ts';

/**
 * A reading is due after so many words at most: about 256 calls, which take no longer than a reading is worth. Some bound is needed,
 * because what happens between two readings is spread evenly over the events there.
 */
const MOST_WORDS = 1024;
/** Up to here every event gets a reading. */
const FEW_WORDS = 4;
/**
 * Ms that must pass for each reading, on average: with the slow path before it that is some 200 ns, then at most a hundredth of it. Code that waits, or does much between
 * its events, gets exact times; a hot loop gets few.
 */
const PRICE = 0.02;
/**
 * Readings saved up while little happened, spent on the burst of events after it. Each is a slow path as well: with 1,024, programs that shared
 * their processor read the clock at every other event.
 */
const MOST_CREDIT = 256 * PRICE;
const PAUSE = 32 * PRICE;

export interface Clock {
  /** The last time that was read. */
  last: number;
  /** Ms that have passed and are not spent on readings. */
  credit: number;
  /** A reading is due after so many words. */
  words: number;
}

/** One object, as the cursor is: a module's variable would allocate each number anew. */
export const clock: Clock = { last: 0, credit: 0, words: MOST_WORDS };

/** A recording begins at `time`. */
export function startClock(time: number): void {
  clock.last = time;
  clock.credit = MOST_CREDIT;
  clock.words = 1;
}

/** Writes TIME, exact for the event that follows, unless one was just written. `clock.last` is the reading: a result would be a new heap number. */
export function writeTime(): void {
  const c = cursor;
  if (c.pos > c.from && c.root.timePos === c.pos - 1) return;
  const time = state.now();
  pay(time);
  c.ops[c.pos] = Op.TIME;
  c.nums[c.numsPos++] = time;
  c.root.timePos = c.pos++;
  // The hot path may go on to where the next reading was due before this one.
  const due = c.root.timePos + clock.words;
  if (due < c.limit) c.limit = due;
}

function pay(time: number): void {
  const credit = clock.credit + time - clock.last - PRICE;
  const { words } = clock;
  clock.last = time;
  if (state.precise) return;
  if (credit < 0) {
    // Debts are forgiven: after a hot loop the next pause counts in full.
    clock.credit = 0;
    if (words < MOST_WORDS) clock.words = words < FEW_WORDS ? FEW_WORDS : words << 1;
  } else {
    clock.credit = credit > MOST_CREDIT ? MOST_CREDIT : credit;
    // After a pause at once, else by steps.
    if (words > 1) clock.words = credit > PAUSE || words <= FEW_WORDS ? 1 : words >> 1;
  }
}
