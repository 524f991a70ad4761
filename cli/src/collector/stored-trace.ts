/** From stored bytes back to a trace. Decoding only: neither the database nor the network is known here, so that it may run in any thread. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { buildTrace, decodeSegment, fromCaptureFlowJson, fromOtlpJson, readLater, TraceFormatError } from '@captureflow/trace';
import type { Segment, Trace, TraceSource } from '@captureflow/trace';
import { readJsonTraces } from '../traces/read-json-traces.ts';

/** One part of a trace, as it lies in the store. Can be cloned. */
export interface StoredPart {
  readonly part: number;
  readonly offset: number;
  readonly length: number;
  /** Index into `bodies`. */
  readonly body: number;
}

/** Everything that is stored of one trace. Can be cloned. */
export interface StoredTrace {
  readonly source: TraceSource;
  readonly traceId: string;
  readonly rootId: string;
  readonly parts: readonly StoredPart[];
  /** Compressed bytes, or the path of the file that holds them. */
  readonly bodies: readonly (Uint8Array | string)[];
}

/** Undefined: nothing of it can be read any more (its file is gone or was written anew). */
export function readStoredTrace(stored: StoredTrace): Trace | undefined {
  const { source, traceId, rootId } = stored;
  const file = stored.bodies.find((body) => typeof body === 'string');
  if (source !== 'native' && file !== undefined)
    return (existsSync(file) ? readJsonTraces(file, statSync(file).size).traces : [])
      .map(({ trace }) => trace)
      .find((trace) => trace.traceId === traceId && (rootId === '' || trace.root.spanId === rootId));
  const bytes = readParts(stored);
  if (bytes.length === 0) return undefined;
  if (source === 'native') {
    const segments = bytes.flatMap((part) => decodeOrNothing(part));
    return segments.length === 0 ? undefined : buildTrace(segments, undefined, readLater);
  }
  const jsons = bytes.flatMap((part) => parseOrNothing(part));
  if (source === 'captureflow') return jsons.length === 0 ? undefined : fromCaptureFlowJson(jsons.at(-1));
  return fromOtlpJson(...jsons).find((trace) => trace.traceId === traceId && trace.root.spanId === rootId);
}

/** Bytes of each part, in order of the parts; what cannot be read is left out. */
export function readParts({ parts, bodies }: StoredTrace): Uint8Array[] {
  const unpacked = bodies.map((body) => (typeof body === 'string' ? body : gunzipSync(body)));
  return [...parts]
    .sort((a, b) => a.part - b.part)
    .flatMap(({ body, offset, length }) => {
      const from = unpacked[body];
      if (from === undefined) return [];
      const bytes = typeof from === 'string' ? readRange(from, offset, length) : from.subarray(offset, offset + length);
      return bytes?.length === length ? [bytes] : [];
    });
}

function readRange(path: string, offset: number, length: number): Uint8Array | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = new Uint8Array(length);
    let read = 0;
    while (read < length) {
      const more = readSync(file, bytes, read, length - read, offset + read);
      if (more === 0) return undefined;
      read += more;
    }
    return bytes;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function decodeOrNothing(bytes: Uint8Array): Segment[] {
  try {
    return [decodeSegment(bytes)];
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return [];
  }
}

function parseOrNothing(bytes: Uint8Array): unknown[] {
  try {
    return [JSON.parse(new TextDecoder().decode(bytes)) as unknown];
  } catch {
    return [];
  }
}
