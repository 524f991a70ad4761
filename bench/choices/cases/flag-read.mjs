/**
 * How a function learns whether `enter` is to be called: fib, where nothing else is in the way. A gate that is taken counts besides; fib is its worst case, where
 * each call waits for what the call before has written.
 */
import * as R from '../flag.mjs';
import { key, on, state, turnOff, words } from '../flag.mjs';

const N = 20;
const REST = 2 ** 31 - 1;
const gates = new Int32Array(1).fill(REST);
const map = new Int32Array(4096).fill(REST);
let base = 0;
let G = () => {
  G = () => gates;
  return gates;
};
let counted = 0;

function none(n) {
  return n < 2 ? n : none(n - 1) + none(n - 2);
}
function namespace(n) {
  if (R.on) counted++;
  return n < 2 ? n : namespace(n - 1) + namespace(n - 2);
}
function named(n) {
  if (on) counted++;
  return n < 2 ? n : named(n - 1) + named(n - 2);
}
function property(n) {
  if (state.on) counted++;
  return n < 2 ? n : property(n - 1) + property(n - 2);
}
function element(n) {
  if (words[0] !== 0) counted++;
  return n < 2 ? n : element(n - 1) + element(n - 2);
}
function global(n) {
  if (globalThis[key].on) counted++;
  return n < 2 ? n : global(n - 1) + global(n - 2);
}

function gate(n) {
  if (G()[0]-- < 1) counted++;
  return n < 2 ? n : gate(n - 1) + gate(n - 2);
}
function constant(n) {
  if (gates[0]-- < 1) counted++;
  return n < 2 ? n : constant(n - 1) + constant(n - 2);
}
function shared(n) {
  if (map[base + 7]-- < 1) counted++;
  return n < 2 ? n : shared(n - 1) + shared(n - 2);
}

const run = (fib) => () => {
  turnOff();
  base = counted;
  return fib(N) + counted;
};

export const title = 'does `enter` have to be called?';
/** Calls of fib(20). */
export const operations = 21_891;
export const chosen = "gate of the module's own, `G()[0]-- < 1`";
export const batch = {
  'not asked': run(none),
  "gate of the module's own, `G()[0]-- < 1`": run(gate),
  'the same in a constant': run(constant),
  'in one array for all modules': run(shared),
  'flag in a namespace, `R.on`': run(namespace),
  'named import': run(named),
  'property of an object': run(property),
  'element of an Int32Array': run(element),
  'global symbol': run(global),
};
