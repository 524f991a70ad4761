/** `2024-03-30T15:39:57.589404`: Unix ms, fractional, as local time without zone, the way Python's `datetime.isoformat` writes it. */
export function localTimestamp(unixMs: number): string {
  const microseconds = Math.round(unixMs * 1000);
  const ms = Math.floor(microseconds / 1000);
  const date = new Date(ms);
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
  const time = `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`;
  return `${day}T${time}.${pad(date.getMilliseconds(), 3)}${pad(microseconds - ms * 1000, 3)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
