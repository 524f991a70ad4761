/**
 * What could not be sent, as trace files in a folder, until a receiver takes it: written synchronously, so that it works while the process ends,
 * readable by `captureflow view`. Bounded by bytes. Must not throw.
 */
import { decodeSegment, encodeSegment, fileHeader, frameSegment, readSegments } from '@captureflow/trace';
import { builtin } from '../builtin.ts';
import type { EncodedSegment } from '../exporter.ts';
import { warnOnce } from '../warn.ts';

export interface SpillOptions {
  /** Created when it is needed. */
  readonly dir: string;
  /** Of the exporter: only its own files are sent again. */
  readonly name: string;
  /** Bytes that the folder's files may take together. */
  readonly maxBytes: number;
}

export class Spill {
  readonly #options: SpillOptions;
  #files: number = 0;

  constructor(options: SpillOptions) {
    this.#options = options;
  }

  /** Writes `segments` into a file of their own. Returns how many were written: those that fit, or none. */
  add(segments: readonly EncodedSegment[]): number {
    let room = this.#options.maxBytes - this.#size();
    const parts: Uint8Array[] = [fileHeader()];
    for (const { bytes } of segments) {
      const frame = frameSegment(bytes);
      if (frame.length > room) break;
      room -= frame.length;
      parts.push(frame);
    }
    const count = parts.length - 1;
    return count > 0 && this.#write('.cft', concat(parts)) !== undefined ? count : 0;
  }

  /** Keeps what a receiver refused, and its answer beside it. Returns the path, undefined when it could not be written. */
  reject(body: Uint8Array, answer: string): string | undefined {
    if (body.length + answer.length > this.#options.maxBytes - this.#size()) return undefined;
    const path = this.#write('.refused.json', body);
    if (path !== undefined) this.#write('.txt', new TextEncoder().encode(answer), `${path}.answer`);
    return path;
  }

  /** The segments of the oldest file that waits, which is then gone; nothing: none waits. */
  takeOldest(): EncodedSegment[] {
    const fs = builtin('node:fs');
    const path = builtin('node:path');
    if (fs === undefined || path === undefined) return [];
    const { dir, name } = this.#options;
    try {
      const oldest = fs
        .readdirSync(dir)
        .filter((file) => file.startsWith(`${name}-`) && file.endsWith('.cft'))
        .sort()[0];
      if (oldest === undefined) return [];
      // Other processes share the folder: who can rename it has it.
      const claimed = path.join(dir, `${oldest}.${process.pid}`);
      fs.renameSync(path.join(dir, oldest), claimed);
      const { segments } = readSegments(fs.readFileSync(claimed));
      fs.unlinkSync(claimed);
      return segments.map((segment) => asEncoded(encodeSegment(segment, { redact: false })));
    } catch {
      return [];
    }
  }

  #write(ending: string, bytes: Uint8Array, base?: string): string | undefined {
    const fs = builtin('node:fs');
    const path = builtin('node:path');
    const { dir, name } = this.#options;
    try {
      if (fs === undefined || path === undefined) return undefined;
      if (fs.mkdirSync(dir, { recursive: true }) !== undefined) fs.writeFileSync(path.join(dir, '.gitignore'), '*\n');
      const time = new Date().toISOString().replace(/[-:]/g, '');
      const file = `${base ?? path.join(dir, `${name}-${time}-${process.pid}-${this.#files++}`)}${ending}`;
      // In two steps, so that nobody reads half a file.
      fs.writeFileSync(`${file}.part`, bytes, { mode: 0o600 });
      fs.renameSync(`${file}.part`, file);
      return file;
    } catch (error) {
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
      for (const file of fs?.readdirSync(this.#options.dir) ?? [])
        size += fs?.statSync(path?.join(this.#options.dir, file) ?? file).size ?? 0;
    } catch {
      // No folder yet, or a file that went away meanwhile.
    }
    return size;
  }
}

function asEncoded(bytes: Uint8Array): EncodedSegment {
  const { traceId, part, root, end } = decodeSegment(bytes).header;
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
