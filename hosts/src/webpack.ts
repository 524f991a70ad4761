/**
 * A loader for webpack 5, Rspack 2 and Turbopack. Takes JSON options only and uses no more of the loader's context than thread-loader
 * and Turbopack give. TypeScript stays TypeScript: the loader that removes types comes after it.
 */
import type { IncomingMap, Options } from '@captureflow/esbuild-plugin';
import { cachedInstrumenter } from './cached-instrumenter.ts';

export type { Options } from '@captureflow/esbuild-plugin';

/** The part of a loader's context that is used. */
export interface LoaderContext {
  readonly resourcePath: string;
  readonly rootContext?: string | undefined;
  readonly sourceMap?: boolean | undefined;
  getOptions(): Options;
  callback(error: Error | null, code?: string, map?: object, meta?: unknown): void;
}

/**
 * @example
 * ```js
 * module: { rules: [{ test: /\.[cm]?[jt]sx?$/, exclude: /node_modules/, enforce: 'pre', loader: '@captureflow/hosts/webpack' }] }
 * ```
 */
export default function captureflowLoader(this: LoaderContext, code: string, inputSourceMap?: IncomingMap, meta?: unknown): void {
  const instrumenter = cachedInstrumenter(this.getOptions(), this.rootContext ?? process.cwd());
  if (!instrumenter.includes(this.resourcePath)) return this.callback(null, code, inputSourceMap as object | undefined, meta);
  const result = instrumenter.instrument(code, this.resourcePath, { sourceMap: inputSourceMap ?? undefined });
  if (result.code === undefined) return this.callback(null, code, inputSourceMap as object | undefined, meta);
  // Asked for only where the bundler makes maps: it costs more than all else.
  this.callback(null, result.code, this.sourceMap === false ? undefined : result.map, meta);
}
