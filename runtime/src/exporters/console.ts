/** Prints each trace as a tree when it is handed over. Meant for eyes in development, not for machines. */
import { formatTree } from '@captureflow/trace';
import { builtin } from '../builtin.ts';
import type { ExportBatch, Exporter } from '../exporter.ts';
import { TraceAssembler } from './trace-assembler.ts';

export interface ConsoleExporterOptions {
  /** Takes each tree, which ends with a line feed. Default: writes it to stderr. */
  readonly write?: (text: string) => void;
  /** ANSI colours. Default: false. */
  readonly color?: boolean;
  /** Columns. Default: 120. */
  readonly width?: number;
  /** Spans shown of one trace. Default: 500. */
  readonly maxSpans?: number;
}

/** A trace with late work is printed again, whole. */
export function consoleExporter(options: ConsoleExporterOptions = {}): Exporter {
  const assembler = new TraceAssembler();
  const write = options.write ?? writeToStderr;
  const format = { color: options.color ?? false, width: options.width ?? 120, maxSpans: options.maxSpans ?? 500 };
  return {
    name: 'console',
    export(batch: ExportBatch): void {
      for (const trace of assembler.add(batch.segments)) {
        const tree = formatTree(trace, format);
        write(tree.endsWith('\n') ? tree : `${tree}\n`);
      }
    },
    flush: () => {},
    shutdown: () => {},
  };
}

/** To the stream, which is synchronous for files, terminals and (but on Windows) pipes; not through `console`, which programs patch. */
function writeToStderr(text: string): void {
  if (builtin('node:fs') === undefined) console.log(text);
  else process.stderr.write(text);
}
