// A stream library: rxjs filters, maps and adds up what a source emits; each value passes a dozen small functions.
import { filter, map, range, reduce, scan } from 'rxjs';

export function batch() {
  let result = 0;
  range(0, 2000)
    .pipe(
      map((n) => n * 3),
      filter((n) => n % 2 === 0),
      scan((sum, n) => sum + n, 0),
      map((sum) => sum % 1009),
      reduce((largest, n) => Math.max(largest, n), 0),
    )
    .subscribe((largest) => (result = largest));
  return result;
}
