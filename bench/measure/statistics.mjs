/** Medians and how far to trust them. No numbers of the project stand here. */

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

export function median(values) {
  return quantile(values, 0.5);
}

/** 95 % bootstrap interval of the median, `[low, high]`. The same values give the same interval. */
export function interval(values, rounds = 2000) {
  const random = generator(values.length);
  const medians = Array.from({ length: rounds }, () => median(values.map(() => values[Math.floor(random() * values.length)])));
  return [quantile(medians, 0.025), quantile(medians, 0.975)];
}

/** mulberry32 (Tommy Ettinger, public domain). */
function generator(seed) {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
