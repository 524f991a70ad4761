/**
 * Rollup 4 and Rolldown 1. Wiring only.
 */
import type { Options } from '@captureflow/esbuild-plugin';
import { createTextPlugin, type TextPlugin } from './create-text-plugin.ts';
import { createModuleInstrumenter } from './module-instrumenter.ts';

export type { Options } from '@captureflow/esbuild-plugin';
export type { TextPlugin } from './create-text-plugin.ts';

/**
 * A plugin that instruments the project's scripts before other plugins see them; TypeScript stays TypeScript.
 * The project root is the working directory, unless option `root` says otherwise. Throws OPTION_UNKNOWN or OPTION_INVALID.
 *
 * @example
 * ```js
 * export default { input: 'src/main.js', plugins: [captureflow({ level: 'values' })] };
 * ```
 */
export default function captureflow(options: Options = {}): TextPlugin {
  return createTextPlugin(createModuleInstrumenter(options, () => process.cwd()));
}
