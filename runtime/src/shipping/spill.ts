/**
 * What could not be sent, as trace files in a folder, until a receiver takes it: written synchronously, so that it works while the process ends,
 * readable by `captureflow view`. Bounded by bytes. Must not throw.
 */
import { decodeHeader, fileHeader, frameSegment, readFrames } from '@captureflow/trace';
import { builtin } from '../builtin.ts';
import type { EncodedSegment } from '../exporter.ts';
import { performanceNow } from '../primordials.ts';
import { makeTraceFolder } from '../trace-folder.ts';
import { randomHex } from '../trace-ids.ts';
import { warnOnce } from '../warn.ts';

export interface SpillOptions {
  /** Created when it is needed. */
  readonly dir: string;
  /** Of the exporter: only its own files are sent again. */
  readonly name: string;
  /** Bytes that the folder's files may take together. */
  readonly maxBytes: number;
}

/** Segments come back a file at a time. */
const FILE_BYTES = 1024 * 1024;
/** ms after which an empty folder is looked at again: other processes may have left something. */
const LOOK_AGAIN_MS = 10_000;

/** Behind the name of a file that somebody took, and after how long nobody has it any more. */
const CLAIMED = '.taken-';
const CLAIM = /\.taken-[0-9a-f]+$/;
const CLAIM_LASTS_MS = 600_000;

// Kept from load time: fake timers replace the globals (H97).
const { now: unixNow } = Date;

export class Spill {
  readonly #options: SpillOptions;
  /** Threads of a process, and containers that share a folder, have the same process id. */
  readonly #mark: string = randomHex(4);
  #files: number = 0;
  #claimed: string | undefined;
  /** When nothing was found last, in ms. */
  #lookedInVain: number = Number.NEGATIVE_INFINITY;

  constructor(options: SpillOptions) {
    this.#options = options;
  }

  /** Writes `segments` into files of their own. Returns how many were written: the first that fit. */
  add(segments: readonly EncodedSegment[]): number {
    let room = this.#options.maxBytes - this.#size();
    let count = 0;
    let bytes = 0;
    let parts: Uint8Array[] = [fileHeader()];
    const close = (): boolean => {
      if (parts.length === 1) return true;
      if (this.#write('.cft', concat(parts)) === undefined) return false;
      count += parts.length - 1;
      parts = [fileHeader()];
      bytes = 0;
      return true;
    };
    for (const segment of segments) {
      const frame = frameSegment(segment.bytes);
      if (frame.length > room) break;
      if (bytes + frame.length > FILE_BYTES && !close()) return count;
      room -= frame.length;
      bytes += frame.length;
      parts.push(frame);
    }
    close();
    this.#lookedInVain = Number.NEGATIVE_INFINITY;
    return count;
  }

  /** Keeps what a receiver refused, and its answer beside it. Returns the path, undefined when it could not be written. */
  reject(body: Uint8Array, answer: string): string | undefined {
    return this.#reject('.refused.json', body, answer);
  }

  /** Keeps segments that cannot be sent, and why beside them. Returns the path, undefined when they could not be written. */
  keep(segments: readonly EncodedSegment[], why: string): string | undefined {
    const bytes = concat([fileHeader(), ...segments.map((segment) => frameSegment(segment.bytes))]);
    return this.#reject('.refused.cft', bytes, why);
  }

  /**
   * The segments of the oldest file that waits; nothing: none waits. The file stays, under a name that nobody else takes, until `release`: a process that is
   * killed meanwhile loses nothing.
   */
  takeOldest(): EncodedSegment[] {
    const fs = builtin('node:fs');
    const path = builtin('node:path');
    if (fs === undefined || path === undefined) return [];
    const { dir } = this.#options;
    const now = performanceNow();
    if (now - this.#lookedInVain < LOOK_AGAIN_MS) return [];
    this.#lookedInVain = now;
    try {
      const oldest = fs
        .readdirSync(dir)
        .sort()
        .find((file) => this.#isFree(file));
      if (oldest === undefined) return [];
      // Other processes share the folder: who can rename it has it.
      const claimed = path.join(dir, `${oldest.replace(CLAIM, '')}${CLAIMED}${this.#mark}`);
      fs.renameSync(path.join(dir, oldest), claimed);
      this.#claimed = claimed;
      const seconds = unixNow() / 1000;
      fs.utimesSync(claimed, seconds, seconds);
      this.#lookedInVain = Number.NEGATIVE_INFINITY;
      return readFrames(fs.readFileSync(claimed)).map(asEncoded);
    } catch {
      return [];
    }
  }

  /** What `takeOldest` gave is settled. */
  release(): void {
    const claimed = this.#claimed;
    this.#claimed = undefined;
    try {
      if (claimed !== undefined) builtin('node:fs')?.rmSync(claimed, { force: true });
    } catch {
      // It is sent again, later.
    }
  }

  /** A file of this exporter that waits, or that a process took so long ago that it cannot be alive. */
  #isFree(file: string): boolean {
    if (!file.startsWith(`${this.#options.name}-`)) return false;
    if (file.endsWith('.cft')) return !file.endsWith('.refused.cft');
    if (!CLAIM.test(file)) return false;
    const status = builtin('node:fs')?.statSync(builtin('node:path')?.join(this.#options.dir, file) ?? file);
    return status !== undefined && Math.abs(unixNow() - status.mtimeMs) > CLAIM_LASTS_MS;
  }

  #reject(ending: string, body: Uint8Array, answer: string): string | undefined {
    if (body.length + answer.length > this.#options.maxBytes - this.#size()) return undefined;
    const path = this.#write(ending, body);
    if (path !== undefined) this.#write('.txt', new TextEncoder().encode(answer), `${path}.answer`);
    return path;
  }

  #write(ending: string, bytes: Uint8Array, base?: string): string | undefined {
    const fs = builtin('node:fs');
    const path = builtin('node:path');
    const { dir, name } = this.#options;
    let part: string | undefined;
    try {
      if (fs === undefined || path === undefined) return undefined;
      makeTraceFolder(fs, path, dir);
      const time = new Date(unixNow()).toISOString().replace(/[-:]/g, '');
      const file = `${base ?? path.join(dir, `${name}-${time}-${process.pid}-${this.#mark}-${this.#files++}`)}${ending}`;
      // In two steps, so that nobody reads half a file.
      part = `${file}.part`;
      fs.writeFileSync(part, bytes, { mode: 0o600 });
      fs.renameSync(part, file);
      return file;
    } catch (error) {
      if (part !== undefined) fs?.rmSync(part, { force: true });
      warnOnce(
        `spill:${dir}`,
        `cannot write unsent traces to ${dir} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
      );
      return undefined;
    }
  }

  #size(): number {
    const fs = builtin('node:fs');
    const path = builtin('node:path');
    let size = 0;
    try {
      for (const file of fs?.readdirSync(this.#options.dir) ?? []) {
        const full = path?.join(this.#options.dir, file) ?? file;
        // What is settled by being written again does not stand in its own way.
        if (full !== this.#claimed) size += fs?.statSync(full).size ?? 0;
      }
    } catch {
      // No folder yet, or a file that went away meanwhile.
    }
    return size;
  }
}

function asEncoded(bytes: Uint8Array): EncodedSegment {
  const { traceId, part, root, end } = decodeHeader(bytes);
  return { traceId, part, kind: root.kind, name: root.name, ended: end !== null, bytes };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
