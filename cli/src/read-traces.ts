/**
 * Files and folders as traces: which ones are there, without decoding them, and each one when it is asked for. Problems are told, never
 * thrown: what could be read is there. Every command that reads traces does it through this module.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import {
  buildTrace,
  decodeHeader,
  decodeSegment,
  readLater,
  type Manifests,
  type ModuleRecord,
  type RootKind,
  type SegmentHeader,
  type Trace,
  type TraceFormatError,
  type TraceSource,
} from '@captureflow/trace';
import { readJsonTraces } from './traces/read-json-traces.ts';
import { readSegmentsAt, scanSegments, type SegmentPlace } from './traces/scan-segments.ts';

export interface TraceEntry {
  /** The same for the same trace in the next reading. */
  readonly key: string;
  readonly traceId: string;
  readonly name: string;
  readonly kind: RootKind;
  /** Unix ms. */
  readonly startTime: number;
  readonly source: TraceSource;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** @throws {TraceFormatError} when the file is no longer what it was; an error of the file system */
  load(): Trace;
  /** Of a trace in a `.cft` file, the encoded segments in the order of their parts; of others none. Throws like `load`. */
  segments(): Uint8Array[];
}

export type ReadProblemCode = TraceFormatError['code'] | 'UNREADABLE' | 'FOREIGN' | 'BAD_JSON' | 'TOO_LARGE';

export interface ReadProblem {
  /** As the user would name it: relative to the working directory. */
  readonly file: string;
  readonly code: ReadProblemCode;
  /** Byte at which it breaks. */
  readonly offset?: number;
  /** A sentence without the file's name: what is wrong, and what is read nevertheless. */
  readonly message: string;
}

export interface ReadTraces {
  /** In the order of their start. */
  readonly traces: readonly TraceEntry[];
  readonly problems: readonly ReadProblem[];
  /** Files that were looked at. */
  readonly files: number;
}

export interface ReadOptions {
  readonly cwd: string;
  /** Called now and then with the bytes that were read and those that there are, over all files. */
  onProgress?(readBytes: number, allBytes: number): void;
}

/** The runtime's default folder. */
export const TRACE_FOLDER = '.captureflow';

interface NativeTrace {
  readonly header: SegmentHeader;
  readonly parts: { readonly file: string; readonly place: SegmentPlace; readonly part: number }[];
}

/** Reads `paths` (default: `.captureflow`); of a folder the files `*.cft`, `*.json`, `*.jsonl` and `*.ndjson` directly in it. */
export function readTraces(paths: readonly string[], options: ReadOptions): ReadTraces {
  const reader = new TraceReader(options);
  for (const path of paths.length === 0 ? [TRACE_FOLDER] : paths) reader.add(path);
  return reader.read();
}

class TraceReader {
  private readonly options: ReadOptions;
  private readonly files: { readonly path: string; readonly bytes: number }[] = [];
  private readonly problems: ReadProblem[] = [];
  private readonly natives = new Map<string, NativeTrace>();
  private readonly others: TraceEntry[] = [];

  constructor(options: ReadOptions) {
    this.options = options;
  }

  add(path: string): void {
    const absolute = resolve(this.options.cwd, path);
    try {
      if (!statSync(absolute).isDirectory()) return this.addFile(absolute);
      for (const name of readdirSync(absolute).sort()) if (/\.(cft|jsonl?|ndjson)$/.test(name)) this.addFile(join(absolute, name));
    } catch (error) {
      this.problem(absolute, 'UNREADABLE', reasonOf(error));
    }
  }

  read(): ReadTraces {
    const all = this.files.reduce((sum, { bytes }) => sum + bytes, 0);
    let before = 0;
    for (const { path, bytes } of this.files) {
      try {
        if (path.endsWith('.cft') || !/\.(jsonl?|ndjson)$/.test(path)) this.readNative(path, before, all);
        else this.readJson(path, bytes);
      } catch (error) {
        this.problem(path, 'UNREADABLE', reasonOf(error));
      }
      before += bytes;
      this.options.onProgress?.(before, all);
    }
    const traces = [...[...this.natives].map(([key, native]) => entryOf(key, native)), ...this.others];
    return { traces: traces.sort((a, b) => a.startTime - b.startTime), problems: this.problems, files: this.files.length };
  }

