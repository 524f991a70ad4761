/** speedscope's own format: a profile a lane, of opened and closed frames. It has no place for values, errors and ids. */
import type { Trace } from '../model.ts';
import { laneName, SharedLanes } from './shared-lanes.ts';
import { nesting, timelineOf } from './timeline.ts';
import type { Timeline } from './timeline.ts';

interface Lane {
  readonly name: string;
  readonly parts: { readonly trace: Trace; readonly timeline: Timeline; readonly track: number }[];
}

export function* writeSpeedscope(traces: Iterable<Trace>): Generator<string> {
  const shared = new SharedLanes();
  const lanes = new Map<string, Lane>();
  let origin: number | undefined;
  for (const trace of traces) {
    origin ??= trace.startTime;
    const timeline = timelineOf(trace);
    const { process, lanes: places } = shared.place(trace, timeline);
    places.forEach((lane, track) => {
      const key = `${process.pid} ${lane}`;
      let known = lanes.get(key);
      if (known === undefined) lanes.set(key, (known = { name: `${process.name}: ${laneName(lane)}`, parts: [] }));
      known.parts.push({ trace, timeline, track });
    });
  }
  const frames = new Frames();
  yield '{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"captureflow","name":"CaptureFlow","activeProfileIndex":0,"profiles":[\n';
  let first = true;
  for (const lane of lanes.values()) {
    yield first ? '' : ',\n';
    first = false;
    yield* writeLane(lane, origin ?? 0, frames);
  }
  yield '],"shared":{"frames":[\n';
  for (let i = 0; i < frames.list.length; i++) yield `${i === 0 ? '' : ',\n'}${frames.list[i] as string}`;
  yield ']}}\n';
}

function* writeLane({ name, parts }: Lane, origin: number, frames: Frames): Generator<string> {
  yield `{"type":"evented","name":${JSON.stringify(name)},"unit":"microseconds","events":[`;
  let last = 0;
  let start: number | undefined;
  for (const { trace, timeline, track } of parts) {
    const shift = trace.startTime - origin;
    for (const [entry, opens] of nesting(timeline, timeline.order[track] as Int32Array)) {
      const time = ((opens ? timeline.start : timeline.end)[entry] as number) + shift;
      // Rounding must not turn the order around.
      const at = start === undefined ? micros(time) : Math.max(last, micros(time));
      yield `${start === undefined ? '' : ','}{"type":"${opens ? 'O' : 'C'}","at":${at},"frame":${frames.of(trace, entry)}}`;
      start ??= at;
      last = at;
    }
  }
  yield `],"startValue":${start ?? 0},"endValue":${last}}`;
}

function micros(ms: number): number {
  return Math.round(ms * 1e6) / 1e3;
}

class Frames {
  readonly list: string[] = [];
  private readonly byText = new Map<string, number>();

  of(trace: Trace, entry: number): number {
    const fn = trace.spans[entry - 1]?.function;
    const text =
      fn === undefined
        ? JSON.stringify({ name: trace.root.name })
        : JSON.stringify({ name: fn.name, file: fn.module, ...(fn.line > 0 ? { line: fn.line, col: fn.column } : {}) });
    let index = this.byText.get(text);
    if (index === undefined) {
      index = this.list.push(text) - 1;
      this.byText.set(text, index);
    }
    return index;
  }
}
