import { describe, expect, it } from 'vitest';
import { FIRST_CALLS, Governor, Rung, WINDOW_MS } from '../src/governor.ts';

/** Ms per unit of recorded work. Everything is twenty times slower than a real recorder and program, which simulates faster. */
const UNIT = 1e-3;
/** Ms of a call that is only counted: the floor, no part of the cost. */
const COUNT = 40e-6;

/** Units that fill a chunk of events: whenever one is full the governor is given a look. */
const CHUNK = 1000;

interface Load {
  /** Ms that a call of the function itself takes. */
  readonly work: number;
  /** Units that a call costs on each rung. */
  readonly units: readonly [number, number, number, number];
  readonly lowest?: number;
}

interface Moment {
  readonly time: number;
  readonly share: number;
}

/** A program on a simulated clock: functions that are called, and a recorder that does what the governor says. */
class Program {
  time = 0;
  cpu = 0;
  cost = 0;
  floor = 0;
  recorded = 0;
  timer = Number.POSITIVE_INFINITY;
  /** How often the timer ran. */
  looks = 0;
  readonly governor: Governor;
  readonly loads: readonly Load[];
  readonly unit: number;
  readonly calls: number[];
  readonly rungs: number[];
  readonly onRung: number[][];
  private readonly due: number[];

  constructor(budget: number, loads: readonly Load[], unit: number = UNIT) {
    this.unit = unit;
    this.loads = loads;
    this.calls = loads.map(() => 0);
    this.rungs = loads.map(() => 0);
    this.onRung = loads.map(() => [0, 0, 0, 0]);
    this.governor = new Governor(budget, {
      now: () => this.time,
      processorTime: () => this.cpu,
      cost: () => this.cost,
      floor: () => this.floor,
      unitPrice: () => unit,
      calls: (fn) => this.calls[fn] as number,
      lowestRung: (fn) => loads[fn]?.lowest ?? Rung.COUNTS,
      nextRung: (_, rung) => rung + 1,
      seat: (fn, rung, units) => {
        this.rungs[fn] = rung;
        this.due[fn] = (this.calls[fn] as number) + units;
      },
      lookIn: (ms) => {
        this.timer = Math.min(this.timer, this.time + ms);
      },
    });
    this.due = loads.map(() => FIRST_CALLS);
  }

  idle(ms: number): void {
    this.time += ms;
    if (this.time < this.timer) return;
    this.timer = Number.POSITIVE_INFINITY;
    this.looks++;
    this.governor.look();
    this.timer = this.time + (this.governor.lookWantedIn() ?? Number.POSITIVE_INFINITY);
  }

  call(fn: number): void {
    const { work, units } = this.loads[fn] as Load;
    const rung = this.rungs[fn] as number;
    const calls = (this.calls[fn] as number) + 1;
    this.calls[fn] = calls;
    const onRung = this.onRung[fn] as number[];
    onRung[rung] = (onRung[rung] as number) + 1;
    const price = units[rung] as number;
    if (price > 1) this.due[fn] = (this.due[fn] as number) - (price - 1);
    if (calls >= (this.due[fn] as number)) this.governor.spent(fn);
    this.cost += price * this.unit;
    this.recorded += price;
    if (this.recorded >= CHUNK) {
      this.recorded = 0;
      this.governor.look();
    }
    this.spend(work + (price === 0 ? COUNT : price * this.unit));
  }

  private spend(ms: number): void {
    this.time += ms;
    this.cpu += ms;
  }

  /** Calls `fn` `times` times in a row until `end`; never gives the loop back. */
  loop(fn: number, end: number): void {
    while (this.time < end) this.call(fn);
  }

  /** Runs `step` until `end` and says which share recording took in each `every` ms. */
  watch(end: number, every: number, step: () => void): Moment[] {
    const moments: Moment[] = [];
    while (this.time < end) {
      const from = { cpu: this.cpu, cost: this.cost };
      const until = this.time + every;
      while (this.time < until) step();
      const cpu = this.cpu - from.cpu;
      moments.push({ time: this.time, share: cpu === 0 ? 0 : (this.cost - from.cost) / cpu });
    }
    return moments;
  }
}

const CHEAP: Load = { work: 400e-6, units: [1, 1, 1, 0] };
const DEEP: Load = { work: 4e-3, units: [300, 20, 2, 0] };
const RARE: Load = { work: 20, units: [300, 20, 2, 0] };
const ASYNC: Load = { work: 400e-6, units: [30, 10, 3, 1] };

function shareOf(program: Program, from: { cpu: number; cost: number }): number {
  return (program.cost - from.cost) / (program.cpu - from.cpu);
}

