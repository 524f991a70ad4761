/**
 * Chrome's trace event format in JSON. Perfetto shows the complete events (`X`) with their arguments, lanes as threads, arrows to calls on other
 * lanes. Chrome DevTools shows no events of strangers, but tracks that a page declares by `console.timeStamp`: the longest spans are declared so, too.
 */
import type { LineEvent, Trace } from '../model.ts';
import { namedValuesJson } from '../value-json.ts';
import { DEFAULT_VALUE_BYTES } from './export-format.ts';
import type { ExportOptions } from './export-format.ts';
import { laneName, SharedLanes } from './shared-lanes.ts';
import { rootFields, spanFields, thrownText } from './span-fields.ts';
import type { Field } from './span-fields.ts';
import { timelineOf } from './timeline.ts';
import type { Timeline } from './timeline.ts';

/** DevTools copies all of them for each comparison when it sorts them. */
const MOST_IN_DEVTOOLS = 5000;
/** The thread of what only DevTools reads. */
const DEVTOOLS_TID = 0;

interface DevToolsEntry {
  readonly duration: number;
  readonly text: string;
}

export function* writeChromeTrace(traces: Iterable<Trace>, options: ExportOptions = {}): Generator<string> {
  const origin: { startTime?: number } = {};
  let lead = '{"displayTimeUnit":"ms","traceEvents":[\n';
  for (const event of traceEvents(traces, options, origin)) {
    yield lead;
    yield event;
    lead = ',\n';
  }
  yield `${lead.startsWith('{') ? lead : '\n'}],"otherData":{"recorder":"captureflow","startTime":"${isoTime(origin.startTime ?? 0)}"}}\n`;
}

function* traceEvents(traces: Iterable<Trace>, options: ExportOptions, origin: { startTime?: number }): Generator<string> {
  const room = options.maxValueBytes ?? DEFAULT_VALUE_BYTES;
  const shared = new SharedLanes();
  const longest = new Longest(MOST_IN_DEVTOOLS);
  let flows = 0;
  for (const trace of traces) {
    const first = (origin.startTime ??= trace.startTime);
    const timeline = timelineOf(trace);
    const { process, lanes } = shared.place(trace, timeline);
    const { pid } = process;
    const micros = (ms: number): string => ((trace.startTime - first + ms) * 1000).toFixed(3);
    const tid = (entry: number): number => (lanes[timeline.track[entry] as number] as number) + 1;
    for (let entry = 0; entry < timeline.count; entry++) {
      const { name, fields, failed, lines } = entryOf(trace, entry, room);
      const start = timeline.start[entry] as number;
      const duration = (timeline.end[entry] as number) - start;
      const at = `"pid":${pid},"tid":${tid(entry)},"ts":${micros(start)}`;
      const color = failed ? ',"cname":"terrible"' : '';
      const args = fields.map(([key, json]) => `"${key}":${json}`).join(',');
      yield `{"ph":"X","cat":"${entry === 0 ? 'root' : failed ? 'call,error' : 'call'}","name":${JSON.stringify(name)},${at},"dur":${(duration * 1000).toFixed(3)}${color},"args":{${args}}}`;
      for (const { line, time, changed } of lines) {
        const values = changed.length === 0 ? '' : `,"args":${namedValuesJson(changed, room).text}`;
        yield `{"ph":"i","s":"t","cat":"line","name":"line ${line}","pid":${pid},"tid":${tid(entry)},"ts":${micros(time)}${values}}`;
      }
      if (beginsElsewhere(timeline, entry)) {
        const parent = timeline.parent[entry] as number;
        const flow = `"cat":"calls","name":"calls","id":${++flows},"pid":${pid},"ts":${micros(start)}`;
        yield `{"ph":"s","tid":${tid(parent)},${flow}}`;
        yield `{"ph":"f","bp":"e","tid":${tid(entry)},${flow}}`;
      }
      if (longest.takes(duration)) {
        const data = {
          name,
          start: Math.round(Number(micros(start))),
          end: Math.round(Number(micros(start + duration))),
          track: laneName(tid(entry) - 1),
          trackGroup: `CaptureFlow ${process.name}`,
          color: failed ? 'error' : entry === 0 ? 'secondary' : 'primary',
          devtools: `{${args}}`,
        };
        const text = `{"ph":"I","s":"t","cat":"devtools.timeline","name":"TimeStamp","pid":${pid},"tid":${DEVTOOLS_TID},"ts":${micros(start)},"args":{"data":${JSON.stringify(data)}}}`;
        longest.add({ duration, text });
      }
    }
  }
  longest.trim();
  // Of two that begin and end together, DevTools draws the later event above the earlier one.
  for (const { text } of longest.entries.reverse()) yield text;
  for (const { pid, name, lanes } of shared.processes) {
    yield metadata(pid, DEVTOOLS_TID, 'process_name', { name });
    yield metadata(pid, DEVTOOLS_TID, 'thread_name', { name: 'the longest calls, for Chrome DevTools' });
    yield metadata(pid, DEVTOOLS_TID, 'thread_sort_index', { sort_index: 1_000_000 });
    for (let lane = 0; lane < lanes; lane++) {
      yield metadata(pid, lane + 1, 'thread_name', { name: laneName(lane) });
      yield metadata(pid, lane + 1, 'thread_sort_index', { sort_index: lane });
    }
  }
}

interface Entry {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly failed: boolean;
  readonly lines: readonly LineEvent[];
}

function entryOf(trace: Trace, entry: number, room: number): Entry {
  const span = trace.spans[entry - 1];
  if (span === undefined) return { name: trace.root.name, fields: rootFields(trace), failed: trace.root.error !== undefined, lines: [] };
  return { name: span.function.name, fields: spanFields(span, room), failed: thrownText(span) !== undefined, lines: span.lines };
}

/** On another lane than its caller, who was still there. An arrow needs a call on both ends. */
function beginsElsewhere({ track, parent, start, end }: Timeline, entry: number): boolean {
  const caller = parent[entry] as number;
  return (
    caller >= 0 &&
    track[caller] !== track[entry] &&
    (start[entry] as number) >= (start[caller] as number) &&
    (start[entry] as number) <= (end[caller] as number)
  );
}

function metadata(pid: number, tid: number, what: string, args: object): string {
  return JSON.stringify({ ph: 'M', name: what, pid, tid, args });
}

/** Whatever the time is: a date beyond what JavaScript knows throws. */
export function isoTime(unixMs: number): string {
  return Math.abs(unixMs) <= 8.64e15 ? new Date(unixMs).toISOString() : 'unknown';
}

/** The entries of the longest duration, at most `room` and, in between, twice as many. */
class Longest {
  entries: DevToolsEntry[] = [];
  private readonly room: number;
  private least = -1;

  constructor(room: number) {
    this.room = room;
  }

  takes(duration: number): boolean {
    return duration > this.least;
  }

  add(entry: DevToolsEntry): void {
    this.entries.push(entry);
    if (this.entries.length < 2 * this.room) return;
    this.trim();
    this.least = this.entries.at(-1)?.duration ?? -1;
  }

  trim(): void {
    this.entries = this.entries.sort((a, b) => b.duration - a.duration).slice(0, this.room);
  }
}
