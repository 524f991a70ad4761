/**
 * Keeps what recording costs within its budget. Each function may do so much recorded work in a window, the same for all: its allowance.
 * Spent, the function goes a rung down; a new window puts everybody back on the top. One number is controlled, the allowance, so that
 * the costliest lose detail first and rare functions none. ARCHITECTURE.md, "The governor".
 *
 * Pure: time, cost and functions are the host's. Must not read a clock, set a timer or know what a rung means to the recorder.
 */
import { append, ceil, mapGet, mapSet, max, min, round } from './primordials.ts';

/** What a function reports at most, from everything it was asked for to a count. */
export const Rung = { DEEP: 0, SHALLOW: 1, FLAT: 2, COUNTS: 3 } as const;

/** Ms that a window lasts at least. Ten of them fit the second within which a change of load must be answered. */
export const WINDOW_MS = 100;
/**
 * The first one, and each that follows is twice as long: nothing is known of the program yet, neither how many of its functions are hot nor what its calls
 * cost before anything is compiled.
 */
const FIRST_WINDOW_MS = 12.5;
/** Calls that every function may make in full detail before anything is taken from it: what it is seated for at first. */
export const FIRST_CALLS = 32;

/** What the first calls may cost: one call may run a loop for ever. */
const FIRST_UNITS = 10_000;

/** Units that are worth giving. A smaller allowance is given as these, once in several windows. */
const LEAST_UNITS = 8;
/** That is every ten seconds. */
const LEAST_ALLOWANCE = 0.08;
const LEAST_FIRST_ALLOWANCE = 125;
/** So many hot functions are expected of a program of which nothing is known yet: each gets its part of the first window. */
const FIRST_HOT = 16;
const MOST_ALLOWANCE = 1 << 22;
/** The allowance grows when less than this part of the budget is used. */
const COMFORTABLE = 0.8;
/** At most by these factors from one round to the next: a share that was measured over one is no certainty. */
const MOST_SHRINKING = 0.25;
const MOST_GROWTH = 2;
/** Windows at a full budget over which a debt is paid off. */
const PAYMENT_WINDOWS = 10;
/** How far the summed units of one window may exceed what the budget pays before the last rung is the next one. */
const LENIENCY = 2;
/** Ms between two questions of a function that is counted only. */
const LOOK_MS = 20;
const FEWEST_COUNTS = 64;
const MOST_COUNTS = 65_536;

/** What cannot be saved is paid for first, but this part of the budget is always left for what can. */
const FOR_DETAIL = 0.25;

/** Ms of processor time below which a share says little: a window of an idle program is measured together with the next. */
const MEASURABLE_MS = 10;

/**
 * Ms within which a program uses less than that when it is idle: everybody is put on the top rung then, and that often it is looked at. Looking every window took an
 * idle server 3 ms of processor time a second for up to ten seconds after each burst (`bench`, server: 2 % of a portion of 80 requests).
 */
const QUIET_MS = 1000;

/** What the governor reads and moves. */
export interface GovernorHost {
  /** Ms, never decreasing. */
  now(): number;
  /** Processor time of the program, ms since any origin. */
  processorTime(): number;
  /** What recording has cost above its floor, ms since any origin. */
  cost(): number;
  /** And the floor: what no rung saves. */
  floor(): number;
  /** Ms that one unit of work costs, about. */
  unitPrice(): number;
  /** Calls of the function so far. */
  calls(fn: number): number;
  /** The rung below at which the function costs less; `rung` itself when there is none. */
  nextRung(fn: number, rung: number): number;
  lowestRung(fn: number): number;
  /** From now on the function reports what belongs to `rung` and asks again when it has done `units` of work. */
  seat(fn: number, rung: number, units: number): void;
  /** Somebody is on a lower rung: `look` is wanted after `ms`, whatever happens or does not, and again as `lookWantedIn` says then. */
  lookIn(ms: number): void;
}

/** What is known about one function that was on a lower rung. */
interface Seat {
  rung: number;
  /** The window in which the round began for which its present allowance was given. */
  round: number;
  /** Units given up to now, while they are counted: for the first calls. */
  given: number;
  /** When it was last asked, and its calls then. */
  lookedAt: number;
  callsThen: number;
}

export class Governor {
  /** Share of processor time. */
  readonly budget: number;
  /** What the floor has left of it in the last window. */
  left: number;
  /** Units that each function may spend on each rung in a window. */
  allowance: number;
  /** Share that recording took of the last window, and of all. */
  share: number = 0;
  windows: number = 0;
  totalCost: number = 0;
  totalProcessorTime: number = 0;

