/**
 * The React Compiler leaves functions alone that hold a `try … finally` or code of ours, so it has to compile them before we
 * instrument what it made (H128). Says which of both comes first.
 */
import type { BabelFile } from './babel.ts';

export const PLUGIN_NAME = '@captureflow/babel-plugin';
/** The name that the compiler gives itself. */
const COMPILER_NAME = 'react-forget';

export type CompilerOrder = 'none' | 'before' | 'after';

/** Where the React Compiler runs, seen from us. */
export function readCompilerOrder(file: BabelFile): CompilerOrder {
  // Presets that Babel runs as passes of their own come later, each with its plugins.
  const { plugins, presets } = file.opts as unknown as { plugins?: readonly Keyed[]; presets?: readonly { plugins?: readonly Keyed[] }[] };
  const keys = [...(plugins ?? []), ...(presets ?? []).flatMap((preset) => preset.plugins ?? [])].map((plugin) => plugin.key);
  const compiler = keys.indexOf(COMPILER_NAME);
  if (compiler < 0) return 'none';
  return compiler < keys.indexOf(PLUGIN_NAME) ? 'before' : 'after';
}

interface Keyed {
  readonly key?: string;
}
