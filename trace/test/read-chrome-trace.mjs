/**
 * What Chrome DevTools' own parser makes of a trace: takes the file's text on stdin, prints the track groups that DevTools would draw. A process of its own,
 * since the parser puts names on the global object.
 */
import { readFileSync } from 'node:fs';

// The parser was made for pages.
globalThis.DOMRect ??= class DOMRect {
  constructor(x = 0, y = 0, width = 0, height = 0) {
    Object.assign(this, { x, y, width, height });
  }
};
const Trace = await import('@paulirish/trace_engine/models/trace/trace.js');
const { traceEvents } = JSON.parse(readFileSync(0, 'utf8'));
const model = Trace.TraceModel.Model.createWithAllHandlers();
await model.parse(traceEvents);
const { data } = model.parsedTrace();
const groups = data.ExtensionTraceData.extensionTrackData.map(({ name, isTrackGroup, entriesByTrack }) => ({
  name,
  isTrackGroup,
  tracks: Object.entries(entriesByTrack).map(([track, entries]) => ({
    track,
    entries: entries.map((entry) => ({ name: entry.name, dur: entry.dur, color: entry.devtoolsObj.color, detail: entry.userDetail })),
  })),
}));
process.stdout.write(JSON.stringify(groups));
