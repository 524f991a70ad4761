/**
 * One instrumenter for each configuration of a process: loaders and transformers are called for every file with their options as JSON.
 */
import { createInstrumenter, type Instrumenter, type Options } from '@captureflow/esbuild-plugin';

const instrumenters = new Map<string, Instrumenter>();

/** `root`: the host's project root. Throws OPTION_UNKNOWN or OPTION_INVALID. */
export function cachedInstrumenter(options: Options, root: string): Instrumenter {
  const key = `${root}\n${JSON.stringify(options)}`;
  let instrumenter = instrumenters.get(key);
  if (instrumenter === undefined) {
    instrumenter = createInstrumenter(options, root);
    instrumenters.set(key, instrumenter);
  }
  return instrumenter;
}
