/** Where an open span is kept: enter and exit of fib with nothing but a place for the span and its token, which tells a stale one. */
const N = 18;
const SLOTS = 65_536;
const MASK = 0xffff;
const NEXT = 0x10000;

const words = new Int32Array(SLOTS * 8);
const state = { free: 1, current: 0, span: 0, head: 0, depth: 0 };
for (let slot = 1; slot < SLOTS - 1; slot++) words[(slot << 3) + 7] = slot + 1;

function enterFree() {
  const slot = state.free & MASK;
  const at = slot << 3;
  words[at + 1] = state.current;
  words[at + 2] = ++state.span;
  state.free = words[at + 7];
  state.current = slot;
  return words[at] | slot;
}
function exitFree(token) {
  const slot = token & MASK;
  const at = slot << 3;
  state.current = words[at + 1];
  words[at] = (token + NEXT) & 0x3fff0000;
  words[at + 7] = state.free;
  state.free = slot;
}

function enterRing() {
  const slot = (state.head = (state.head + 1) & MASK);
  const at = slot << 3;
  words[at + 1] = state.current;
  words[at + 2] = ++state.span;
  state.current = slot;
  return words[at] | slot;
}
function exitRing(token) {
  const at = (token & MASK) << 3;
  state.current = words[at + 1];
  words[at] = (token + NEXT) & 0x3fff0000;
}

function enterDepth() {
  const slot = ++state.depth & MASK;
  words[(slot << 3) + 2] = ++state.span;
  return words[slot << 3] | slot;
}
function exitDepth(token) {
  words[(token & MASK) << 3] = (token + NEXT) & 0x3fff0000;
  state.depth--;
}

const stack = { top: undefined };
function enterObject() {
  return (stack.top = { below: stack.top, span: ++state.span, open: true });
}
function exitObject(span) {
  span.open = false;
  stack.top = span.below;
}

/** Beyond 31 bits a token is a number in the heap. */
function enterLarge() {
  return enterFree() + 2 ** 40;
}
function exitLarge(token) {
  exitFree((token - 2 ** 40) | 0);
}

function free(n) {
  const s = enterFree();
  const r = n < 2 ? n : free(n - 1) + free(n - 2);
  exitFree(s);
  return r;
}
function ring(n) {
  const s = enterRing();
  const r = n < 2 ? n : ring(n - 1) + ring(n - 2);
  exitRing(s);
  return r;
}
function depth(n) {
  const s = enterDepth();
  const r = n < 2 ? n : depth(n - 1) + depth(n - 2);
  exitDepth(s);
  return r;
}
function object(n) {
  const s = enterObject();
  const r = n < 2 ? n : object(n - 1) + object(n - 2);
  exitObject(s);
  return r;
}
function large(n) {
  const s = enterLarge();
  const r = n < 2 ? n : large(n - 1) + large(n - 2);
  exitLarge(s);
  return r;
}

const run = (fib) => () => {
  state.span = 0;
  return fib(N);
};

export const title = 'open spans';
/** Calls of fib(18). */
export const operations = 8361;
export const chosen = 'free list, last in first out';
export const batch = {
  'free list, last in first out': run(free),
  ring: run(ring),
  'by depth (cannot suspend)': run(depth),
  'an object a span': run(object),
  'free list, token beyond 31 bits': run(large),
};
