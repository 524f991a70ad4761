/** Where events are written: two words and a number an event, the array taken from where the recorder would have it. */
const EVENTS = 4000;
const SIZE = 16_384;

const ops = new Int32Array(SIZE);
const nums = new Float64Array(SIZE);
const chunks = Array.from({ length: 4 }, () => ({ ops: new Int32Array(SIZE), nums: new Float64Array(SIZE), wide: new Float64Array(SIZE) }));
const cursor = { pos: 0, numsPos: 0, chunk: chunks[0], list: [] };

/** All events go to one array, whose content is copied when the root changes. */
function constant(i) {
  const p = cursor.pos;
  ops[p] = i;
  ops[p + 1] = i + 1;
  nums[cursor.numsPos++] = i / 3;
  cursor.pos = p + 2;
}
function ofChunk(i) {
  const p = cursor.pos;
  const { chunk } = cursor;
  chunk.ops[p] = i;
  chunk.ops[p + 1] = i + 1;
  chunk.nums[cursor.numsPos++] = i / 3;
  cursor.pos = p + 2;
}
function doubles(i) {
  const p = cursor.pos;
  nums[p] = i;
  nums[p + 1] = i + 1;
  nums[p + 2] = i / 3;
  cursor.pos = p + 3;
}
function pushed(i) {
  cursor.list.push(i, i + 1, i / 3);
}
function object(i) {
  cursor.list.push({ op: i, span: i + 1, value: i / 3 });
}

let copies = 0;
const run = (write, end) => () => {
  cursor.pos = 0;
  cursor.numsPos = 0;
  cursor.list = [];
  // Another root each time: not the one array that the optimiser has seen.
  cursor.chunk = chunks[++copies & 3];
  for (let i = 0; i < EVENTS; i++) write(i);
  end?.();
  return cursor.pos + cursor.list.length;
};

export const title = 'events';
export const operations = EVENTS;
export const chosen = 'one array for all, then copied';
export const batch = {
  'one array for all, then copied': run(constant, () => {
    cursor.chunk.ops.set(ops.subarray(0, cursor.pos));
    cursor.chunk.nums.set(nums.subarray(0, cursor.numsPos));
  }),
  "the root's own chunk": run(ofChunk),
  'one array of doubles, then copied': run(doubles, () => {
    cursor.chunk.wide.set(nums.subarray(0, cursor.pos));
  }),
  'a list of numbers': run(pushed),
  'an object an event': run(object),
};
