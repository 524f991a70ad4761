/** The formats that a trace can be written in, one table for the command, the page and the collector. */
import { captureFlowParts } from './write-captureflow-json.ts';
import type { ExportFormat, ExportOptions } from './export/export-format.ts';
import { writeGraphviz, writeMermaid } from './export/write-call-graph.ts';
import { writeChromeTrace } from './export/write-chrome-trace.ts';
import { writeCpuProfile } from './export/write-cpu-profile.ts';
import { writeFirefoxProfile } from './export/write-firefox-profile.ts';
import { writePlainJson } from './export/write-plain-json.ts';
import { writeSpeedscope } from './export/write-speedscope.ts';
import type { Trace } from './model.ts';
import type { OtlpSpan } from './otlp.ts';
import { otlpRequest, streamOtlpSpans } from './write-otlp.ts';

export type { ExportFormat, ExportOptions } from './export/export-format.ts';

const JSON_TYPE = 'application/json';

export const exportFormats: readonly ExportFormat[] = [
  { name: 'json', title: 'all of it, as JSON', extension: '.json', mediaType: JSON_TYPE, many: true, write: writePlainJson },
  { name: 'captureflow', title: "CaptureFlow's server", extension: '.json', mediaType: JSON_TYPE, many: false, write: writeCaptureFlow },
  { name: 'otlp', title: 'OpenTelemetry (OTLP)', extension: '.otlp.json', mediaType: JSON_TYPE, many: true, write: writeOtlp },
  {
    name: 'chrome',
    title: 'Perfetto, Chrome DevTools',
    extension: '.trace.json',
    mediaType: JSON_TYPE,
    many: true,
    write: writeChromeTrace,
  },
  { name: 'firefox', title: 'Firefox Profiler', extension: '.firefox.json', mediaType: JSON_TYPE, many: true, write: writeFirefoxProfile },
  { name: 'speedscope', title: 'speedscope', extension: '.speedscope.json', mediaType: JSON_TYPE, many: true, write: writeSpeedscope },
  {
    name: 'cpuprofile',
    title: 'VS Code, Chrome DevTools',
    extension: '.cpuprofile',
    mediaType: JSON_TYPE,
    many: false,
    write: writeCpuProfile,
  },
  { name: 'dot', title: 'call graph for Graphviz', extension: '.dot', mediaType: 'text/vnd.graphviz', many: true, write: writeGraphviz },
  { name: 'mermaid', title: 'call graph for Mermaid', extension: '.mmd', mediaType: 'text/vnd.mermaid', many: true, write: writeMermaid },
];

function* writeCaptureFlow(traces: Iterable<Trace>, { sourceText }: ExportOptions = {}): Generator<string> {
  const [trace] = traces;
  if (trace === undefined) return;
  const { events, ...rest } = captureFlowParts(trace, sourceText === undefined ? {} : { sourceLine: linesOf(sourceText) });
  yield `${JSON.stringify(rest).slice(0, -1)},"execution_trace":[`;
  let lead = '\n';
  for (const event of events) {
    yield lead + JSON.stringify(event);
    lead = ',\n';
  }
  yield ']}\n';
}

function linesOf(sourceText: (module: string) => string | undefined): (module: string, line: number) => string {
  const modules = new Map<string, readonly string[]>();
  return (module, line) => {
    let lines = modules.get(module);
    if (lines === undefined) modules.set(module, (lines = sourceText(module)?.split(/\r?\n/) ?? []));
    return lines[line - 1] ?? '';
  };
}

/** Nothing is pruned: a file has no backend's limits. */
function* writeOtlp(traces: Iterable<Trace>, options: ExportOptions = {}): Generator<string> {
  const limits = {
    maxSpans: Number.MAX_SAFE_INTEGER,
    ...(options.maxValueBytes === undefined ? {} : { maxAttributeBytes: options.maxValueBytes }),
  };
  let lead = '{"resourceSpans":[\n';
  for (const trace of traces) {
    let between = '\n';
    for (const span of streamOtlpSpans(trace, limits)) {
      if (between === '\n') yield lead + headOf(trace, span);
      yield between + JSON.stringify(span);
      between = ',\n';
    }
    lead = ',\n';
    yield ']}]}';
  }
  yield lead === ',\n' ? ']}\n' : `${lead}]}\n`;
}

/** What stands before the spans of a trace, the first of which is `root`. */
function headOf(trace: Trace, root: OtlpSpan): string {
  const [group] = otlpRequest([{ trace, spans: [root] }]).resourceSpans;
  return `{"resource":${JSON.stringify(group?.resource)},"scopeSpans":[{"scope":${JSON.stringify(group?.scopeSpans[0]?.scope)},"spans":[`;
}
