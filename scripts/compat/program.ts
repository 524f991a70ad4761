/** Every form of function, written so that TypeScript 5.2 compiles it for every target; prints what they do. Input of compat.mjs. */
const print = (...values: unknown[]): void =>
  console.log(...values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))));

class Point {
  label = 'point';
  readonly history: number[] = [];
  static made = 0;
  static {
    Point.made = 1;
  }
  constructor(
    public x: number,
    protected y = x * 2,
  ) {
    this.history.push(x, y);
    Point.made++;
  }
  get sum(): number {
    return this.x + this.y;
  }
  set sum(value: number) {
    this.x = value - this.y;
  }
  #secret(factor: number): number {
    const product = this.x * factor;
    return product;
  }
  reveal = (factor = 2): number => this.#secret(factor);
  static of(...values: number[]): Point {
    const [x = 0, y] = values;
    return y === undefined ? new Point(x) : new Point(x, y);
  }
  async later(): Promise<string> {
    await null;
    return `${this.label} later`;
  }
  *[Symbol.iterator](): Generator<number, string> {
    yield this.x;
    yield this.y;
    return 'done';
  }
}

/** Parameter properties and fields in a derived constructor: emitted wrongly below TypeScript 5.2 when `super()` stands in a `try`. */
class Point3 extends Point {
  depth = Number((this as { z?: number }).z) + 1;
  override label = 'point3';
  tags: string[];
  constructor(
    x: number,
    readonly z = 3,
    { tags = ['a', 'b'] }: { tags?: string[] } = {},
  ) {
    const y = x + z;
    super(x, y);
    const joined = tags.map((tag) => tag + y);
    this.tags = joined;
    if (x > 100) return;
    this.history.push(this.depth);
  }
  override get sum(): number {
    return super.sum + this.z;
  }
  override set sum(value: number) {
    super.sum = value;
  }
  override async later(): Promise<string> {
    const inherited = await super.later();
    return `${inherited}!`;
  }
}

class Plain3 extends Point {
  extra = [1, 2].map((n) => n + this.x);
}

class Failing extends Point {
  constructor(x: number) {
    if (x > 1) super(x);
    else super(fail(`super ${x}`));
    fail(`after super ${this.x}`);
  }
}

class Replaced extends Point {
  constructor() {
    super(1);
    return Object.create(null, { replaced: { value: 1, enumerable: true } });
  }
}

function fail(message: string): never {
  throw new RangeError(message);
}

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  } finally {
    attempts++;
  }
}
let attempts = 0;

function loops(n: number): number[] {
  const out: number[] = [];
  const later: (() => number)[] = [];
  outer: for (let i = 0; i < n; i++) {
    for (const j of [1, 2, 3]) {
      if (j === 2 && i === 1) continue outer;
      if (i === 3) break outer;
      later.push(() => i * 10 + j);
    }
  }
  let k = n;
  while (k-- > 0) out.push(k);
  do out.push(k++);
  while (k < 1);
  for (const key in { a: 1, b: 2 }) out.push(key.length);
  switch (n) {
    case 4: {
      const four = 44;
      out.push(four);
    }
    case 5:
      let five = 55;
      out.push(++five);
      break;
    default:
      out.push(-1);
  }
  return [...out, ...later.map((f) => f())];
}

function hoists(value: number): unknown[] {
  const before = typeof helper;
  return [before, helper(), inner(value)];
  function inner(n: number): number {
    return n > 0 ? n + inner(n - 1) : 0;
  }
  function helper() {
    return value;
  }
}

function* count(to: number): Generator<number, number, number | undefined> {
  let step: number | undefined = 1;
  try {
    for (let at = 0; at < to; at += step ?? 1) step = yield at;
    const rest: number[] = yield* [100, 200] as any;
    return rest === undefined ? to : -1;
  } finally {
    print('count ends', to);
  }
}

async function* stream(values: number[]): AsyncGenerator<number> {
  for (const value of values) {
    await null;
    if (value < 0) fail(`negative ${value}`);
    yield value * 2;
  }
}

async function consume(values: number[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const value of stream(values)) {
      if (value === 4) continue;
      if (value === 10) return seen;
      seen.push(value);
    }
  } catch (error) {
    seen.push((error as Error).message);
  } finally {
    seen.push(await Promise.resolve('finally'));
  }
  return seen;
}

const object = {
  base: 1,
  method(a: number) {
    return this.base + a;
  },
  get computed(): number {
    return this.base * 3;
  },
  ['dyn' + 'amic']: (a = 1, { b = 2 } = {}) => a + b,
  async *mixed() {
    yield* stream([1]);
  },
};

namespace Shapes {
  export let created = 0;
  export function make(size: number): { size: number } {
    created += 1;
    const shape = { size };
    return shape;
  }
  export namespace Deep {
    export const twice = (size: number) => make(size).size * 2;
  }
}

function writes(a: number, b?: number): unknown[] {
  let x = 1;
  let y: number | undefined;
  [x, y] = [a, x];
  ({ x, y } = { x: x + 1, y: y + 1 });
  b ??= x++ + ++y;
  x += y = b;
  const change = () => (x = -1);
  change();
  return [a, b, x, y];
}

function many(a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j = i): number {
  return a + b + c + d + e + f + g + h + i + j + arguments.length;
}

async function main(): Promise<void> {
  const point = Point.of(1, 5);
  point.sum = 9;
  print(point.sum, point.reveal(), [...point], Point.made, point);
  const point3 = new Point3(2);
  point3.sum = 20;
  print(point3.sum, point3.reveal(3), point3, Object.keys(point3), await point3.later());
  print(new Point3(200), new Plain3(7), new Replaced(), Replaced.length, Point3.name);
  print(
    attempt(() => new Failing(1)),
    attempt(() => new Failing(2)),
    attempt(() => loops(4)),
    attempts,
  );
  print(loops(5), hoists(2), writes(3), writes(3, 4), many(1, 2, 3, 4, 5, 6, 7, 8, 9));
  const counter = count(4);
  print(counter.next(), counter.next(2), counter.next(1), [...counter], [...count(1)]);
  const closed = count(3);
  closed.next();
  print(closed.return(7), closed.next());
  print(await consume([1, 2, 3]), await consume([1, -1]), await consume([5, 6]));
  print(object.method(2), object.computed, (object as any).dynamic(5), Shapes.Deep.twice(4), Shapes.created);
  for await (const value of object.mixed()) print('mixed', value);
  const order: string[] = [];
  const tick = async (name: string, times: number) => {
    for (let k = 0; k < times; k++) {
      await null;
      order.push(name + k);
    }
  };
  await Promise.all([tick('a', 3), tick('b', 2), Promise.resolve().then(() => order.push('c'))]);
  print(order.join(' '), (() => {}).name, attempt.length, fail.name);
}

main().catch((error) => print('failed', String(error)));

export {};
