/**
 * What recording has cost up to now, in ms: events and captured values by their price, encoding and delivery by the clock.
 */
import { cursor } from './cursor.ts';
import { floorCost, floorEvents } from './floor-meter.ts';
import { max, min, threadTime } from './primordials.ts';
import { state } from './recorder-state.ts';

/** Ms for one event of primitives: `bench`, fib, Node 24, without the floor. Too short to be measured by the clock where it happens. */
export const EVENT_PRICE = 20e-6;
/** For one value inside an object, before the first was timed, and at least: no clock is that exact. */
const FIRST_NODE_PRICE = 150e-6;
const LEAST_NODE_PRICE = 25e-6;
/** Values after which older measurements count half. */
const FADE_NODES = 20_000;
/**
 * What is priced or timed is about this part of what the program is slower by: caches that our code has emptied, collections that our columns and what is encoded
 * set off on other threads later, paths of the program's own code that only recorded calls take. The example API's report: 3.4 % of the profile below our functions and 7 to
 * 10 % more processor time, 7.7 % and 14 to 19 %; its small requests: 0.05 ms and 0.10 (`bench`, server).
 */
const SEEN = 0.5;
/** Ms for one unit of work, a recorded call or a value: enter and exit. */
export const UNIT_PRICE: number = (2 * EVENT_PRICE) / SEEN;

/** One measurement counts for at most so many times what was usual. */
const MOST_FACTOR = 4;

/** By so much the usual time follows each one that is measured. */
const STEP = 0.05;

let measured = 0;
let timedMs = 0;
let timedNodes = 0;
let nodePrice = FIRST_NODE_PRICE;
/** What was captured up to the last change of the price. */
let pricedNodes = 0;
let pricedMs = 0;

/** An object was timed: what a value costs depends on the program, the machine, and on how far our own code is compiled. */
export function noteCapture(ms: number, nodes: number): void {
  priceNodes();
  // The clock does not know whether it was our code that ran: a thread that had to wait must not look like a dear capture.
  timedMs += min(ms, MOST_FACTOR * nodePrice * nodes);
  timedNodes += nodes;
  nodePrice = max(LEAST_NODE_PRICE, timedMs / timedNodes);
  if (timedNodes < FADE_NODES) return;
  timedMs /= 2;
  timedNodes /= 2;
}

/** Units that a value inside an object costs now. */
export function nodeUnits(): number {
  return nodePrice / SEEN / UNIT_PRICE;
}

function priceNodes(): void {
  pricedMs += (cursor.nodes - pricedNodes) * nodePrice;
  pricedNodes = cursor.nodes;
}

/** What is timed whole, each with the ms that are usual for it. */
export const HAND_OVER = { usual: 0 };
export const ENCODING = { usual: 0 };
export const EXPORT = { usual: 0 };

/**
 * A piece of work took `ms` by the clock. On a busy machine the clock shows now and then how long the thread had to wait: what is far above the
 * usual (the median, followed by small steps) counts as the usual.
 */
export function addWork(kind: { usual: number }, ms: number): void {
  const { usual } = kind;
  kind.usual = usual === 0 ? ms : usual * (ms > usual ? 1 + STEP : 1 - STEP);
  if (ms > 0) measured += min(ms, MOST_FACTOR * kind.usual);
}

let counting = false;
let metering = true;

/** False: nobody reads what work costs, so no clock is asked (two readings of a thread's time are 1 to 4 us, a small trace 100). */
export function meterWork(on: boolean): void {
  metering = on;
}

/**
 * Does the work and counts what it took: by the thread's own processor time where the host tells, else by the clock. `isBrief`: by the clock too; a reading of the
 * thread's time is a call to the system (0.5 us, and more where others are waiting), the second largest part of what the trace of a small request cost. What it does inside of
 * another one is counted once.
 */
export function countWork<T>(kind: { usual: number }, work: () => T, isBrief: boolean = false): T {
  if (counting || !metering) return work();
  counting = true;
  const readThread = isBrief ? undefined : (state.config?.processorTime ?? threadTime);
  const read = readThread ?? state.now;
  const began = read();
  try {
    return work();
  } finally {
    counting = false;
    const ms = read() - began;
    if (readThread === undefined) addWork(kind, ms);
    else measured += max(0, ms);
  }
}

/** Spans and events recorded since the first start. */
export function recordedSoFar(): { spans: number; events: number } {
  const c = cursor;
  let spans = state.spansHandedOver;
  let events = state.eventsHandedOver;
  const { roots } = state;
  // A list of them, a thousand where requests come and go, cost more than all other bookkeeping of the governor.
  for (let i = 0; i < roots.places; i++) {
    const root = roots.at(i);
    if (root === undefined) continue;
    const isCurrent = c.root === root;
    const newSpans = (isCurrent ? c.span : root.span) - root.partSpan;
    spans += newSpans;
    events += newSpans + (isCurrent ? c.events : root.events) - root.partEvents;
  }
  return { spans, events };
}

/** Ms since the first start that ends of roots have taken: handing over, encoding, delivery. */
export function workCost(): number {
  return measured / SEEN;
}

/** Ms since the first start, above the floor. */
export function recordingCost(): number {
  priceNodes();
  return (max(0, recordedSoFar().events - floorEvents()) * EVENT_PRICE + pricedMs + measured) / SEEN;
}

/** Ms since the first start that no rung can save. */
export function floorOfRecording(): number {
  return floorCost(EVENT_PRICE) / SEEN;
}
