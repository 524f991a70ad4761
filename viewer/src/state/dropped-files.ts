/** Trace files that somebody drops onto the page or chooses: read here, sent nowhere. */
import { buildTraces, fromCaptureFlowJson, fromOtlpJson, readSegments, summarize } from '@captureflow/trace';
import type { Trace, TraceSource } from '@captureflow/trace';
import { readViewHead, writeViewFile } from '@captureflow/trace/view-file';
import { LoadedTrace } from './loaded-trace.ts';
import { reportProblem } from './state.ts';
import { loading, localTraces, openListed } from './trace-list.ts';
import type { ListedTrace } from './trace-list.ts';

interface ReadTrace {
  readonly trace: Trace;
  readonly source: TraceSource;
}

let lastId = 0;

/** Adds the traces in `files` to the list; when there is just one, opens it. Says which files were no traces, and where they break. */
export async function addFiles(files: Iterable<File>): Promise<void> {
  const added: ListedTrace[] = [];
  for (const file of files) {
    loading.value = file.name;
    try {
      const traces = readFile(file.name, new Uint8Array(await file.arrayBuffer()));
      if (traces.length === 0) reportProblem(`${file.name} has no traces in it.`);
      added.push(...traces.map(listed));
    } catch (error) {
      reportProblem(`${file.name} could not be read: ${(error as Error).message}`);
    }
  }
  loading.value = undefined;
  localTraces.value = [...localTraces.value, ...added];
  const [first] = added;
  if (added.length === 1 && first !== undefined) await openListed(first);
}

function readFile(name: string, bytes: Uint8Array): ReadTrace[] {
  if (bytes[0] === 0x7b || bytes[0] === 0x5b) return readJson(JSON.parse(new TextDecoder().decode(bytes)));
  const { segments, problem, readBytes } = readSegments(bytes);
  if (problem !== undefined) reportProblem(`${name} breaks off: ${problem.message}. The first ${readBytes} bytes are shown.`);
  return buildTraces(segments).map((trace) => ({ trace, source: 'native' }));
}

/** One trace, or a list of them, in either format. */
function readJson(json: unknown): ReadTrace[] {
  const traces: ReadTrace[] = [];
  const requests: unknown[] = [];
  for (const one of Array.isArray(json) ? json : [json]) {
    const trace = fromCaptureFlowJson(one);
    if (trace === undefined) requests.push(one);
    else traces.push({ trace, source: 'captureflow' });
  }
  return [...traces, ...fromOtlpJson(...requests).map((trace) => ({ trace, source: 'otlp' as const }))];
}

function listed({ trace, source }: ReadTrace): ListedTrace {
  const summary = { ...summarize(trace, source), id: `file-${++lastId}` };
  return {
    summary,
    load: async () => {
      const parts = writeViewFile(trace);
      return new LoadedTrace(summary, readViewHead(parts.head), {
        block: async (index) => parts.block(index),
        source: async () => undefined,
      });
    },
  };
}
