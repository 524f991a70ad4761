/** Round times for the marks of an axis. */

export interface Ticks {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Marks from `from` to `to` (ms), about `most` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticksBetween(from: number, to: number, most: number): Ticks {
  const rough = (to - from) / Math.max(1, most);
  if (!(rough > 0) || !Number.isFinite(rough)) return { first: from, step: 1, count: 0 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step) * step;
  return { first, step, count: Math.max(0, Math.floor((to - first) / step + 1e-9) + 1) };
}

const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [1000, 's'],
  [1, 'ms'],
  [1e-3, 'µs'],
  [1e-6, 'ns'],
];

/** A time on the axis: all marks of an axis with the same unit and as many digits as its step needs. */
export function tickLabel(time: number, step: number, range: number): string {
  const [factor, unit] = UNITS.find(([least]) => range >= least) ?? [1e-6, 'ns'];
  const digits = Math.min(6, Math.max(0, -Math.floor(Math.log10(step / factor) + 1e-9)));
  return `${(time / factor).toFixed(digits)} ${unit}`;
}
