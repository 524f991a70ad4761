/** Where a wrapper was made, so that its spans have a place in the source. Read once for each wrapper, never at a call. */
import { builtin } from './builtin.ts';

export interface CallSite {
  /** Relative to the working directory, posix; '' when unknown. */
  readonly module: string;
  readonly line: number;
  readonly column: number;
}

const UNKNOWN: CallSite = { module: '', line: 1, column: 1 };

/** Decorator helpers of compilers and of the engine stand between the decorated class and us. */
const HELPER = /^(__\w+|_applyDecs\w*|applyDecs\w*|DecorateProperty)$/;

/** The first frame above `callee` that is no decorator helper. Never throws; runs no `Error.prepareStackTrace` of the program. */
export function callSite(callee: object): CallSite {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = (_error, frames) => frames;
    Error.stackTraceLimit = 8;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, callee as (...args: never[]) => unknown);
    const frame = holder.stack?.find((candidate) => candidate.getFileName() !== null && !HELPER.test(candidate.getFunctionName() ?? ''));
    if (frame === undefined) return UNKNOWN;
    return { module: moduleName(frame.getFileName() ?? ''), line: frame.getLineNumber() ?? 1, column: frame.getColumnNumber() ?? 1 };
  } catch {
    // Engines without call sites, and a frozen Error.
    return UNKNOWN;
  } finally {
    restore(prepareStackTrace, stackTraceLimit);
  }
}

function restore(prepare: typeof Error.prepareStackTrace, limit: number): void {
  try {
    if (prepare === undefined) delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
    else Error.prepareStackTrace = prepare;
    Error.stackTraceLimit = limit;
  } catch {
    // A frozen Error was not changed either.
  }
}

function moduleName(file: string): string {
  const path = builtin('node:path');
  const local = file.startsWith('file:') ? (builtin('node:url')?.fileURLToPath(file) ?? file) : file;
  if (path === undefined || !path.isAbsolute(local)) return local;
  return path.relative(process.cwd(), local).split(path.sep).join('/');
}
