/** A duration for people: three significant digits and a unit, `350 µs`, `1.2 ms`, `2.31 s`, `1 min 5 s`. `ms` may be fractional. */
export function formatDuration(ms: number): string {
  if (!(ms > 0)) return '0 µs';
  if (ms < 0.9995) return `${digits(ms * 1000, 2)} µs`;
  if (ms < 999.5) return `${digits(ms, 3)} ms`;
  if (ms < 59_950) return `${digits(ms / 1000, 3)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * A duration that may be off by `error` ms: `~12 ms` when that is more than a quarter of it, `<80 µs` (what it is at most) when it is more than
 * all of it.
 */
export function formatEstimate(ms: number, error: number): string {
  if (error > ms) return `<${formatDuration(ms + error)}`;
  return error > ms / 4 ? `~${formatDuration(ms)}` : formatDuration(ms);
}

function digits(value: number, significant: number): string {
  if (value < 0.05) return '<0.1';
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(value)));
  return Number(value.toFixed(Math.min(decimals, significant === 2 ? 1 : 2))).toString();
}
