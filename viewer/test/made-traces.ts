/** Traces of any size and shape, made up: the same for the same numbers. Not a test. */
import type { FunctionInfo, Outcome, Span, Trace, Value } from '@captureflow/trace';

const NONE: readonly never[] = [];
const RETURNED: Outcome = { kind: 'returned', value: { kind: 'number', value: 42 } };
const THREW: Outcome = {
  kind: 'threw',
  errorId: 1,
  error: { kind: 'error', id: 1, className: 'RangeError', message: 'out of stock', entries: [] },
};

export function madeFunction(index: number, fields: Partial<FunctionInfo> = {}): FunctionInfo {
  const module = `src/module-${index % 40}.ts`;
  const name = `Service${index % 40}.method${index}`;
  return {
    key: `${module}#${name}`,
    name,
    module,
    line: 1 + (index % 400),
    column: 3,
    endLine: 9 + (index % 400),
    level: 'locals',
    form: 'method',
    async: false,
    generator: false,
    parameters: ['order'],
    ...fields,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function madeSpan(number: number, parent: number, fn: FunctionInfo, start: number, fields: Partial<Span> = {}): Writable<Span> {
  return {
    number,
    spanId: number.toString(16).padStart(16, '0'),
    parent,
    link: 'call',
    function: fn,
    start,
    end: start,
    timeError: 0,
    args: NONE,
    outcome: RETURNED,
    lines: NONE,
    suspensions: NONE,
    annotations: NONE,
    children: NONE,
    elided: NONE,
    ...fields,
  };
}

export function madeTrace(spans: readonly Span[], duration: number, fields: Partial<Trace> = {}): Trace {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    root: { kind: 'script', name: 'made up', attributes: {}, spanId: '00f067aa0ba902b7', annotations: [] },
    startTime: 1_790_000_000_000,
    duration,
    process: { pid: 7, threadId: 0, service: 'made', runtime: 'node v20' },
    spans,
    children: [],
    elided: [],
    gaps: [],
    dropped: {},
    ...fields,
  };
}

/** A program of calls within calls, most of them short, some of which throw. */
export function busyTrace(count: number): Trace {
  const functions = Array.from({ length: 400 }, (_, index) => madeFunction(index));
  const random = createRandom(count);
  const args = [{ name: 'order', value: { kind: 'string', value: 'a-1001' } satisfies Value }];
  const spans: Span[] = [];
  const stack: Writable<Span>[] = [];
  let time = 0;
  while (spans.length < count) {
    time += random() ** 6 * 2;
    const deep = stack.length;
    // Down as long as it is shallow, up the deeper it is.
    if (deep === 0 || random() > deep / 50) {
      const parent = stack.at(-1);
      const fn = functions[Math.floor((parent === undefined ? 0 : (parent.function.line - 1) * 7) + random() * 9) % 400];
      const span = madeSpan(spans.length + 1, parent?.number ?? 0, fn as FunctionInfo, time, { args });
      spans.push(span);
      stack.push(span);
    } else {
      const span = stack.pop() as Writable<Span>;
      span.end = time;
      if (random() < 0.002) span.outcome = THREW;
    }
  }
  for (const span of stack) span.end = time;
  return madeTrace(spans, time);
}

/** `count` calls under one, which all wait at the same time when `overlap` is true. */
export function wideTrace(count: number, overlap: boolean): Trace {
  const fn = madeFunction(1, { async: overlap });
  const spans: Span[] = [madeSpan(1, 0, madeFunction(0), 0, { end: count })];
  for (let i = 0; i < count; i++) {
    const start = overlap ? i * 0.001 : i;
    spans.push(madeSpan(i + 2, 1, fn, start, { end: overlap ? count / 2 + i * 0.001 : i + 0.7 }));
  }
  return madeTrace(spans, count);
}

/** Each span calls one other, `depth` deep. */
export function deepTrace(depth: number): Trace {
  const spans = Array.from({ length: depth }, (_, i) => madeSpan(i + 1, i, madeFunction(i % 7), i, { end: 2 * depth - i }));
  return madeTrace(spans, 2 * depth);
}

function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
