/**
 * `captureflow instrument` without its command line: every listed file is instrumented or copied. One broken file does not keep the
 * others from being done; what is wrong for all of them (paths, options, no runtime) does.
 */
import { relative } from 'node:path';
import { createInstrumenter, type Options } from '@captureflow/esbuild-plugin';
import { copyFile } from './copy-file.ts';
import { type Context, instrumentFile } from './instrument-file.ts';
import { listFiles } from './list-files.ts';
import { type RunReport, summarise } from './report.ts';

export interface InstrumentRequest {
  readonly paths: readonly string[];
  /** Undefined: in place. */
  readonly out: string | undefined;
  readonly options: Options;
  /** Write maps also for files that have none. */
  readonly sourceMap: boolean;
  readonly cwd: string;
}

const NODE_MODULES = '**/node_modules/**';

/** Throws InputError for paths, CaptureFlowError for options and a missing runtime. */
export function instrumentFiles(request: InstrumentRequest): RunReport {
  const { cwd, options, paths } = request;
  const listed = listFiles(request);
  // Whoever names a path inside node_modules means it; elsewhere the listing leaves the folder out already.
  const exclude = [...(options.exclude ?? []), ...(paths.some((path) => path.includes('node_modules')) ? [] : [NODE_MODULES])];
  const context: Context = {
    instrumenter: createInstrumenter({ ...options, exclude }, cwd),
    maps: new Set(),
    sourceMap: request.sourceMap,
    cwd,
  };
  const code = listed.filter((file) => file.isCode).map((file) => instrumentFile(file, context));
  const others = listed.filter((file) => !file.isCode && file.output !== file.input && !context.maps.has(file.output));
  for (const file of others) copyFile(file);
  const names = others.map((file) => ({ input: relative(cwd, file.input), output: relative(cwd, file.output) }));
  return summarise([...code, ...names.map((name) => ({ ...name, status: 'copied' as const, instrumented: 0, skipped: [], warnings: [] }))]);
}
