/**
 * Files and folders whose traces are shown: read in steps, so that the list answers meanwhile, and again when they grow. Bytes stay in the files; what is
 * handed on says where they lie.
 */
import { readdirSync, statSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { decodeSegment } from '@captureflow/trace';
import type { TraceFormatError, TraceSource } from '@captureflow/trace';
import type { ReadProblem } from '../read-traces.ts';
import { readJsonTraces } from '../traces/read-json-traces.ts';
import { scanSegments } from '../traces/scan-segments.ts';
import { listedOf, pieceOf } from './arrival.ts';
import type { Piece } from './arrival.ts';
import type { Delivery } from './delivery.ts';

/** What is known of the files. */
export interface FileNews {
  readonly files: number;
  /** True: there is more to read. */
  readonly reading: boolean;
  readonly problems: readonly ReadProblem[];
}

export interface FileReader {
  /** Until it is done, nothing more is read. */
  add(delivery: Delivery): Promise<void> | void;
  /** The file is not what it was: what came from it is gone. */
  forget(path: string): void;
  say(news: FileNews): void;
}

interface KnownFile {
  readonly path: string;
  /** Where to go on from. */
  readBytes: number;
  /** As it was when it was read last. */
  size: number;
  modified: number;
  inode: number;
  problems: readonly ReadProblem[];
}

/** Bytes that are read in one step, some 50 ms. */
const STEP_BYTES = 1024 * 1024;
/**
 * Text that large traces are handed on with at once (UTF-16 units): some 10 ms of the store's, in which it answers nothing. Small ones stay together, since the
 * search index merges what each commit adds: 100 in place of 870 took five times the processor time.
 */
const HANDED_UNITS = 32 * 1024;
const LARGE_UNITS = 8 * 1024;
/** Changes come in flocks. */
const SETTLE_MS = 100;
/** Not every file system tells of changes. */
const LOOK_MS = 3000;
const TRACE_FILE = /\.(cft|jsonl?|ndjson)$/;
const JSON_FILE = /\.(jsonl?|ndjson)$/;

/** Ends a scan that goes on later. */
class StepDone extends Error {}

export class FolderWatch {
  readonly #paths: readonly string[];
  readonly #cwd: string;
  readonly #reader: FileReader;
  readonly #files: Map<string, KnownFile> = new Map();
  readonly #waiting: Set<string> = new Set();
  readonly #watchers: Map<string, FSWatcher> = new Map();
  readonly #timer: NodeJS.Timeout;
  #missing: readonly ReadProblem[] = [];
  #settling: NodeJS.Timeout | undefined;
  #stopped: boolean = false;
  #working: boolean = false;

  constructor(paths: readonly string[], cwd: string, reader: FileReader) {
    this.#paths = paths.map((path) => resolve(cwd, path));
    this.#cwd = cwd;
    this.#reader = reader;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
    setImmediate(() => this.#look());
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  /** Finds files that are new, gone or other than they were. */
  #look(): void {
    if (this.#stopped) return;
    const seen = new Set<string>();
    const missing: ReadProblem[] = [];
    for (const path of this.#paths) {
      try {
        this.#watchFor(path);
        if (!statSync(path).isDirectory()) this.#note(path, seen);
        else for (const name of readdirSync(path).sort()) if (TRACE_FILE.test(name)) this.#note(join(path, name), seen);
      } catch (error) {
        missing.push(this.#problem(path, 'UNREADABLE', reasonOf(error)));
      }
    }
    for (const path of this.#files.keys()) if (!seen.has(path)) this.#drop(path);
    const changed = missing.length !== this.#missing.length;
    this.#missing = missing;
    if (this.#waiting.size > 0) this.#work();
    else if (changed) this.#say(false);
  }

  #note(path: string, seen: Set<string>): void {
    seen.add(path);
    const { size, mtimeMs, ino } = statSync(path);
    const known = this.#files.get(path);
    if (known?.size === size && known.modified === mtimeMs && known.inode === ino) return;
    if (known !== undefined && (known.inode !== ino || size < known.readBytes || JSON_FILE.test(path))) this.#drop(path);
    const file = this.#files.get(path);
    if (file === undefined) this.#files.set(path, { path, readBytes: 0, size, modified: mtimeMs, inode: ino, problems: [] });
    else Object.assign(file, { size, modified: mtimeMs });
    this.#waiting.add(path);
  }

  #drop(path: string): void {
    this.#files.delete(path);
    this.#waiting.delete(path);
    this.#reader.forget(path);
  }

  #watchFor(path: string): void {
    if (this.#watchers.has(path)) return;
    const watcher = watch(path, { persistent: false }, () => {
      this.#settling ??= setTimeout(() => {
        this.#settling = undefined;
        this.#look();
      }, SETTLE_MS);
    });
    // Looking every now and then goes on without it.
    watcher.on('error', () => this.#watchers.get(path)?.close());
    this.#watchers.set(path, watcher);
  }

  #work(): void {
    if (this.#working) return;
    this.#working = true;
    setImmediate(() => void this.#step());
  }

  async #step(): Promise<void> {
    if (this.#stopped) return;
    const [path] = this.#waiting;
    const file = path === undefined ? undefined : this.#files.get(path);
    if (path !== undefined) {
      const done = file === undefined || (await this.#read(file));
      // It may have been taken away or written anew meanwhile.
      if (done && this.#files.get(path) === file) this.#waiting.delete(path);
    }
    if (this.#stopped) return;
    this.#working = false;
    const more = this.#waiting.size > 0;
    this.#say(more);
    if (more) this.#work();
  }

  /** One step. True: the file was read to its end. */
  async #read(file: KnownFile): Promise<boolean> {
    try {
      if (JSON_FILE.test(file.path)) await this.#readJson(file);
      else return await this.#readNative(file);
    } catch (error) {
      file.problems = [this.#problem(file.path, 'UNREADABLE', reasonOf(error))];
    }
    return true;
  }

  async #readNative(file: KnownFile): Promise<boolean> {
    const { path, readBytes: from } = file;
    const pieces: Piece[] = [];
    const problems: ReadProblem[] = from === 0 ? [] : file.problems.filter(({ code }) => code !== 'TRUNCATED');
    const damaged = ({ code, reason, offset }: TraceFormatError): void =>
      void problems.push(this.#problem(path, code, `${reason}; this record is left out`, offset));
    let done = true;
    try {
      const scan = scanSegments(
        path,
        from,
        (segment, place) => {
          file.readBytes = place.offset + place.length;
          pieces.push(pieceOf(decodeSegment(segment), file.readBytes - segment.length, segment.length));
          if (file.readBytes - from > STEP_BYTES) throw new StepDone();
        },
        damaged,
      );
      file.readBytes = scan.readBytes;
      const { problem } = scan;
      if (problem?.code === 'NOT_A_TRACE_FILE' && !path.endsWith('.cft')) {
        // The user named it, and it may be JSON.
        await this.#readJson(file);
        return true;
      }
      if (problem !== undefined) {
        const lost = scan.fileBytes - scan.readBytes;
        const rest =
          problem.code === 'NOT_A_TRACE_FILE'
            ? 'it does not begin with CFT1'
            : `what stands before is shown, ${lost} bytes from there on are not`;
        problems.push(this.#problem(path, problem.code, `${problem.reason}; ${rest}`, problem.offset));
      }
    } catch (error) {
      if (!(error instanceof StepDone)) throw error;
      done = false;
    }
    file.problems = problems;
    await this.#hand('native', pieces, file);
    return done;
  }

  async #readJson(file: KnownFile): Promise<void> {
    const { size } = file;
    const { traces, problems } = readJsonTraces(file.path, size);
    file.readBytes = size;
    file.problems = problems.map(({ code, message, offset }) => this.#problem(file.path, code, message, offset));
    for (const wanted of ['captureflow', 'otlp', 'json'] as const) {
      const pieces = traces
        .filter(({ source }) => source === wanted)
        .map(
          ({ trace, source }): Piece => ({
            traceId: trace.traceId,
            rootId: trace.root.spanId,
            part: 0,
            offset: 0,
            length: size,
            listed: listedOf(trace, source),
          }),
        );
      await this.#hand(wanted, pieces, file);
    }
  }

  async #hand(source: TraceSource, pieces: readonly Piece[], file: KnownFile): Promise<void> {
    const all = pieces.reduce((sum, { listed }) => sum + (listed?.text.length ?? 0), 0);
    const most = all > LARGE_UNITS * pieces.length ? HANDED_UNITS : Number.POSITIVE_INFINITY;
    for (let from = 0; from < pieces.length; ) {
      let to = from;
      for (let units = 0; to < pieces.length && units < most; to++) units += pieces[to]?.listed?.text.length ?? 0;
      // One that was taken away while something else of it was stored must not come back.
      if (this.#files.get(file.path) !== file) return;
      await this.#reader.add({ arrival: { source, pieces: pieces.slice(from, to), rejected: 0, message: '' }, body: file.path });
      from = to;
    }
  }

  #say(reading: boolean): void {
    const problems = [...this.#missing, ...[...this.#files.values()].flatMap((file) => file.problems)];
    this.#reader.say({ files: this.#files.size, reading, problems });
  }

  #problem(path: string, code: ReadProblem['code'], message: string, offset?: number): ReadProblem {
    const file = relative(this.#cwd, path) || basename(path);
    return { file: file.startsWith('..') ? path : file, code, message, ...(offset === undefined ? {} : { offset }) };
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or folder (yet)';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read by this user';
  return message;
}
