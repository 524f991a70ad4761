/** One `trace_<invocation id>.json` for each trace, in the format of CaptureFlow's server, as the Python client's development mode writes them. */
import { toCaptureFlowJson } from '@captureflow/trace';
import { builtin } from '../builtin.ts';
import type { ExportBatch, Exporter } from '../exporter.ts';
import { warnOnce } from '../warn.ts';
import { sourceLines } from './source-lines.ts';
import { TraceAssembler } from './trace-assembler.ts';

export interface CaptureFlowJsonExporterOptions {
  /** Folder of the files, which must exist. Default: the working directory at the time of the call. */
  readonly dir?: string;
  /** Folder that module paths start from, to read source lines. Default: the working directory at the time of the call. */
  readonly root?: string;
}

/** A trace with late work is written again, whole, to the same file. */
export function captureFlowJsonExporter(options: CaptureFlowJsonExporterOptions = {}): Exporter {
  const fs = builtin('node:fs');
  const path = builtin('node:path');
  const dir = path?.resolve(options.dir ?? '.') ?? '.';
  const assembler = new TraceAssembler();
  const sourceLine = sourceLines(path?.resolve(options.root ?? '.') ?? '.');
  let written = 0;
  let dropped = 0;
  return {
    name: 'captureflow-json',
    export(batch: ExportBatch): void {
      for (const trace of assembler.add(batch.segments)) {
        const dump = toCaptureFlowJson(trace, { sourceLine });
        try {
          if (fs === undefined || path === undefined) throw new Error('there is no file system');
          fs.writeFileSync(path.join(dir, `trace_${dump.invocation_id}.json`), `${JSON.stringify(dump, undefined, 2)}\n`);
          written++;
        } catch (error) {
          dropped++;
          warnOnce(
            `json:${dir}`,
            `cannot write trace files to ${dir} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
          );
        }
      }
    },
    flush: () => {},
    shutdown: () => {},
    stats: () => ({ written, dropped }),
  };
}
