/** Drives the probes as emitted code does and reads the result back as trace trees. */
import { buildTraces, decodeSegment, encodeSegment } from '@captureflow/trace';
import type { FunctionRecord, Segment, Span, Trace, Value } from '@captureflow/trace';
import { FunctionFlag } from '@captureflow/trace/metadata';
import type { SiteRecord } from '@captureflow/trace/metadata';
import { probes } from '../src/probes.ts';
import { DEFAULT_LIMITS } from '../src/recorder-config.ts';
import type { RecorderConfig, RootSummary } from '../src/recorder-config.ts';
import { drainRoots, startRecorder, stopRecorder } from '../src/recorder.ts';

export const R: typeof probes = probes;

export interface Recording {
  readonly segments: Segment[];
  readonly summaries: RootSummary[];
  /** Hands everything over and builds the trees. */
  traces(): Trace[];
  /** The one trace there is. */
  trace(): Trace;
  stop(): void;
}

export function record(config: Partial<RecorderConfig> = {}): Recording {
  const segments: Segment[] = [];
  const summaries: RootSummary[] = [];
  startRecorder({
    level: 'lines',
    limits: DEFAULT_LIMITS,
    maxBytes: 8 * 1024 * 1024,
    keep: () => 'keep',
    onSegment: (segment, summary) => {
      segments.push(copySegment(segment));
      summaries.push({ ...summary });
    },
    processInfo: { pid: 1, threadId: 0, service: 'test', runtime: 'test' },
    ...config,
  });
  const traces = (): Trace[] => {
    drainRoots(true);
    return buildTraces(segments);
  };
  return {
    segments,
    summaries,
    traces,
    trace() {
      const all = traces();
      if (all.length !== 1) throw new Error(`${all.length} traces: ${all.map((one) => one.root.name).join(', ')}`);
      return all[0] as Trace;
    },
    stop: stopRecorder,
  };
}

/** As the real receiver does: encoded before the chunks are used again. */
export function copySegment(segment: Segment): Segment {
  return decodeSegment(encodeSegment(segment));
}

let modules = 0;

export interface FunctionSpec {
  readonly level?: number;
  readonly flags?: number;
  readonly parameters?: readonly string[];
  readonly bindings?: readonly string[];
  readonly sites?: readonly SiteRecord[];
  readonly positions?: readonly (readonly number[])[];
}

export const { ASYNC, GENERATOR, LEXICAL_PARENT } = FunctionFlag;

/** Registers one module with these functions and returns their numbers by name. Names are taken as they are. */
export function functions<Name extends string>(specs: Record<Name, FunctionSpec>): Record<Name, number> {
  const names = Object.keys(specs) as Name[];
  const records = names.map((name, index): FunctionRecord => {
    const { level = 4, flags = 0, parameters = [], bindings = [], sites = [], positions = [[]] } = specs[name];
    return [name, index * 10 + 1, 1, level | flags, parameters, bindings, sites, positions, index * 10 + 9];
  });
  const gates = R.gates(records.length);
  const base = R.register({ v: 1, id: `src/module-${++modules}.ts`, f: records }, gates);
  for (let k = 0; k < records.length; k++) gatesOf.set(base + k, { gates, k });
  return Object.fromEntries(names.map((name, index) => [name, base + index])) as Record<Name, number>;
}

const gatesOf = new Map<number, { gates: Int32Array; k: number }>();

/** Takes a call at the function's gate, as emitted code does. True: `enter` is to be called. */
export function asks(fn: number): boolean {
  const { gates, k } = gatesOf.get(fn) ?? { gates: [], k: 0 };
  return (gates[k] as number)-- < 1;
}

/** Name, children in brackets: `a(b c(d))`. Marks: `!` threw, `?` open, `~` closed, `link:` unless it is a call. */
export function shape(trace: Trace): string {
  return trace.children.map((number) => draw(trace, number)).join(' ');
}

function draw(trace: Trace, number: number): string {
  const one = span(trace, number);
  const mark = { returned: '', threw: '!', open: '?', closed: '~' }[one.outcome.kind];
  const link = one.link === 'call' ? '' : `${one.link}:`;
  const children = one.children.map((child) => draw(trace, child)).join(' ');
  return `${link}${one.function.name}${mark}${children === '' ? '' : `(${children})`}`;
}

export function span(trace: Trace, number: number): Span {
  const found = trace.spans[number - 1];
  if (found === undefined) throw new Error(`no span ${number}`);
  return found;
}

/** The only span of this function. */
export function spanOf(trace: Trace, name: string): Span {
  const found = trace.spans.filter((one) => one.function.name === name);
  if (found.length !== 1) throw new Error(`${found.length} spans of ${name}`);
  return found[0] as Span;
}

export function spansOf(trace: Trace, name: string): Span[] {
  return trace.spans.filter((one) => one.function.name === name);
}

/** Values as something short to compare: primitives as they are, objects as JSON-like structures. */
export function plain(value: Value | undefined): unknown {
  if (value === undefined) return undefined;
  switch (value.kind) {
    case 'undefined':
      return undefined;
    case 'null':
      return null;
    case 'boolean':
    case 'number':
    case 'string':
    case 'bigint':
      return value.value;
    case 'object':
      return Object.fromEntries(value.entries.map((entry) => [entry.name, plain(entry.value)]));
    case 'array':
    case 'set':
      return value.items.map(plain);
    case 'map':
      return value.pairs.map((pair) => pair.map(plain));
    case 'error':
      return `${value.className}: ${value.message}`;
    case 'reference':
      return `ref ${value.id}`;
    case 'cut':
      return `cut ${value.reason} ${value.className} ${value.size}`;
    default:
      return `[${value.kind}]`;
  }
}

/** No loss of any kind, neither counted by the recorder nor found by the reader. */
export function losses(trace: Trace): Record<string, number> {
  return { ...trace.dropped };
}

export function turn(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
