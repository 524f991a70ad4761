/**
 * A Jest transformer that instruments the source and hands it on to the transformer that the project had. What the next one would have
 * been given (types, JSX, ES modules) it still gets; maps are chained. Decides nothing.
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureFlowError } from '@captureflow/core';
import type { Options, SourceMap } from '@captureflow/esbuild-plugin';
import { cachedInstrumenter } from './cached-instrumenter.ts';
import { chainMaps } from './chain-maps.ts';
import { checkVersion } from './check-version.ts';
import { hashContent } from './hash-content.ts';
import { installedVersion } from './installed-version.ts';
import { resolveModule } from './resolve-module.ts';

export type { Options } from '@captureflow/esbuild-plugin';

export interface JestOptions extends Options {
  /** The transformer that runs behind: a module name, or name and options. Default: `babel-jest`, as Jest's own. */
  readonly next?: string | readonly [name: string, options: Readonly<Record<string, unknown>>] | undefined;
}

/** The part of Jest's `TransformOptions` that is used; the rest goes on to the next transformer. */
export interface TransformOptions {
  readonly config: { readonly rootDir: string };
  readonly configString: string;
  readonly instrument: boolean;
  readonly transformerConfig: unknown;
}

export interface Transformed {
  readonly code: string;
  readonly map?: object | string | null | undefined;
}

type Process<Answer> = (source: string, path: string, options: TransformOptions) => Answer;

export interface JestTransformer {
  /** False: Jest counts coverage itself, on the chained map. */
  readonly canInstrument: false;
  readonly process: Process<Transformed>;
  readonly processAsync: Process<Promise<Transformed>>;
  readonly getCacheKey: Process<string>;
}

/** What the next transformer may have. */
interface NextTransformer {
  process?(source: string, path: string, options: object): Transformed | string;
  processAsync?(source: string, path: string, options: object): Promise<Transformed | string>;
  getCacheKey?(source: string, path: string, options: object): string;
}

interface LoadedNext {
  readonly transformer: NextTransformer;
  readonly options: unknown;
  /** Says which build of it this is, for transformers without a cache key. */
  readonly identity: string;
}

/**
 * Jest's entry. Throws OPTION_UNKNOWN or OPTION_INVALID for what is no option of CaptureFlow or `next`.
 *
 * @example
 * ```js
 * transform: { '\\.[jt]sx?$': ['@captureflow/hosts/jest', { next: '@swc/jest', level: 'values' }] }
 * ```
 */
export function createTransformer(config: JestOptions = {}): JestTransformer {
  const { next = 'babel-jest', ...options } = config;
  if (typeof next !== 'string' && !(Array.isArray(next) && typeof next[0] === 'string')) {
    throw new CaptureFlowError('OPTION_INVALID', { key: 'next', problem: 'must be a module name, or a list of name and options' });
  }
  const [nextName, nextOptions] = typeof next === 'string' ? [next, {}] : [next[0] as string, (next[1] ?? {}) as object];
  cachedInstrumenter(options, '');
  const ownKey = hashContent(JSON.stringify(config), readOwnBuild());
  const loaded = new Map<string, LoadedNext>();

  function loadFor(rootDir: string): LoadedNext {
    let found = loaded.get(rootDir);
    if (found === undefined) {
      checkVersion('Jest', installedVersion('jest', rootDir), { from: [29, 0], before: 31 });
      found = loadNext(nextName, nextOptions, rootDir);
      loaded.set(rootDir, found);
    }
    return found;
  }

  const toNext = ({ options: transformerConfig }: LoadedNext, given: TransformOptions): object => ({
    ...given,
    // Coverage is counted behind us: what the next one would count is our code, too.
    instrument: false,
    transformerConfig,
  });

  function instrument(source: string, path: string, { config }: TransformOptions): { code: string; map: SourceMap | undefined } {
    const instrumenter = cachedInstrumenter(options, config.rootDir);
    const result = instrumenter.includes(path) ? instrumenter.instrument(source, path) : undefined;
    return result?.code === undefined ? { code: source, map: undefined } : { code: result.code, map: result.map };
  }

  return {
    canInstrument: false,
    process(source, path, given) {
      const next = loadFor(given.config.rootDir);
      const own = instrument(source, path, given);
      const run = (code: string): Transformed | string => {
        if (next.transformer.process !== undefined) return next.transformer.process(code, path, toNext(next, given));
        throw new CaptureFlowError('HOST_MODULE_INVALID', { name: nextName, problem: 'transforms ES modules only' });
      };
      try {
        return chainMaps(run(own.code), own.map);
      } catch (error) {
        if (own.map === undefined || !isTypeError(error)) throw error;
        // The user's own are better told by the user's own text.
        run(source);
        throw checksTypes(nextName);
      }
    },
    async processAsync(source, path, given) {
      const next = loadFor(given.config.rootDir);
      const own = instrument(source, path, given);
      const run = async (code: string): Promise<Transformed | string> =>
        (await (next.transformer.processAsync ?? next.transformer.process)?.(code, path, toNext(next, given))) as Transformed | string;
      try {
        return chainMaps(await run(own.code), own.map);
      } catch (error) {
        if (own.map === undefined || !isTypeError(error)) throw error;
        await run(source);
        throw checksTypes(nextName);
      }
    },
    getCacheKey(source, path, given) {
      const next = loadFor(given.config.rootDir);
      const nextKey =
        next.transformer.getCacheKey?.(source, path, toNext(next, given)) ?? hashContent(source, path, given.configString, next.identity);
      return hashContent(ownKey, given.config.rootDir, path, String(given.instrument), nextKey);
    },
  };
}

const entry: { readonly createTransformer: typeof createTransformer } = { createTransformer };
export default entry;

/** TypeScript's diagnostics, as ts-jest throws them. */
function isTypeError(error: unknown): boolean {
  return error instanceof Error && /\bTS\d{4,5}\b/.test(error.message);
}

function checksTypes(host: string): CaptureFlowError {
  const remedy =
    'give it "diagnostics: false" (next: ["ts-jest", { diagnostics: false }]), or let it instrument by itself with "astTransformers" and @captureflow/hosts/ts-jest';
  return new CaptureFlowError('HOST_CHECKS_TYPES', { host, remedy });
}

function loadNext(name: string, options: object, rootDir: string): LoadedNext {
  const require = createRequire(join(rootDir, 'package.json'));
  const file = resolveModule(require, name, 'Option "next" of @captureflow/hosts/jest', rootDir);
  const module = require(file) as { default?: unknown };
  const found = (isTransformer(module) ? module : module.default) as NextTransformer & {
    createTransformer?(options: object): NextTransformer;
  };
  if (!isTransformer(found)) {
    throw new CaptureFlowError('HOST_MODULE_INVALID', { name, problem: 'has neither "process" nor "createTransformer"' });
  }
  return { transformer: found.createTransformer?.(options) ?? found, options, identity: hashContent(readFileSync(file)) };
}

function isTransformer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('createTransformer' in value || 'process' in value || 'processAsync' in value);
}

/** Another build of the text instrumenter makes other code, whatever its version says. */
function readOwnBuild(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve('@captureflow/esbuild-plugin'));
}
