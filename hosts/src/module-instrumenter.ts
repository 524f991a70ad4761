/**
 * The text instrumenter as bundlers' plugins use it: asked by module id, made anew at the start of each build. Knows which modules are
 * scripts; what is instrumented, and how, is decided in core.
 */
import { createInstrumenter, type FileInput, type Instrumenter, type Options } from '@captureflow/esbuild-plugin';
import { toScriptFile } from './script-file.ts';

/** A map as the bundlers' types ask for it: with lists that may be written to. */
export interface BundlerMap {
  version: number;
  mappings: string;
  names: string[];
  sources: string[];
  sourcesContent?: string[];
}

export interface InstrumentedModule {
  code: string;
  map: BundlerMap;
}

export interface ModuleInstrumenter {
  /** A watching bundler builds again: packages may have changed their `type`. */
  restart(): void;
  /** Undefined: leave the module as it is. Throws PLAN_DESYNC or RUNTIME_MISSING. */
  instrument(code: string, id: string, input?: FileInput): InstrumentedModule | undefined;
}

/** Paths that end like a script, with or without a query; never virtual modules, whose ids begin with NUL. */
export const SCRIPT_ID: RegExp = /^[^\0?]+\.[cm]?[jt]sx?(?:\?|$)/;

/** `findRoot`: asked once, at the first build. Throws OPTION_UNKNOWN or OPTION_INVALID at once. */
export function createModuleInstrumenter(options: Options, findRoot: () => string): ModuleInstrumenter {
  createInstrumenter(options, '');
  let instrumenter: Instrumenter | undefined;
  return {
    restart() {
      instrumenter = createInstrumenter(options, findRoot());
    },
    instrument(code, id, input) {
      const file = SCRIPT_ID.test(id) ? toScriptFile(id) : undefined;
      if (file === undefined) return undefined;
      instrumenter ??= createInstrumenter(options, findRoot());
      if (!instrumenter.includes(file)) return undefined;
      const result = instrumenter.instrument(code, file, input);
      return result.code === undefined ? undefined : { code: result.code, map: result.map as unknown as BundlerMap };
    },
  };
}
