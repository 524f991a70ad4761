/**
 * The text instrumenter without a file system: one text in, instrumented text out.
 */
import { createFilter, type Options, planFile, resolveOptions, type SkippedFunction, toModuleId } from '@captureflow/core';
import { emit } from './emit.ts';
import { type Format, type Language, parse } from './parse.ts';
import { read } from './read.ts';
import { createMap, type IncomingMap, type SourceMap } from './source-map.ts';

export interface InstrumentOptions extends Options {
  /** Path of the source. */
  readonly filename: string;
  /** How the text reaches the runtime. Default: told by syntax and file ending. */
  readonly format?: Format | undefined;
  /** Default: told by the file ending (`.ts`, `.tsx`, `.js`, `.jsx`, `.mjs`, `.cjs`, `.mts`, `.cts`). */
  readonly language?: Language | undefined;
  /** Map of `code` to what it was made from; the answer's map is chained to it. */
  readonly sourceMap?: IncomingMap | undefined;
}

export interface InstrumentResult {
  readonly code: string;
  /** Made when it is asked for. */
  readonly map: SourceMap;
  readonly functions: { readonly instrumented: number; readonly skipped: readonly SkippedFunction[] };
}

/**
 * Instruments `code`. The answer is undefined when nothing was instrumented: excluded, no functions, or syntax errors, which are
 * the host's to report. Throws OPTION_UNKNOWN, OPTION_INVALID or PLAN_DESYNC. Touches no file.
 *
 * @example
 * ```js
 * instrument('export const twice = (n) => n * 2;', { filename: 'src/twice.js', level: 'values' })?.code
 * ```
 */
export function instrument(code: string, input: InstrumentOptions): InstrumentResult | undefined {
  const { filename, format, language, sourceMap, ...raw } = input;
  const options = resolveOptions(raw, '');
  const filter = createFilter(options);
  const moduleId = toModuleId(options.root, filename);
  if (!filter.includes(moduleId)) return undefined;
  const file = parse(code, filename, format, language);
  if ('message' in file) return undefined;
  const facts = read(file, format);
  const plan = planFile({ source: code, facts, moduleId, options, filter, limits: { derivedInitialisersBreak: false } });
  if (plan.functions.length === 0) return undefined;
  const text = emit(file, facts, plan);
  let map: SourceMap | undefined;
  return {
    code: text.toString(),
    get map() {
      return (map ??= createMap(text, filename, sourceMap));
    },
    functions: { instrumented: plan.functions.length, skipped: plan.skippedFunctions },
  };
}
