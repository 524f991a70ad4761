// Three locals and a loop: what shadows, scope positions and the values event cost.
function mean(from, to) {
  let sum = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    sum += i;
    count++;
  }
  const result = sum / count;
  return result;
}

export function batch() {
  let total = 0;
  for (let i = 0; i < 2000; i++) total += mean(i, i + 10);
  return total;
}
