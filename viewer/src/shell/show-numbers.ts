/** Counts and dates as people read them; durations are `formatDuration` of trace. */

const COUNT = new Intl.NumberFormat('en');
const DATE = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium' });

/** `12,345`. */
export function showCount(count: number): string {
  return COUNT.format(count);
}

/** `1 call`, `12,345 calls`. */
export function showCounted(count: number, word: string): string {
  return `${showCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** In the reader's own time zone: `2026-11-21 18:14:11`. */
export function showDateTime(unixMs: number): string {
  return Number.isFinite(unixMs) && Math.abs(unixMs) < 8e15 ? DATE.format(unixMs) : '–';
}
