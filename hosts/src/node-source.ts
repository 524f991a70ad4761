/**
 * Source text as Node's loaders have it, instrumented. Line numbers stay; columns are led back where the process reads source maps.
 */
import { fileURLToPath } from 'node:url';
import type { Plan } from '@captureflow/core';
import {
  createInstrumenter,
  type FileInput,
  type Format,
  type InstrumentedFile,
  type Options,
  readIncomingMap,
} from '@captureflow/esbuild-plugin';

export interface NodeSourceInput {
  readonly options: Options;
  readonly root: string;
  /** `--enable-source-maps`: only then is a map worth its bytes. */
  readonly withMaps: boolean;
}

/** Instruments one file; `format` is Node's name. Undefined: leave it as it is. Throws RUNTIME_MISSING or PLAN_DESYNC. */
export type InstrumentSource = (source: string, fileName: string, format: string | null | undefined) => string | undefined;

/** Node's names of what a text may be. Others (JSON, WebAssembly, addons, built-in modules) are no programs of ours. */
const FORMATS: Readonly<Record<string, Format>> = {
  module: 'esm',
  'module-typescript': 'esm',
  commonjs: 'cjs',
  'commonjs-typescript': 'cjs',
};

/** `onPlan`: told what became of each file. Throws OPTION_UNKNOWN or OPTION_INVALID. */
export function createNodeSource({ options, root, withMaps }: NodeSourceInput, onPlan?: (plan: Plan) => void): InstrumentSource {
  const instrumenter = createInstrumenter(options, root);
  let isBusy = false;

  function instrumentOnce(source: string, fileName: string, input: FileInput): InstrumentedFile {
    isBusy = true;
    try {
      return instrumenter.instrument(source, fileName, input);
    } finally {
      isBusy = false;
    }
  }

  return (source, fileName, nodeFormat) => {
    // What the parser loads while it works is not to be parsed by it.
    if (isBusy) return undefined;
    const format = nodeFormat === undefined || nodeFormat === null ? undefined : FORMATS[nodeFormat];
    if ((nodeFormat && format === undefined) || !instrumenter.includes(fileName)) return undefined;
    const sourceMap = withMaps ? readIncomingMap(source, fileName)?.map : undefined;
    const result = instrumentOnce(source, fileName, { format, sourceMap });
    onPlan?.(result.plan);
    if (result.code === undefined || !withMaps) return result.code;
    return `${result.code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(String(result.map)).toString('base64')}\n`;
  };
}

/** What a `load` hook answers. */
export interface LoadResult {
  readonly format?: string | null | undefined;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
  readonly shortCircuit?: boolean | undefined;
}

/** What the hooks after ours loaded, instrumented. */
export function instrumentLoaded<Result extends LoadResult>(url: string, result: Result, instrument: InstrumentSource): Result {
  if (!url.startsWith('file:') || result.source === null || result.source === undefined) return result;
  if (result.format === undefined || result.format === null || !(result.format in FORMATS)) return result;
  const source = typeof result.source === 'string' ? result.source : new TextDecoder().decode(result.source);
  const code = instrument(source, fileURLToPath(url), result.format);
  return code === undefined ? result : { ...result, source: code };
}