describe('a hot synchronous loop', () => {
  it('that never gives the event loop back is within its budget after less than a second', () => {
    const program = new Program(0.05, [CHEAP]);
    program.loop(0, 1000);
    const from = { cpu: program.cpu, cost: program.cost };
    program.loop(0, 5000);
    expect(shareOf(program, from)).toBeLessThan(0.055);
    expect(shareOf(program, from)).toBeGreaterThan(0.02);
  });

  it('with large objects is within its budget after less than a second, too', () => {
    const program = new Program(0.05, [DEEP]);
    program.loop(0, 1000);
    const from = { cpu: program.cpu, cost: program.cost };
    program.loop(0, 5000);
    expect(shareOf(program, from)).toBeLessThan(0.055);
  });

  it('has some complete calls in every window', () => {
    const program = new Program(0.05, [CHEAP]);
    program.loop(0, 2000);
    for (let end = 2000 + 2 * WINDOW_MS; end < 4000; end += 2 * WINDOW_MS) {
      const before = program.onRung[0]?.[Rung.DEEP] as number;
      program.loop(0, end);
      expect(program.onRung[0]?.[Rung.DEEP]).toBeGreaterThan(before);
    }
  });
});

describe('what no rung can save', () => {
  /** A loop in which the floor takes this share of the time. */
  function loopWithFloor(share: number): number {
    const program = new Program(0.05, [CHEAP]);
    const step = (): void => {
      const before = program.cpu;
      program.call(0);
      program.floor += (program.cpu - before) * share;
    };
    while (program.time < 2000) step();
    const from = { cpu: program.cpu, cost: program.cost };
    while (program.time < 6000) step();
    return shareOf(program, from);
  }

  it('is paid for by the budget first', () => {
    expect(loopWithFloor(0)).toBeGreaterThan(0.035);
    expect(loopWithFloor(0.02)).toBeLessThan(0.033);
  });

  it('leaves a quarter of the budget to detail, however much it is', () => {
    expect(loopWithFloor(0.2)).toBeLessThan(0.014);
    expect(loopWithFloor(0.2)).toBeGreaterThan(0.006);
  });
});

describe('a program of which nothing is known yet', () => {
  /** Ten ns a call, and what recording one really costs. */
  const quick: Load = { work: 10e-6, units: [1, 1, 1, 0] };

  it.each([3, 30, 300])('that calls %i hot functions is at counts within a tenth of a second', (hot) => {
    const program = new Program(
      0.05,
      Array.from({ length: hot }, () => quick),
      40e-6,
    );
    let next = 0;
    const run = (until: number): number => {
      const from = { cpu: program.cpu, cost: program.cost };
      while (program.time < until) program.call(next++ % hot);
      return shareOf(program, from);
    };
    expect(run(50)).toBeLessThan(0.25);
    expect(run(100)).toBeLessThan(0.15);
    run(500);
    expect(run(1500)).toBeLessThan(0.06);
  });

  it('and that does little keeps everything from its first calls on', () => {
    const program = new Program(0.05, [{ work: 0.1, units: [40, 10, 2, 0] }], 40e-6);
    program.loop(0, 80);
    expect(program.onRung[0]?.slice(1)).toEqual([0, 0, 0]);
  });
});

describe('full detail', () => {
  it('is kept for the first calls of a function, whatever they cost and however busy the program is', () => {
    const program = new Program(0.01, [CHEAP, DEEP]);
    program.loop(0, 3000);
    for (let i = 0; i < FIRST_CALLS; i++) program.call(1);
    expect(program.onRung[1]?.[Rung.DEEP]).toBe(FIRST_CALLS);
  });

  it('is kept for functions that are called rarely, for as long as they are', () => {
    const program = new Program(0.05, [CHEAP, RARE]);
    for (let i = 0; i < 100; i++) {
      program.loop(0, program.time + 250);
      program.call(1);
    }
    expect(program.onRung[1]).toEqual([100, 0, 0, 0]);
  });

  it('comes back by the timer to a function that was hot once and is called seldom now', () => {
    const program = new Program(0.05, [CHEAP]);
    program.loop(0, 2000);
    for (let i = 0; i < 3; i++) program.idle(100);
    const before = program.onRung[0]?.[Rung.DEEP] as number;
    for (let i = 0; i < 50; i++) {
      program.idle(100);
      program.call(0);
    }
    expect(program.onRung[0]?.[Rung.DEEP]).toBe(before + 50);
  });

  /** A thousand functions, all so hot that a round of eight units each costs more than ten windows pay for. */
  function crowd(budget: number = 0.05, amount: number = 1000, load: Load = CHEAP, unit: number = UNIT * 10) {
    const loads = Array.from({ length: amount }, () => load);
    const program = new Program(budget, loads, unit);
    let next = 0;
    return { program, call: () => program.call(next++ % loads.length) };
  }

  function shareFrom(begin: number, { program, call }: ReturnType<typeof crowd>): number {
    while (program.time < begin) call();
    const from = { cpu: program.cpu, cost: program.cost };
    while (program.time < 25_000) call();
    return shareOf(program, from);
  }

  it('is within the budget where one round costs more than ten windows pay for', () => {
    const share = shareFrom(5000, crowd());
    expect(share).toBeLessThan(0.055);
    expect(share).toBeGreaterThan(0.025);
  });

  it('comes back within seconds after a start that took a whole one', () => {
    const share = shareFrom(10_000, crowd(0.05, 100, DEEP, UNIT));
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.055);
  });

  it('comes back to everybody while the program does something else, at a look a second', () => {
    const { program, call } = crowd();
    while (program.time < 5000) call();
    while (program.governor.lowered().length < 1000) call();
    const before = { looks: program.looks, time: program.time };
    while (program.governor.lowered().length > 0) {
      program.cpu += 10;
      program.idle(10);
    }
    expect(program.time - before.time).toBeGreaterThan(1000);
    expect(program.time - before.time).toBeLessThan(11_000);
    expect(program.looks - before.looks).toBeLessThan(15);
  });

  it('comes back to everybody in an idle program after a second or two, in three looks at most', () => {
    const { program, call } = crowd(0.01);
    while (program.time < 5000) call();
    while (program.governor.lowered().length < 1000) call();
    const before = { looks: program.looks, time: program.time };
    while (program.governor.lowered().length > 0) program.idle(10);
    expect(program.time - before.time).toBeLessThan(2100);
    program.idle(60_000);
    expect(program.looks - before.looks).toBeLessThanOrEqual(3);
  });

  it('is taken from nobody while everything fits the budget', () => {
    const slow: Load = { work: 1, units: [20, 10, 2, 0] };
    const program = new Program(0.05, [slow, slow, slow]);
    while (program.time < 5000) for (let fn = 0; fn < 3; fn++) program.call(fn);
    for (const counts of program.onRung) expect((counts[0] as number) / counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0.95);
  });
});

