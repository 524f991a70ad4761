// A tiny function with one number: what enter and exit cost when nothing else happens.
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

export function batch() {
  return fib(18);
}
