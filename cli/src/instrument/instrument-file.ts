/**
 * One file of code: read, instrumented, written beside its map. The new map leads to what the old one led to (the TypeScript source),
 * stands where the old one stood (in the code or in a file beside it), and there is none where there was none.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { CaptureFlowError, type Instrumenter } from '@captureflow/esbuild-plugin';
import { copyFile } from './copy-file.ts';
import type { ListedFile } from './list-files.ts';
import { type RawSourceMap, relateSources, resolveSources } from './map-sources.ts';
import type { FileReport } from './report.ts';
import { findMapComment, type FoundMap, readMap, toDataUrl, withMapUrl } from './source-map-comment.ts';

export interface Context {
  readonly instrumenter: Instrumenter;
  /** Maps written so far: an old one must not be copied over them. */
  readonly maps: Set<string>;
  readonly sourceMap: boolean;
  readonly cwd: string;
}

/** Throws what is wrong for every file, for example RUNTIME_MISSING. */
export function instrumentFile(file: ListedFile, context: Context): FileReport {
  const input = relative(context.cwd, file.input);
  const report = { input, output: relative(context.cwd, file.output), instrumented: 0, skipped: [], warnings: [] };
  try {
    const code = readFileSync(file.input, 'utf8');
    const warnings: string[] = [];
    const found = findMap(code, file.input, (problem) => warnings.push(`${input}: ${problem}, so stack traces lead to this file only`));
    const result = context.instrumenter.instrument(code, file.input, { sourceMap: found?.map });
    if (result.syntaxError !== undefined) {
      const { message, line, column } = result.syntaxError;
      return { ...report, status: 'failed', error: `${input}:${line}:${column} ${message}` };
    }
    if (result.code !== undefined) writeWithMap(file, result.code, result.map, found, context);
    else if (file.output !== file.input && found !== undefined) writeWithMap(file, code, found.map, found, context);
    else if (file.output !== file.input) copyFile(file);
    const { functions, skipped, skippedFunctions } = result.plan;
    return {
      ...report,
      status: result.code === undefined ? 'unchanged' : 'instrumented',
      ...(skipped === undefined ? {} : { reason: skipped }),
      instrumented: functions.length,
      skipped: skippedFunctions,
      warnings,
    };
  } catch (error) {
    return { ...report, status: 'failed', error: describeFailure(error, input) };
  }
}

function findMap(code: string, file: string, warn: (problem: string) => void): FoundMap | undefined {
  const comment = findMapComment(code);
  if (comment === undefined) return undefined;
  try {
    const found = readMap(comment, file);
    return { ...found, map: resolveSources(found.map, dirname(found.file ?? file)) };
  } catch (error) {
    warn((error as Error).message);
    return undefined;
  }
}

/** `map`: of `code`; its sources may be named by absolute paths. */
function writeWithMap(file: ListedFile, code: string, map: object | undefined, found: FoundMap | undefined, context: Context): void {
  if (map === undefined || (found === undefined && !context.sourceMap)) return writeCode(file, code);
  const folder = dirname(file.output);
  const related = relateSources(JSON.parse(JSON.stringify(map)) as RawSourceMap, folder);
  const written = JSON.stringify({ ...related, file: basename(file.output) });
  if (found !== undefined && found.file === undefined) return writeCode(file, withMapUrl(code, toDataUrl(written)));
  const mapFile = `${file.output}.map`;
  writeCode(file, withMapUrl(code, encodeURIComponent(basename(mapFile))));
  writeFileSync(mapFile, written);
  context.maps.add(mapFile);
}

/** With the input's permissions: a command stays one. */
function writeCode(file: ListedFile, code: string): void {
  mkdirSync(dirname(file.output), { recursive: true });
  writeFileSync(file.output, code, { mode: statSync(file.input).mode });
}

/** Throws what is not this file's own trouble. */
function describeFailure(error: unknown, input: string): string {
  if (error instanceof CaptureFlowError && error.code === 'PLAN_DESYNC') return error.message.replace('[captureflow] ', '');
  if (error instanceof Error && 'syscall' in error) return `${input}: ${error.message}`;
  throw error;
}
