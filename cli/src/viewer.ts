/**
 * Entry `captureflow/viewer`: a program that shows its own traces, without the command. The runtime is the program's own, found where it finds it.
 */
import { runWithViewer } from './collector/run-with-viewer.ts';

export interface ViewerOptions {
  /** The SQLite file that the traces go to; `captureflow serve --db FILE` shows them again later. Default: `.captureflow/collector.db`. */
  readonly db?: string;
  /** Name of the trace. Default: the function's. */
  readonly name?: string;
  /** Default 4319; the next port where it is taken, 0: any. */
  readonly port?: number;
  /** Opens the browser. Default: on a terminal. */
  readonly open?: boolean;
  /** Keeps the page open when the function has ended, until Ctrl-C. Default: on a terminal. */
  readonly stay?: boolean;
  /** Folder that module paths start from, for the source text in the page. Default: the working directory. */
  readonly root?: string;
  /** Gets lines for people. Default: they go to stderr. */
  readonly log?: (line: string) => void;
}

/**
 * Runs `fn` as a trace of its own, everything recorded into the SQLite file, with the page open on it meanwhile; answers with what `fn` returned and throws
 * what it threw. Takes the place of a recording that is under way, which is not taken up again.
 * @throws {StoreError} and errors of the network, before `fn` has run
 */
export function withViewer<T>(fn: () => T, options: ViewerOptions = {}): Promise<Awaited<T>> {
  return runWithViewer(fn, options);
}
