/** What of a build is instrumented, and why the rest is not: as the instrumenter sees it, with the project's own options. Writes nothing. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { CaptureFlowError, createInstrumenter, type Options, type SkipReason } from '@captureflow/esbuild-plugin';
import { listFiles } from '../instrument/list-files.ts';
import type { RuntimeUser } from './check-runtimes.ts';
import type { Finding } from './finding.ts';

const CONFIG_FILE = 'captureflow.config.json';
/** In a bundle the runtime has no import left; the key by which its copies find each other stays. */
const BUNDLED_RUNTIME = /captureflow\.probe-\d/;
/** What instrumented code tells the runtime of its functions; minifiers leave it as it is. */
const RECORD = /\bv:\s*1,\s*id:\s*["'`][^"'`\n]*["'`],\s*(?:c|hash):/;
/** What instrumented code imports. */
const IMPORTED_RUNTIME = /["']([^"'\n]+)\/probe-\d["']/;
/** Where compilers put what they emit, and where sources lie. */
const USUAL_FOLDERS = ['dist', 'build', 'out', 'lib', 'src'];

export interface CheckedFile {
  readonly file: string;
  /** Of the paths that were looked at, the one that it came with. */
  readonly within: string;
  readonly status: 'instrumented' | 'not instrumented' | 'left out' | 'broken';
  /** Functions that are not instrumented and could be. */
  readonly functions: number;
  readonly reason?: SkipReason;
  /** Of one that is not instrumented in a build that is: `older`: written before all that is. */
  readonly age?: 'older' | 'as new';
  /** Of an instrumented one: the package that it imports probes from; undefined: a bundler has put the runtime into this file (`bundled`) or another. */
  readonly runtime?: string;
  readonly bundled?: true;
  readonly error?: string;
  readonly skipped: readonly { readonly name: string; readonly line: number; readonly column: number; readonly reason: SkipReason }[];
}

const INSTRUMENTED = { status: 'instrumented', functions: 0, skipped: [] } as const;

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
  // These two have the instrumenter write files.
  const instrumenter = createInstrumenter({ ...options, metadata: 'inline', privacyManifest: undefined }, cwd);
  const seen = new Set<string>();
  return chosen.flatMap((within) => {
    const inputs = listFiles({ paths: [within], out: undefined, cwd }).flatMap(({ isCode, input }) =>
      isCode && !seen.has(input) ? [input] : [],
    );
    for (const input of inputs) seen.add(input);
    return withAges(
      inputs.map((input) => ({ file: relative(cwd, input), within, ...checkFile(input, instrumenter) })),
      cwd,
    );
  });
}

/** Instrumented files as those who look for a runtime, each folder once. */
export function runtimeUsers(files: readonly CheckedFile[], cwd: string): RuntimeUser[] {
  const users = new Map<string, RuntimeUser>();
  for (const { file, runtime } of files) {
    const folder = dirname(resolve(cwd, file));
    if (runtime !== undefined) users.set(`${folder}\n${runtime}`, { name: file, folder, runtime });
  }
  return [...users.values()];
}

function checkFile(input: string, instrumenter: ReturnType<typeof createInstrumenter>): Omit<CheckedFile, 'file' | 'within'> {
  const code = readFileSync(input, 'utf8');
  if (BUNDLED_RUNTIME.test(code)) return { ...INSTRUMENTED, bundled: true };
  if (RECORD.test(code)) {
    const runtime = IMPORTED_RUNTIME.exec(code)?.[1];
    return runtime === undefined ? INSTRUMENTED : { ...INSTRUMENTED, runtime };
  }
  try {
    const { plan, syntaxError } = instrumenter.instrument(code, input);
    if (syntaxError !== undefined) {
      const { line, column, message } = syntaxError;
      return { status: 'broken', functions: 0, skipped: [], error: `${line}:${column} ${message}` };
    }
    if (plan.skipped === 'ALREADY_INSTRUMENTED') return INSTRUMENTED;
    const skipped = plan.skippedFunctions;
    if (plan.skipped !== undefined) return { status: 'left out', functions: 0, reason: plan.skipped, skipped };
    return { status: plan.functions.length === 0 ? 'left out' : 'not instrumented', functions: plan.functions.length, skipped };
  } catch (error) {
    if (!(error instanceof CaptureFlowError)) throw error;
    return { status: 'broken', functions: 0, skipped: [], error: error.message };
  }
}

/** In a build of which a part is instrumented, the age of the rest tells whether a build without the plugin left it there. */
function withAges(files: readonly CheckedFile[], cwd: string): readonly CheckedFile[] {
  const writtenAt = ({ file }: CheckedFile): number => statSync(resolve(cwd, file)).mtimeMs;
  const oldest = Math.min(...files.filter(({ status }) => status === 'instrumented').map(writtenAt));
  if (oldest === Number.POSITIVE_INFINITY) return files;
  return files.map((file) =>
    file.status === 'not instrumented' ? { ...file, age: writtenAt(file) < oldest ? ('older' as const) : ('as new' as const) } : file,
  );
}

function readOptions(cwd: string): Options | undefined {
  try {
    return JSON.parse(readFileSync(join(cwd, CONFIG_FILE), 'utf8')) as Options;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
