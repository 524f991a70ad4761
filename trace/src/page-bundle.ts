/**
 * The data inside an exported HTML page, before gzip and base64: u32 count, u32 0, then each whole view file behind its u32 length and
 * u32 0, filled up to a multiple of 8; at the end the u32 length and JSON of summaries and sources. Little-endian.
 */
import { TraceFormatError } from './trace-format-error.ts';
import type { TraceSummary } from './trace-summary.ts';
import { align } from './write-view-file.ts';

/** `id` of the script element that holds the data. */
export const PAGE_DATA_ID = 'captureflow-data';

/** One summary a file, in their order; `sources`: text by module. */
export interface PageExtras {
  readonly summaries: readonly TraceSummary[];
  readonly sources: Readonly<Record<string, string>>;
}

export interface PageBundle extends PageExtras {
  /** Whole view files (head and gzip blocks). */
  readonly files: readonly Uint8Array[];
}

export function writePageBundle({ files, summaries, sources }: PageBundle): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ summaries, sources }));
  const size = files.reduce((sum, file) => sum + 8 + align(file.length), 8 + 4 + json.length);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, files.length, true);
  let at = 8;
  for (const file of files) {
    view.setUint32(at, file.length, true);
    bytes.set(file, at + 8);
    at += 8 + align(file.length);
  }
  view.setUint32(at, json.length, true);
  bytes.set(json, at + 4);
  return bytes;
}

/** Throws `TraceFormatError`. */
export function readPageBundle(bytes: Uint8Array): PageBundle {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number): number => {
    if (at + 4 > bytes.length) throw new TraceFormatError('TRUNCATED', at, 'the data of the page ends inside a number');
    return view.getUint32(at, true);
  };
  const piece = (at: number, size: number): Uint8Array => {
    if (at + size > bytes.length) throw new TraceFormatError('TRUNCATED', at, `the data of the page ends before ${size} more bytes`);
    return bytes.subarray(at, at + size);
  };
  const files: Uint8Array[] = [];
  let at = 8;
  for (let left = word(0); left > 0; left--) {
    const size = word(at);
    files.push(piece(at + 8, size));
    at += 8 + align(size);
  }
  return { files, ...readExtras(piece(at + 4, word(at)), at + 4) };
}

function readExtras(bytes: Uint8Array, offset: number): PageExtras {
  try {
    const extras = JSON.parse(new TextDecoder().decode(bytes)) as Partial<PageExtras> | null;
    return { summaries: extras?.summaries ?? [], sources: extras?.sources ?? {} };
  } catch {
    throw new TraceFormatError('BAD_HEADER', offset, 'the summaries of the page are not JSON');
  }
}
