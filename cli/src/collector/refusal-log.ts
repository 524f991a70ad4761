/** What was refused, a line each, but no flood: of each kind one line a second, with what was left out. */

const PERIOD_MS = 1000;

export class RefusalLog {
  readonly #print: (line: string) => void;
  readonly #last: Map<string, { time: number; hidden: number }> = new Map();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** `kind`: which lines are alike. */
  add(kind: string, line: string, now: number = Date.now()): void {
    const last = this.#last.get(kind);
    if (last !== undefined && now - last.time < PERIOD_MS) {
      last.hidden++;
      return;
    }
    this.#last.set(kind, { time: now, hidden: 0 });
    const more = last === undefined || last.hidden === 0 ? '' : ` (and ${last.hidden} more like it before)`;
    this.#print(`${new Date(now).toISOString().slice(11, 19)} refused: ${printable(line)}${more}\n`);
  }
}

/** Control characters would be obeyed by a terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?').slice(0, 500);
}
