/** What a reading of the time costs. The recorder orders events by their place and reads the clock only now and then. */
const READINGS = 2000;
const shared = new Float64Array(new SharedArrayBuffer(8));
let place = 0;

const read = (clock) => () => {
  let sum = 0;
  for (let i = 0; i < READINGS; i++) sum += clock();
  return sum;
};

export const title = 'clock';
export const operations = READINGS;
export const chosen = 'performance.now()';
export const batch = {
  'no clock: the place in the log': read(() => ++place),
  'performance.now()': read(() => performance.now()),
  'Date.now()': read(() => Date.now()),
  'process.hrtime()': read(() => process.hrtime()[1]),
  'process.hrtime.bigint()': read(() => Number(process.hrtime.bigint())),
  'a number that a worker keeps current': read(() => shared[0]),
};