  readonly #host: GovernorHost;
  readonly #seats: Map<number, Seat> = new Map();
  /** The keys of it: nothing of the program's may run while we go through them (H173). */
  readonly #seated: number[] = [];
  #lowered: number[] = [];
  /** Number of the window in which everybody got his allowance. */
  #roundBegan: number = 0;
  #windowStart: number;
  #windowMs: number = FIRST_WINDOW_MS;
  #measuredAt: number;
  #processorTime: number;
  #cost: number;
  #floor: number;
  /** Ms since the round began, as far as they were measured. */
  #roundCost: number = 0;
  #roundTime: number = 0;
  /** Units of all allowances spent in this window. */
  #units: number = 0;
  /** Ms overspent. */
  #debt: number = 0;

  constructor(budget: number, host: GovernorHost) {
    this.budget = budget;
    this.left = budget;
    this.#host = host;
    this.allowance = max(LEAST_FIRST_ALLOWANCE, (budget * FIRST_WINDOW_MS) / host.unitPrice() / FIRST_HOT);
    this.#windowStart = host.now();
    this.#measuredAt = this.#windowStart;
    this.#processorTime = host.processorTime();
    this.#cost = host.cost();
    this.#floor = host.floor();
  }

  /** Functions that are not on the top rung now, with their rungs. */
  lowered(): readonly (readonly [fn: number, rung: number])[] {
    return this.#lowered.map((fn) => [fn, this.#known(fn)?.rung ?? Rung.DEEP]);
  }

  /** Ms until the next round may begin, for which nobody has to call anything; undefined: everybody is on the top rung. */
  lookWantedIn(): number | undefined {
    return this.#lowered.length === 0 ? undefined : this.#msToRound();
  }

