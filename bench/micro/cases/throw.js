// A throw that passes two functions and is caught by a third.
const failure = new RangeError('always the same');

function check(n) {
  if (n % 2 === 0) throw failure;
  return n;
}

function middle(n) {
  return check(n) + 1;
}

function guarded(n) {
  try {
    return middle(n);
  } catch {
    return -1;
  }
}

export function batch() {
  let total = 0;
  for (let i = 0; i < 1000; i++) total += guarded(i);
  return total;
}
