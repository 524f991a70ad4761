// A date library: dayjs parses, adds, compares and formats.
import dayjs from 'dayjs';
import duration from 'dayjs/plugin/duration.js';

dayjs.extend(duration);
const start = dayjs('2024-02-28T10:20:30');

export function batch() {
  let length = 0;
  for (let i = 0; i < 400; i++) {
    const day = start.add(i, 'day').startOf('week');
    length += day.format('YYYY-MM-DD [week] HH:mm').length + (day.isBefore(start) ? 1 : 0) + dayjs.duration(day.diff(start)).days();
  }
  return length;
}
