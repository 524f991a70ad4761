/** What a format for other tools is. Types only. */
import type { Trace } from '../model.ts';

export interface ExportOptions {
  /** Bytes of UTF-8 that arguments, result or locals of one span may take; default 4,000. What is left out shows as `…`. */
  readonly maxValueBytes?: number;
  /** Functions that a drawn call graph may show; the rest is summed up. Default: 60. */
  readonly maxFunctions?: number;
  /** The text of a module, for formats that show source. Default: none. */
  sourceText?(module: string): string | undefined;
}

export interface ExportFormat {
  /** As in `captureflow export --to NAME`. */
  readonly name: string;
  readonly title: string;
  /** With the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** False: a file holds one trace. */
  readonly many: boolean;
  /** The file in pieces, none of them long: a million spans do not fit into one string. `traces` in the order of their start. */
  write(traces: Iterable<Trace>, options?: ExportOptions): Iterable<string>;
}

export const DEFAULT_VALUE_BYTES = 4000;
