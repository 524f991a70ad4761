/**
 * `2024-03-30T15:39:57.589404`: Unix ms, fractional, as local time without zone, the way Python's `datetime.isoformat` writes it.
 */
export function localTimestamp(unixMs: number): string {
  const microseconds = Math.round(unixMs * 1000);
  const second = Math.floor(microseconds / 1_000_000);
  if (second !== lastSecond) {
    lastText = formatSecond(second);
    lastSecond = second;
  }
  return `${lastText}.${pad(microseconds - second * 1_000_000, 6)}`;
}

/** The fields of a local time need the zone's rules; the events of a trace share few seconds. */
let lastSecond = Number.NaN;
let lastText = '';

function formatSecond(second: number): string {
  const date = new Date(second * 1000);
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
  return `${day}T${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
