/** What of a build is instrumented, and why the rest is not: as the instrumenter sees it, with the project's own options. Writes nothing. */
import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CaptureFlowError, createInstrumenter, type Options, type SkipReason } from '@captureflow/esbuild-plugin';
import { listFiles } from '../instrument/list-files.ts';
import type { Finding } from './finding.ts';

const CONFIG_FILE = 'captureflow.config.json';
/** In a bundle the runtime has no import left; the key by which its copies find each other stays. */
const BUNDLED_RUNTIME = /captureflow\.probe-\d/;
/** Where compilers put what they emit, and where sources lie. */
const USUAL_FOLDERS = ['dist', 'build', 'out', 'lib', 'src'];

export interface CheckedFile {
  readonly file: string;
  readonly status: 'instrumented' | 'not instrumented' | 'left out' | 'broken';
  /** Functions that are not instrumented and could be. */
  readonly functions: number;
  readonly reason?: SkipReason;
  readonly error?: string;
  readonly skipped: readonly { readonly name: string; readonly line: number; readonly column: number; readonly reason: SkipReason }[];
}

export function checkConfig(cwd: string): { readonly finding: Finding; readonly options: Options } {
  try {
    const options = readOptions(cwd);
    createInstrumenter(options ?? {}, cwd);
    const detail = options === undefined ? 'not there: defaults, or the options of the build tool' : JSON.stringify(options);
    return { finding: { title: CONFIG_FILE, status: 'ok', detail }, options: options ?? {} };
  } catch (error) {
    if (!(error instanceof CaptureFlowError || error instanceof SyntaxError)) throw error;
    return { finding: { title: CONFIG_FILE, status: 'fail', detail: error.message, fix: 'correct the file' }, options: {} };
  }
}

/** Empty `paths`: the folders that are usual and there. */
export function checkCode(paths: readonly string[], options: Options, cwd: string): readonly CheckedFile[] {
  const chosen =
    paths.length > 0 ? paths : USUAL_FOLDERS.filter((name) => statSync(join(cwd, name), { throwIfNoEntry: false })?.isDirectory());
  if (chosen.length === 0) return [];
  const instrumenter = createInstrumenter(options, cwd);
  const files = listFiles({ paths: chosen, out: undefined, cwd }).filter(({ isCode }) => isCode);
  return files.map(({ input }): CheckedFile => {
    const file = relative(cwd, input);
    const code = readFileSync(input, 'utf8');
    if (BUNDLED_RUNTIME.test(code)) return { file, status: 'instrumented', functions: 0, skipped: [] };
    try {
      const { plan, syntaxError } = instrumenter.instrument(code, input);
      if (syntaxError !== undefined) {
        return {
          file,
          status: 'broken',
          functions: 0,
          skipped: [],
          error: `${syntaxError.line}:${syntaxError.column} ${syntaxError.message}`,
        };
      }
      if (plan.skipped === 'ALREADY_INSTRUMENTED') return { file, status: 'instrumented', functions: 0, skipped: [] };
      const skipped = plan.skippedFunctions;
      if (plan.skipped !== undefined) return { file, status: 'left out', functions: 0, reason: plan.skipped, skipped };
      return { file, status: plan.functions.length === 0 ? 'left out' : 'not instrumented', functions: plan.functions.length, skipped };
    } catch (error) {
      if (!(error instanceof CaptureFlowError)) throw error;
      return { file, status: 'broken', functions: 0, skipped: [], error: error.message };
    }
  });
}

function readOptions(cwd: string): Options | undefined {
  try {
    return JSON.parse(readFileSync(join(cwd, CONFIG_FILE), 'utf8')) as Options;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