describe('functions that may not go below calls', () => {
  it('never do, and what else they report is given up', () => {
    const program = new Program(0.05, [ASYNC]);
    program.loop(0, 3000);
    expect(program.onRung[0]?.[Rung.COUNTS]).toBeGreaterThan(0);
    expect(program.cost / program.cpu).toBeLessThan(0.8);
  });
});

describe('a load that changes', () => {
  it('does not make the allowance swing: a steady load holds it within a factor of two', () => {
    const program = new Program(0.05, [CHEAP, DEEP, { work: 40e-3, units: [40, 10, 2, 0] }]);
    const step = (): void => {
      for (let i = 0; i < 30; i++) program.call(0);
      program.call(1);
      program.call(2);
    };
    while (program.time < 2000) step();
    const seen: number[] = [];
    while (program.time < 12_000) {
      const windows = program.governor.windows;
      while (program.governor.windows === windows) step();
      seen.push(program.governor.allowance);
    }
    expect(Math.max(...seen) / Math.min(...seen)).toBeLessThan(2);
  });

  it.each([1000, 300, 120])('as a square wave of %i ms keeps the budget over all, and after one second of each burst', (half) => {
    const program = new Program(0.05, [CHEAP, DEEP]);
    const busyStep = (): void => {
      for (let i = 0; i < 20; i++) program.call(0);
      program.call(1);
    };
    const run = (until: number): void => {
      while (program.time < until) {
        const end = program.time + half;
        while (program.time < end) busyStep();
        for (let i = 0; i < half / 10; i++) program.idle(10);
      }
    };
    run(3000);
    const from = { cpu: program.cpu, cost: program.cost };
    run(20_000);
    expect(shareOf(program, from)).toBeLessThan(0.06);
  });

  it('as a ramp from one call a ms to all there is stays near the budget on its whole way', () => {
    const program = new Program(0.05, [CHEAP, DEEP]);
    let rate = 1;
    const costs: number[] = [];
    while (program.time < 20_000) {
      const from = { cost: program.cost, time: program.time };
      while (program.time < from.time + 1000) {
        for (let i = 0; i < rate; i++) program.call(i & 1);
        program.idle(1);
        rate *= 1.001;
      }
      costs.push((program.cost - from.cost) / (program.time - from.time));
    }
    expect(Math.max(...costs.slice(1))).toBeLessThan(0.06);
  });

  it('as a burst after an idle minute is answered within a second', () => {
    const program = new Program(0.05, [CHEAP, DEEP]);
    program.loop(0, 1000);
    for (let i = 0; i < 6000; i++) program.idle(10);
    const [first, ...rest] = program.watch(program.time + 5000, 1000, () => {
      program.call(0);
      program.call(1);
    });
    expect(first?.share).toBeLessThan(0.15);
    for (const moment of rest) expect(moment.share).toBeLessThan(0.06);
  });

  it('from a few hot functions to a thousand is answered within a second', () => {
    const loads = Array.from({ length: 1000 }, () => CHEAP);
    const program = new Program(0.05, loads, UNIT / 10);
    program.loop(0, 2000);
    let next = 0;
    const [, ...rest] = program.watch(program.time + 5000, 1000, () => program.call(next++ % 1000));
    for (const moment of rest) expect(moment.share).toBeLessThan(0.06);
  });
});
