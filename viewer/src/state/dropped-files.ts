/** Files that somebody drops onto the page or chooses, traces and their source: read here, sent nowhere. */
import { buildTraces, fromCaptureFlowJson, fromOtlpJson, fromPlainJson, readSegments, summarize } from '@captureflow/trace';
import type { Trace, TraceSource } from '@captureflow/trace';
import { readViewHead, writeViewFile } from '@captureflow/trace/view-file';
import { giveSources, isSourceName } from './given-sources.ts';
import type { GivenFile } from './given-sources.ts';
import { LoadedTrace } from './loaded-trace.ts';
import { reportProblem } from './state.ts';
import { loading, localTraces, openListed } from './trace-list.ts';
import type { ListedTrace } from './trace-list.ts';

interface ReadTrace {
  readonly trace: Trace;
  readonly source: TraceSource;
}

/** Of a folder: what tells a trace from a `package.json`. */
const TRACE_NAME = /\.cft$|^trace.*\.jsonl?$|\.otlp\.json$/i;
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git']);
const MOST_FILES = 5000;

let lastId = 0;

/**
 * Adds the traces in `files` to the list; when there is just one, opens it. Source files are shown with the open trace. Says which files were
 * neither, and where they break.
 */
export async function addFiles(files: Iterable<File>): Promise<void> {
  await addFound([...files].map((file) => ({ path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file })));
}

/** As `addFiles`, for what was dropped: of folders the source files are taken, and the traces. */
export async function addDropped(transfer: DataTransfer): Promise<void> {
  // Entries are there during the event only, so all of them are taken before anything is awaited.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (!entries.some((entry) => entry.isDirectory)) return addFiles(transfer.files);
  const found: GivenFile[] = [];
  for (const entry of entries) await walk(entry, found);
  await addFound(found, true);
}

async function walk(entry: FileSystemEntry, found: GivenFile[]): Promise<void> {
  if (found.length >= MOST_FILES || SKIPPED.has(entry.name)) return;
  if (entry.isFile) {
    if (!isSourceName(entry.name) && !TRACE_NAME.test(entry.name)) return;
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A part of the folder at a time, until an empty one.
    const inside = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (inside.length === 0) return;
    for (const each of inside) await walk(each, found);
  }
}

async function addFound(found: readonly GivenFile[], fromFolder = false): Promise<void> {
  const sources = found.filter(({ path }) => isSourceName(path));
  const traces = found.filter(({ path }) => !isSourceName(path)).map(({ file }) => file);
  if (traces.length > 0) await addTraces(traces);
  if (sources.length > 0 || fromFolder) await giveSources(sources, fromFolder);
}

async function addTraces(files: readonly File[]): Promise<void> {
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

/** One trace, or a list of them, in any format. */
function readJson(json: unknown): ReadTrace[] {
  const traces: ReadTrace[] = [];
  const requests: unknown[] = [];
  for (const one of Array.isArray(json) ? json : [json]) {
    const ours = fromPlainJson(one);
    const trace = ours === undefined ? fromCaptureFlowJson(one) : undefined;
    if (ours !== undefined) traces.push(...ours.map((each) => ({ trace: each, source: 'json' as const })));
    else if (trace === undefined) requests.push(one);
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