  private addFile(path: string): void {
    if (!this.files.some((file) => file.path === path)) this.files.push({ path, bytes: statSync(path).size });
  }

  private readNative(path: string, before: number, all: number): void {
    let found = 0;
    const { problem, readBytes, fileBytes } = scanSegments(
      path,
      0,
      (segment, place) => {
        this.note(path, decodeHeader(segment), place);
        found++;
      },
      (damage) => this.problem(path, damage.code, `${damage.reason}; this record is left out`, damage.offset),
      (readSoFar) => this.options.onProgress?.(before + readSoFar, all),
    );
    if (problem === undefined) return;
    // A file of any other ending may be JSON: the user named it.
    if (problem.code === 'NOT_A_TRACE_FILE') {
      if (path.endsWith('.cft')) this.problem(path, problem.code, `${problem.reason}: it does not begin with CFT1`, 0);
      else this.readJson(path, fileBytes);
      return;
    }
    const lost = fileBytes - readBytes;
    const kept =
      found === 0
        ? 'nothing before it could be read'
        : `the ${found} ${found === 1 ? 'record before it is' : 'records before it are'} read`;
    this.problem(path, problem.code, `${problem.reason}; ${kept}, ${lost} bytes from there on are not`, problem.offset);
  }

  private note(file: string, header: SegmentHeader, place: SegmentPlace): void {
    const key = `${header.traceId}-${header.spanBase}`;
    const known = this.natives.get(key);
    const part = { file, place, part: header.part };
    if (known !== undefined) known.parts.push(part);
    // The functions of a header may be many, and only the first fields are needed before the trace is.
    else this.natives.set(key, { header: { ...header, functions: [] }, parts: [part] });
  }

  private readJson(path: string, bytes: number): void {
    const { traces, problems } = readJsonTraces(path, bytes);
    for (const { code, message, offset } of problems) this.problem(path, code, message, offset);
    traces.forEach(({ trace, source }, index) => {
      const { traceId, startTime, root } = trace;
      this.others.push({
        key: `${path}-${index}-${traceId}-${root.spanId}`,
        traceId,
        name: root.name,
        kind: root.kind,
        startTime,
        source,
        files: [path],
        load: () => trace,
        segments: () => [],
      });
    });
  }

  private problem(path: string, code: ReadProblemCode, message: string, offset?: number): void {
    const file = relative(this.options.cwd, path) || basename(path);
    this.problems.push({ file: file.startsWith('..') ? path : file, code, message, ...(offset === undefined ? {} : { offset }) });
  }
}

function entryOf(key: string, { header, parts }: NativeTrace): TraceEntry {
  const ordered = parts.sort((a, b) => a.part - b.part);
  const segments = (): Uint8Array[] => ordered.flatMap(({ file, place }) => readSegmentsAt(file, [place]));
  return {
    key,
    traceId: header.traceId,
    name: header.root.name,
    kind: header.root.kind,
    startTime: header.timeOrigin + header.start,
    source: 'native',
    files: [...new Set(ordered.map(({ file }) => file))],
    load: () => {
      const decoded = segments().map(decodeSegment);
      return buildTrace(
        decoded,
        manifestsBeside(
          ordered[0]?.file ?? '',
          decoded.map((segment) => segment.header),
        ),
        readLater,
      );
    },
    segments,
  };
}

/** Of a build with `metadata: 'manifest'`, the records of the modules that these segments name: `manifest/<hash>.json` beside the traces. */
function manifestsBeside(file: string, headers: readonly SegmentHeader[]): Manifests | undefined {
  const hashes = new Set(headers.flatMap(({ functions }) => functions.flatMap(({ hash }) => hash ?? [])));
  if (hashes.size === 0) return undefined;
  const manifests = new Map<string, ModuleRecord>();
  for (const hash of hashes) {
    // A hash comes out of a file that anybody may have made.
    if (!/^[\w-]+$/.test(hash)) continue;
    try {
      manifests.set(hash, JSON.parse(readFileSync(join(dirname(file), 'manifest', `${hash}.json`), 'utf8')) as ModuleRecord);
    } catch {
      // Then its functions have placeholder names, which say so.
    }
  }
  return manifests;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read by this user';
  return message;
}
