/**
 * What the recorder costs whatever the governor does: gates and counters, and of async functions and generators enter, exit and pauses, without which their tokens could not
 * be resumed. Comes first in the budget, up to three quarters of it: charged for all of it, a program of generators was left without any detail (yaml).
 */
import { cursor } from './cursor.ts';
import { elidedSoFar } from './elided-calls.ts';
import { callsOf } from './gates.ts';
import { append } from './primordials.ts';
import { functionsRegistered, mustBeRecorded } from './registry.ts';

/** Ms that a counted call adds to one that is not instrumented, `bench` fib on Node 24: 3.5 ns, what its caller inlines no more among them. */
const COUNT_PRICE = 3.5e-6;
/**
 * Ms for a pause at which a run of the event loop ends or begins, beside its event: half of it is the clock. The example API's report, 2,070 of them in 20 ms: 0.5 ms of the
 * profile are ours where only calls are counted, and 0.9 to 1.3 ms are added (`bench`, server).
 */
const WAIT_PRICE = 230e-6;

/** Functions that are always recorded, as far as `looked` goes. */
const lasting: number[] = [];
let looked = 0;

/** Events that no rung leaves out, since the first start. */
export function floorEvents(): number {
  for (const last = functionsRegistered(); looked < last; ) {
    looked++;
    if (mustBeRecorded(looked)) append(lasting, looked);
  }
  let calls = 0;
  for (let i = 0; i < lasting.length; i++) calls += callsOf(lasting[i] as number);
  return 2 * calls + cursor.pauses;
}

/** Ms since the first start; `eventPrice`: of one event. */
export function floorCost(eventPrice: number): number {
  return floorEvents() * eventPrice + cursor.waits * WAIT_PRICE + elidedSoFar() * COUNT_PRICE;
}
