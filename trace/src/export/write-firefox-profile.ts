/**
 * Firefox Profiler's processed format (version 70, which later ones upgrade). A lane is a thread: its samples are the moments in which nothing below a call
 * ran, weighted with how long that was; a marker a call carries arguments, result and error; sources go in where somebody has them.
 */
import type { FunctionInfo, Trace } from '../model.ts';
import { DEFAULT_VALUE_BYTES } from './export-format.ts';
import type { ExportOptions } from './export-format.ts';
import { IndexTable } from './index-table.ts';
import { selfTimes } from './self-times.ts';
import { laneName, SharedLanes } from './shared-lanes.ts';
import type { ProcessLanes } from './shared-lanes.ts';
import { FIELD_NAMES, rootFields, spanFields } from './span-fields.ts';
import { timelineOf } from './timeline.ts';
import type { Timeline } from './timeline.ts';

const VERSION = 70;
const MARKER = 'Call';
/** Numbers of `CATEGORIES`. */
const JAVASCRIPT = 0;
const LABELS: Partial<Record<(typeof FIELD_NAMES)[number], string>> = {
  at: 'Function at',
  arguments: 'Arguments',
  return: 'Return',
  threw: 'Thrown',
  locals: 'Locals',
  waited_ms: 'Waited (ms)',
  counted_calls: 'Calls that were only counted',
};

interface Part {
  readonly trace: Trace;
  readonly timeline: Timeline;
  readonly track: number;
}

interface Thread {
  readonly process: ProcessLanes;
  readonly lane: number;
  readonly parts: Part[];
}

export function* writeFirefoxProfile(traces: Iterable<Trace>, options: ExportOptions = {}): Generator<string> {
  const room = options.maxValueBytes ?? DEFAULT_VALUE_BYTES;
  const shared = new SharedLanes();
  const threads = new Map<string, Thread>();
  let origin: number | undefined;
  for (const trace of traces) {
    origin ??= trace.startTime;
    const timeline = timelineOf(trace);
    const { process, lanes } = shared.place(trace, timeline);
    lanes.forEach((lane, track) => {
      const key = `${process.pid} ${lane}`;
      const thread = threads.get(key);
      if (thread === undefined) threads.set(key, { process, lane, parts: [{ trace, timeline, track }] });
      else thread.parts.push({ trace, timeline, track });
    });
  }
  const tables = new Tables();
  yield `{"meta":${JSON.stringify(metaOf(origin ?? 0))},"libs":[],"pages":[],"threads":[\n`;
  let lead = '';
  for (const thread of threads.values()) {
    yield lead;
    yield* writeThread(thread, origin ?? 0, tables, room);
    lead = ',\n';
  }
  yield '],"shared":';
  yield* tables.write(options);
  yield '}\n';
}

function metaOf(startTime: number): object {
  return {
    interval: 1,
    startTime,
    product: 'CaptureFlow',
    processType: 0,
    stackwalk: 0,
    version: 31,
    preprocessedProfileVersion: VERSION,
    symbolicated: true,
    categories: [{ name: 'JavaScript', color: 'yellow', subcategories: ['Other'] }],
    // No addresses, no libraries: only what a program's source says.
    usesOnlyOneStackType: true,
    sourceCodeIsNotOnSearchfox: true,
    importedFrom: 'CaptureFlow',
    extensions: { id: [], name: [], baseURL: [], length: 0 },
    markerSchema: [
      {
        name: MARKER,
        display: ['marker-chart', 'marker-table'],
        chartLabel: '{marker.data.function}',
        tooltipLabel: '{marker.data.function}',
        tableLabel: '{marker.data.function} → {marker.data.return}{marker.data.threw}',
        fields: ['function', ...FIELD_NAMES].map((key) => ({
          key,
          label: key === 'function' ? 'Function' : (LABELS[key as keyof typeof LABELS] ?? key),
          format: 'string',
        })),
      },
    ],
  };
}

