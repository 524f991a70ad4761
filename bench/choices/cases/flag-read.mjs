/** How a function asks whether recording is on: fib, where nothing else is in the way. */
import * as R from '../flag.mjs';
import { key, on, state, turnOff, words } from '../flag.mjs';

const N = 20;
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

const run = (fib) => () => {
  turnOff();
  return fib(N) + counted;
};

export const title = 'is recording on?';
/** Calls of fib(20). */
export const operations = 21_891;
export const chosen = 'namespace `R.on`';
export const batch = {
  'not asked': run(none),
  'namespace `R.on`': run(namespace),
  'named import': run(named),
  'property of an object': run(property),
  'element of an Int32Array': run(element),
  'global symbol': run(global),
};
