/**
 * Appends framed segments to one file of its own, synchronously: what was handed over is on disk when the process dies.
 * Must not create anything before the first segment.
 */
import { fileHeader, frameSegment, putRecord, recordSizeOf } from '@captureflow/trace';
import { builtin } from '../builtin.ts';
import type { ExportBatch, Exporter } from '../exporter.ts';
import { makeTraceFolder } from '../trace-folder.ts';
import { warnOnce } from '../warn.ts';
import { SegmentBacklog } from './segment-backlog.ts';

export interface FileExporterOptions {
  /** Folder, created when needed. Relative to the working directory at the time of the call. Default: `.captureflow`. */
  readonly dir?: string;
  /** Segments kept in memory while the folder cannot be written. Default: 1,000. */
  readonly maxBacklog?: number;
  /** Bytes of them. Default: 16 MiB. */
  readonly maxBacklogBytes?: number;
}

export interface FileExporter extends Exporter {
  /** Absolute path of the trace file; undefined while there is none. */
  readonly path: string | undefined;
}

/** Records are put together here, so that a delivery of many is one call to the system. A larger one is written from memory of its own. */
const TOGETHER = 262_144;

/**
 * Writes `<dir>/traces-<UTC time>-<pid>[-<thread>].cft`. A folder that cannot be written costs one warning; traces are
 * then kept in bounded memory, tried again at each flush, and counted when they have to be dropped.
 */
export function fileExporter(options: FileExporterOptions = {}): FileExporter {
  const fs = builtin('node:fs');
  const pathModule = builtin('node:path');
  const dir = attempt(() => pathModule?.resolve(options.dir ?? '.captureflow')) ?? options.dir ?? '.captureflow';
  const backlog = new SegmentBacklog(options.maxBacklog ?? 1000, options.maxBacklogBytes ?? 16 * 1024 * 1024);
  let descriptor: number | undefined;
  let path: string | undefined;
  let size = 0;
  let written = 0;
  let broken = false;
  let together: Uint8Array | undefined;

  const open = (): number => {
    if (descriptor !== undefined) return descriptor;
    if (fs === undefined || pathModule === undefined) throw new Error('there is no file system');
    makeTraceFolder(fs, pathModule, dir);
    const base = pathModule.join(dir, `traces-${fileTime()}-${processMark()}`);
    for (let attemptNumber = 0; ; attemptNumber++) {
      const candidate = attemptNumber === 0 ? `${base}.cft` : `${base}-${attemptNumber}.cft`;
      try {
        descriptor = fs.openSync(candidate, 'wx', 0o600);
        path = candidate;
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attemptNumber > 100) throw error;
      }
    }
    size = 0;
    append(descriptor, fileHeader());
    return descriptor;
  };

  /** Writes all of `bytes` or nothing: a half-written record would end what readers can read. */
  const append = (file: number, bytes: Uint8Array): void => {
    if (fs === undefined) return;
    try {
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(file, bytes, at, bytes.length - at, size + at);
    } catch (error) {
      attempt(() => fs.ftruncateSync(file, size));
      throw error;
    }
    size += bytes.length;
  };

  /** The oldest of what waits as records, as many as fit. */
  const take = (): { records: Uint8Array; count: number } => {
    together ??= new Uint8Array(TOGETHER);
    let end = 0;
    let count = 0;
    for (; count < backlog.count; count++) {
      const bytes = backlog.at(count);
      if (end + recordSizeOf(bytes) > TOGETHER) break;
      end = putRecord(together, end, bytes);
    }
    return count === 0 ? { records: frameSegment(backlog.at(0)), count: 1 } : { records: together.subarray(0, end), count };
  };

  const drain = (): void => {
    try {
      while (backlog.count > 0) {
        const { records, count } = take();
        append(open(), records);
        written += count;
        backlog.remove(count);
      }
      broken = false;
    } catch (error) {
      broken = true;
      backlog.trim();
      warnOnce(
        `file:${dir}`,
        `cannot write traces to ${dir} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); the latest are kept in memory`,
      );
    }
  };

  return {
    name: 'file',
    patient: true,
    get path() {
      return path;
    },
    export(batch: ExportBatch): void {
      for (const segment of batch.segments) backlog.add(segment.bytes);
      if (broken) backlog.trim();
      else drain();
    },
    flush(): void {
      drain();
    },
    shutdown(): void {
      drain();
      if (descriptor !== undefined && fs !== undefined) {
        const file = descriptor;
        descriptor = undefined;
        attempt(() => fs.closeSync(file));
      }
    },
    stats: () => ({ written, waiting: backlog.count, dropped: backlog.dropped }),
  };
}

/** `20261121T013729.123Z`: sorts by time and is a file name on every system. */
function fileTime(): string {
  return new Date().toISOString().replace(/[-:]/g, '');
}

function processMark(): string {
  const thread = builtin('node:worker_threads')?.threadId ?? 0;
  return thread === 0 ? `${process.pid}` : `${process.pid}-${thread}`;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