function* writeThread({ process, lane, parts }: Thread, origin: number, tables: Tables, room: number): Generator<string> {
  const name = laneName(lane);
  yield JSON.stringify({
    name,
    processType: 'default',
    processName: process.name,
    isMainThread: lane === 0,
    pid: String(process.pid),
    tid: lane + 1,
    registerTime: 0,
    unregisterTime: null,
    processStartupTime: 0,
    processShutdownTime: null,
    pausedRanges: [],
    showMarkersInTimeline: true,
  }).slice(0, -1);
  const stacks: number[] = [];
  const times: number[] = [];
  const weights: number[] = [];
  for (const { trace, timeline, track } of parts) {
    const shift = trace.startTime - origin;
    const stackOf = tables.stacksOf(trace, timeline);
    for (const [entry, from, to] of selfTimes(timeline, track)) {
      if (entry < 0) continue;
      stacks.push(stackOf(entry));
      times.push(from + shift);
      weights.push(to - from);
    }
  }
  yield `,"samples":{"weightType":"tracing-ms","length":${stacks.length},"stack":[`;
  yield* writeList(stacks, String);
  yield '],"time":[';
  yield* writeList(times, numberJson);
  yield '],"weight":[';
  yield* writeList(weights, numberJson);
  yield ']},"markers":{"data":[';
  yield* writeColumn(parts, ({ trace }, entry) => markerData(trace, entry, room));
  yield '],"name":[';
  yield* writeColumn(parts, ({ trace }, entry) => String(tables.string(nameOf(trace, entry))));
  yield '],"startTime":[';
  yield* writeColumn(parts, ({ trace, timeline }, entry) => numberJson((timeline.start[entry] as number) + trace.startTime - origin));
  yield '],"endTime":[';
  yield* writeColumn(parts, ({ trace, timeline }, entry) => numberJson((timeline.end[entry] as number) + trace.startTime - origin));
  // Phase 1: an interval.
  yield '],"phase":[';
  yield* writeColumn(parts, () => '1');
  yield '],"category":[';
  yield* writeColumn(parts, () => String(JAVASCRIPT));
  const count = parts.reduce((sum, { timeline, track }) => sum + (timeline.order[track] as Int32Array).length, 0);
  yield `],"length":${count}}}`;
}

function* writeColumn(parts: readonly Part[], text: (part: Part, entry: number) => string): Generator<string> {
  let lead = '';
  for (const part of parts) {
    for (const entry of part.timeline.order[part.track] as Int32Array) {
      yield lead + text(part, entry);
      lead = ',';
    }
  }
}

function* writeList<T>(list: readonly T[], text: (item: T) => string): Generator<string> {
  for (let i = 0; i < list.length; i++) yield (i === 0 ? '' : ',') + text(list[i] as T);
}

function nameOf(trace: Trace, entry: number): string {
  return trace.spans[entry - 1]?.function.name ?? trace.root.name;
}

/** Every field of a marker is a text here; what is JSON stays readable as such. */
function markerData(trace: Trace, entry: number, room: number): string {
  const span = trace.spans[entry - 1];
  const fields = span === undefined ? rootFields(trace) : spanFields(span, room);
  const texts = fields.map(([key, json]) => `,"${key}":${json.startsWith('"') ? json : JSON.stringify(json)}`);
  return `{"type":"${MARKER}","function":${JSON.stringify(nameOf(trace, entry))}${texts.join('')}}`;
}

/** Times in ms with nanoseconds; nothing that JSON lacks. */
function numberJson(ms: number): string {
  return Number.isFinite(ms) ? String(Math.round(ms * 1e6) / 1e6) : '0';
}

/** What all threads share: texts, sources, functions, frames (one a function) and stacks (one a path of callers). */
class Tables {
  private readonly strings = new IndexTable<string>();
  private readonly sources = new IndexTable<string>();
  private readonly functions = new IndexTable<{
    readonly name: number;
    readonly source: number | null;
    readonly line: number | null;
    readonly column: number | null;
  }>();
  private readonly frameOf: number[] = [];
  private readonly prefixOf: number[] = [];
  private readonly stacks = new Map<number, number>();
  private readonly ofInfo = new Map<FunctionInfo, number>();

  string(text: string): number {
    return this.strings.indexOf(text, () => text);
  }

