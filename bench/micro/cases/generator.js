// A generator that yields sixteen times.
function* count(to) {
  for (let i = 0; i < to; i++) yield i;
}

export function batch() {
  let total = 0;
  for (let i = 0; i < 200; i++) for (const n of count(16)) total += n;
  return total;
}
