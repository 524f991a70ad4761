/** A duration for people: three significant digits and a unit, `350 µs`, `1.2 ms`, `2.31 s`, `1 min 5 s`. `ms` may be fractional. */
export function formatDuration(ms: number): string {
  if (!(ms > 0)) return '0 µs';
  if (ms < 0.9995) return `${digits(ms * 1000, 2)} µs`;
  if (ms < 999.5) return `${digits(ms, 3)} ms`;
  if (ms < 59_950) return `${digits(ms / 1000, 3)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function digits(value: number, significant: number): string {
  if (value < 0.05) return '<0.1';
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(value)));
  return Number(value.toFixed(Math.min(decimals, significant === 2 ? 1 : 2))).toString();
}