  /** The stack of an entry, made when it is asked for. Paths may be as deep as a recursion, so each is found from its caller's. */
  stacksOf(trace: Trace, timeline: Timeline): (entry: number) => number {
    const known = new Int32Array(timeline.count).fill(-1);
    return (wanted) => {
      const path: number[] = [];
      let at = wanted;
      for (; at >= 0 && known[at] === -1; at = timeline.parent[at] as number) path.push(at);
      let prefix = at >= 0 ? (known[at] as number) : -1;
      for (let entry = path.pop(); entry !== undefined; entry = path.pop())
        known[entry] = prefix = this.stack(prefix, this.functionOf(trace, entry));
      return prefix;
    };
  }

  *write({ sourceText }: ExportOptions): Generator<string> {
    const functions = this.functions.list;
    const frames = functions.length;
    yield '{"stackTable":{"frame":[';
    yield* writeList(this.frameOf, String);
    // How far before it the caller's stack stands; 0: it has none.
    yield '],"prefixOffset":[';
    for (let i = 0; i < this.prefixOf.length; i++) {
      const prefix = this.prefixOf[i] as number;
      yield `${i === 0 ? '' : ','}${prefix < 0 ? 0 : i - prefix}`;
    }
    yield `],"length":${this.frameOf.length}},`;
    const numbers = functions.map((_, i) => i);
    const nothing = functions.map(() => null);
    const column = (value: number): number[] => functions.map(() => value);
    const lines = functions.map(({ line }) => line);
    const columns = functions.map((fn) => fn.column);
    yield `"frameTable":${JSON.stringify({ address: column(-1), lib: column(-1), inlineDepth: column(0), category: column(JAVASCRIPT), subcategory: column(0), func: numbers, nativeSymbol: nothing, innerWindowID: column(0), line: lines, column: columns, originalLocation: nothing, length: frames })},`;
    const yes = functions.map(() => true);
    yield `"funcTable":${JSON.stringify({ name: functions.map(({ name }) => name), isJS: yes, relevantForJS: yes, resource: column(-1), source: functions.map(({ source }) => source), lineNumber: lines, columnNumber: columns, originalLocation: nothing, length: frames })},`;
    yield '"resourceTable":{"name":[],"host":[],"type":[],"length":0},"nativeSymbols":{"libIndex":[],"address":[],"name":[],"functionSize":[],"length":0},';
    const modules = this.sources.list;
    const none = modules.map(() => null);
    const ones = modules.map(() => 1);
    const filenames = modules.map((module) => this.string(module));
    const content = modules.map((module) => sourceText?.(module) ?? null);
    yield `"sources":${JSON.stringify({ id: none, filename: filenames, startLine: ones, startColumn: ones, sourceMapURL: none, content, length: modules.length })},`;
    yield '"sourceLocationTable":{"source":[],"line":[],"column":[],"length":0},"stringArray":[';
    yield* writeList(this.strings.list, (text) => JSON.stringify(text));
    yield ']}';
  }

  private stack(prefix: number, frame: number): number {
    // Both below 2^26, or there would be no room for the tables.
    const key = (prefix + 1) * 2 ** 26 + frame;
    let index = this.stacks.get(key);
    if (index === undefined) {
      index = this.frameOf.push(frame) - 1;
      this.prefixOf.push(prefix);
      this.stacks.set(key, index);
    }
    return index;
  }

  private functionOf(trace: Trace, entry: number): number {
    const fn = trace.spans[entry - 1]?.function;
    if (fn === undefined) {
      const { name } = trace.root;
      return this.functions.indexOf(`root ${name}`, () => ({ name: this.string(name), source: null, line: null, column: null }));
    }
    const known = this.ofInfo.get(fn);
    if (known !== undefined) return known;
    const { key, line, column, name, module } = fn;
    const index = this.functions.indexOf(`${key}:${line}:${column}`, () => ({
      name: this.string(name),
      source: module === '' ? null : this.sources.indexOf(module, () => module),
      line: line > 0 ? line : null,
      column: column > 0 ? column : null,
    }));
    this.ofInfo.set(fn, index);
    return index;
  }
}
