/** Times as the nanoseconds of OpenTelemetry: decimal digits, because they do not fit a double. */

/** `startMs` (Unix ms, fractional, not negative) plus `offsetMs` in ns. Only the offset's own precision goes below a microsecond. */
export function unixNano(startMs: number, offsetMs: number = 0): string {
  const whole = Math.floor(startMs);
  const nanos = Math.round((startMs - whole + offsetMs) * 1e6);
  const carry = Math.floor(nanos / 1e6);
  const ms = whole + carry;
  // Before 1970 there is nothing that was recorded.
  if (!(ms >= 0)) return '0';
  const rest = nanos - carry * 1e6;
  return ms === 0 ? String(rest) : `${ms}${String(rest).padStart(6, '0')}`;
}

/** Unix ms of nanoseconds given as digits or as a number, to what a double holds; NaN when they are neither. */
export function unixMs(nanos: unknown): number {
  const digits = typeof nanos === 'number' ? nanos.toFixed(0) : nanos;
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits)) return Number.NaN;
  return Number(digits.slice(0, -6)) + Number(digits.slice(-6)) / 1e6;
}
