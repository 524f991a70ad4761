/**
 * A loader for webpack 5, Rspack 2 and Turbopack. Takes JSON options only and uses no more of the loader's context than thread-loader
 * and Turbopack give. TypeScript stays TypeScript: the loader that removes types comes after it. With `enforce: 'post'` it takes what
 * that one made, where types are checked or a compiler must see a component as it was written.
 */
import { basename } from 'node:path';
import { CaptureFlowError } from '@captureflow/core';
import type { IncomingMap, Options } from '@captureflow/esbuild-plugin';
import { cachedInstrumenter } from './cached-instrumenter.ts';
import { checkVersion } from './check-version.ts';

export type { Options } from '@captureflow/esbuild-plugin';

/** The part of a loader's context that is used. */
export interface LoaderContext {
  readonly resourcePath: string;
  readonly rootContext?: string | undefined;
  readonly sourceMap?: boolean | undefined;
  /** Those after `loaderIndex` ran before this one. */
  readonly loaders?: readonly { readonly path?: string | undefined; readonly options?: unknown }[] | undefined;
  readonly loaderIndex?: number | undefined;
  readonly hot?: boolean | undefined;
  /** One build. Absent in thread-loader and Turbopack. */
  readonly _compilation?: object | undefined;
  /** Absent in thread-loader and Turbopack. */
  readonly _compiler?: { readonly webpack?: { readonly version?: string; readonly rspackVersion?: string } } | undefined;
  cacheable?(flag?: boolean): void;
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
  checkBundler(this);
  const { resourcePath } = this;
  const instrumenter = cachedInstrumenter(this.getOptions(), this.rootContext ?? process.cwd());
  if (!instrumenter.includes(resourcePath)) return this.callback(null, code, inputSourceMap as object | undefined, meta);
  const isCompiled = leadsTo(inputSourceMap, resourcePath);
  const result = unlessSaid(this, () =>
    instrumenter.instrument(code, resourcePath, {
      sourceMap: inputSourceMap ?? undefined,
      limits: { hooksAtTop: !isCompiled && isRefreshed(this) },
      ...(isCompiled ? { origin: inputSourceMap, language: 'jsx' as const } : {}),
    }),
  );
  if (result?.code === undefined) return this.callback(null, code, inputSourceMap as object | undefined, meta);
  if (!isCompiled) refuseTypeChecks(this);
  // Asked for only where the bundler makes maps: it costs more than all else.
  this.callback(null, result.code, this.sourceMap === false ? undefined : result.map, meta);
}

/** Builds that fail because the runtime is missing. */
const failed = new WeakSet<object>();

/** A missing runtime fails the build once; all other files would say the same. They are not kept for the build that comes after it. */
function unlessSaid<T>(context: LoaderContext, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const { _compilation: build } = context;
    // By its code: each package has errors of its own.
    if (build === undefined || (error as Partial<CaptureFlowError>).code !== 'RUNTIME_MISSING') throw error;
    if (!failed.has(build)) {
      failed.add(build);
      throw error;
    }
    context.cacheable?.(false);
    return undefined;
  }
}

function checkBundler({ _compiler, getOptions }: LoaderContext): void {
  const { version, rspackVersion } = _compiler?.webpack ?? {};
  if (rspackVersion === undefined)
    checkVersion('webpack', version ?? (getOptions === undefined ? '4' : undefined), { from: [5, 0], before: 6 });
  else checkVersion('Rspack', rspackVersion, { from: [2, 0], before: 3 });
}

/** Pages exchange components while they run. Turbopack does not say so. */
function isRefreshed({ hot, _compiler }: LoaderContext): boolean {
  return hot ?? (_compiler === undefined && process.env['NODE_ENV'] === 'development');
}

/** A loader before this one compiled the file: the map's only source is the file itself. */
function leadsTo(map: IncomingMap | undefined | null, file: string): boolean {
  if (map === undefined || map === null) return false;
  const { sources } = (typeof map === 'string' ? JSON.parse(map) : map) as { sources?: readonly (string | null)[] };
  return sources?.length === 1 && basename(sources[0] ?? '') === basename(file);
}

/** Throws HOST_CHECKS_TYPES. */
function refuseTypeChecks({ resourcePath, loaders = [], loaderIndex = loaders.length }: LoaderContext): void {
  if (!/\.[cm]?tsx?$/.test(resourcePath)) return;
  for (const { path, options } of loaders.slice(0, loaderIndex)) {
    if (!/[\\/]ts-loader[\\/]/.test(path ?? '')) continue;
    const { transpileOnly, happyPackMode } = (options ?? {}) as { transpileOnly?: boolean; happyPackMode?: boolean };
    if (transpileOnly === true || happyPackMode === true) continue;
    throw new CaptureFlowError('HOST_CHECKS_TYPES', {
      host: 'ts-loader',
      remedy: 'write "enforce: \'post\'" instead of "\'pre\'" for @captureflow/hosts/webpack, or give ts-loader "transpileOnly: true"',
    });
  }
}