  /** The window ends when its time is over. To be called wherever the time is known anyway. */
  look(time: number = this.#host.now()): void {
    if (time - this.#windowStart >= this.#windowMs) this.#nextWindow(time);
  }

  #msToRound(): number {
    const windows = ceil(LEAST_UNITS / this.allowance) - (this.windows - this.#roundBegan);
    return min(QUIET_MS, max(1, windows) * this.#windowMs);
  }

  /** The function has done the work that it was seated for. */
  spent(fn: number): void {
    const host = this.#host;
    const time = host.now();
    const round = this.#roundBegan;
    this.look(time);
    const seat = this.#seatOf(fn);
    // The new round gave it its allowance already.
    if (this.#roundBegan !== round && seat.round === this.#roundBegan) return;
    const calls = host.calls(fn);
    if (seat.rung >= host.lowestRung(fn)) {
      host.seat(fn, seat.rung, this.#countsAhead(seat, time, calls));
      return;
    }
    const units = this.#isOverspent() ? LEAST_UNITS : this.#unitsNow();
    this.#units += units;
    // Spread over rounds, it is no hot function; and first calls are worth their price.
    if (seat.round !== this.#roundBegan || (calls < FIRST_CALLS && seat.given < FIRST_UNITS) || this.#isSlowStart(time)) {
      seat.given += units;
      seat.round = this.#roundBegan;
      host.seat(fn, seat.rung, units);
      return;
    }
    this.#lower(fn, seat, time, calls);
  }

  #payable(): number {
    return (LENIENCY * this.budget * this.#windowMs) / this.#host.unitPrice();
  }

  /** More functions are hot than were expected: in the first windows, before the allowance is measured, the others get no more than their first calls. */
  #isOverspent(): boolean {
    return this.#windowMs < WINDOW_MS && this.#units > this.#payable();
  }

  /** In a short window a slow program has spent its allowances before it has spent what the time pays for. */
  #isSlowStart(time: number): boolean {
    return this.#windowMs < WINDOW_MS && this.#units * this.#host.unitPrice() < this.budget * (time - this.#windowStart);
  }

  #known(fn: number): Seat | undefined {
    return mapGet(this.#seats, fn) as Seat | undefined;
  }

  #seatOf(fn: number): Seat {
    let seat = this.#known(fn);
    if (seat === undefined) {
      // What it was given at first may have lasted for many windows.
      seat = { rung: Rung.DEEP, round: -1, given: 0, lookedAt: 0, callsThen: 0 };
      mapSet(this.#seats, fn, seat);
      append(this.#seated, fn);
    }
    return seat;
  }

  #lower(fn: number, seat: Seat, time: number, calls: number): void {
    const host = this.#host;
    if (seat.rung === Rung.DEEP) {
      append(this.#lowered, fn);
      if (this.#lowered.length === 1) host.lookIn(this.#msToRound());
    }
    const lowest = host.lowestRung(fn);
    seat.rung = this.#units > this.#payable() ? lowest : host.nextRung(fn, seat.rung);
    seat.lookedAt = time;
    seat.callsThen = calls;
    host.seat(fn, seat.rung, seat.rung >= lowest ? FEWEST_COUNTS : this.#unitsNow());
  }

  /** So many counts that the next question comes after LOOK_MS. */
  #countsAhead(seat: Seat, time: number, calls: number): number {
    const elapsed = time - seat.lookedAt;
    const made = calls - seat.callsThen;
    seat.lookedAt = time;
    seat.callsThen = calls;
    const wanted = elapsed > 0 ? (made * LOOK_MS) / elapsed : MOST_COUNTS;
    // Twice as many at most: what was fast up to now may be slow from now on.
    return max(FEWEST_COUNTS, min(MOST_COUNTS, wanted, made * 2));
  }

  #nextWindow(time: number): void {
    this.#measure(time);
    // While nobody looked windows went by, too: who has to wait for the tenth waits for its time.
    this.windows += max(1, round((time - this.#windowStart) / this.#windowMs));
    this.#windowStart = time;
    this.#lengthenWindow();
    this.#units = 0;
    // An idle program has time for everything: whoever clicks now and then sees all.
    if (time - this.#measuredAt >= QUIET_MS) this.#beginRound();
    // Somebody whose allowance is half of what is worth giving gets it in every other window.
    if ((this.windows - this.#roundBegan) * this.allowance < LEAST_UNITS) return;
    this.#adjust();
    this.#beginRound();
  }

  #beginRound(): void {
    this.#roundBegan = this.windows;
    this.#roundCost = 0;
    this.#roundTime = 0;
    this.#restore();
  }

  #lengthenWindow(): void {
    const ms = min(WINDOW_MS, this.#windowMs * 2);
    if (ms === this.#windowMs) return;
    this.#allow(ms / this.#windowMs);
    this.#windowMs = ms;
    // Now it is known how many share it.
    this.allowance = min(this.allowance, (this.budget * ms) / this.#host.unitPrice() / max(1, this.#lowered.length));
  }

  #measure(time: number): void {
    const processorTime = this.#host.processorTime();
    const cost = this.#host.cost();
    const floor = this.#host.floor();
    // Collector and compiler threads count to the process: the thread that is governed has no more than the time that passed.
    const available = max(0, min(processorTime - this.#processorTime, time - this.#measuredAt));
    const spent = cost - this.#cost;
    if (available < MEASURABLE_MS && spent < this.budget * WINDOW_MS) return;
    this.#measuredAt = time;
    this.#processorTime = processorTime;
    this.#cost = cost;
    this.left = max(FOR_DETAIL * this.budget, this.budget - (floor - this.#floor) / max(available, 1e-9));
    this.#floor = floor;
    this.totalCost += spent;
    this.totalProcessorTime += available;
    this.share = spent / max(available, spent);
    this.#roundCost += spent;
    this.#roundTime += available;
    // Nothing is saved up: what was not spent while idle would be spent at once by the next burst.
    this.#debt = min(this.#mostDebt(), max(0, this.#debt + spent - this.left * available));
  }

  #mostDebt(): number {
    return PAYMENT_WINDOWS * this.left * WINDOW_MS;
  }

  /**
   * By the share of the whole round: everybody spends in its first window, and what the windows after it say, nothing, made the allowance grow until the next round
   * came too soon (a thousand hot functions took a quarter of the time where a twentieth was the budget).
   */
  #adjust(): void {
    if (this.#roundTime === 0) return;
    const share = this.#roundCost / max(this.#roundTime, this.#roundCost);
    const target = this.left * (1 - 0.5 * min(1, this.#debt / this.#mostDebt()));
    if (share > target) {
      this.#allow(max(MOST_SHRINKING, target / share));
      this.#revoke();
    } else if (share < COMFORTABLE * target && this.#lowered.length > 0) {
      this.#allow(min(MOST_GROWTH, (COMFORTABLE * target) / max(share, 1e-9)));
    }
  }

  #unitsNow(): number {
    return max(LEAST_UNITS, round(this.allowance));
  }

  #allow(factor: number): void {
    this.allowance = max(LEAST_ALLOWANCE, min(MOST_ALLOWANCE, this.allowance * factor));
  }

  /** What was given while there was plenty must not last for ever. */
  #revoke(): void {
    for (let i = 0; i < this.#seated.length; i++) {
      const fn = this.#seated[i] as number;
      if (this.#known(fn)?.rung !== Rung.DEEP) continue;
      this.#host.seat(fn, Rung.DEEP, this.#unitsNow());
    }
  }

  #restore(): void {
    const lowered = this.#lowered;
    this.#lowered = [];
    for (let i = 0; i < lowered.length; i++) {
      const fn = lowered[i] as number;
      const seat = this.#known(fn);
      if (seat === undefined) continue;
      seat.rung = Rung.DEEP;
      seat.round = this.#roundBegan;
      this.#host.seat(fn, Rung.DEEP, this.#unitsNow());
    }
  }
}
