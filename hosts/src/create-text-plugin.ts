/**
 * The plugin object that Rollup, Rolldown and Vite share. It knows which modules are scripts and hands them to the text instrumenter;
 * what is instrumented, and how, is decided in core. Must import no bundler: all three are served by shape.
 */
import { createInstrumenter, type Instrumenter, type Options } from '@captureflow/esbuild-plugin';
import { checkVersion } from './check-version.ts';
import { toScriptFile } from './script-file.ts';

/** What this plugin asks of the bundler's context. */
export interface PluginContext {
  readonly meta: { readonly rollupVersion?: string; readonly rolldownVersion?: string };
}

/** A map as the bundlers' types ask for it: with lists that may be written to. */
export interface BundlerMap {
  version: number;
  mappings: string;
  names: string[];
  sources: string[];
  sourcesContent?: string[];
}

/** Assignable to the `Plugin` of Rollup 4, Rolldown 1 and Vite 8. */
export interface TextPlugin {
  readonly name: string;
  /** Vite only: before what removes the types. */
  readonly enforce: 'pre';
  /** Called by the bundler at the start of each build; `this` is the bundler's context. */
  buildStart(this: PluginContext): void;
  readonly transform: {
    readonly order: 'pre';
    /** Rolldown and Vite ask it without a call into JavaScript; older Rollup ignores it. */
    readonly filter: { readonly id: RegExp };
    handler(code: string, id: string): { code: string; map: BundlerMap } | undefined;
  };
}

/** Paths that end like a script, with or without a query; never virtual modules, whose ids begin with NUL. */
const SCRIPT_ID: RegExp = /^[^\0?]+\.[cm]?[jt]sx?(?:\?|$)/;

/** `findRoot`: asked once, at the first build. Throws OPTION_UNKNOWN or OPTION_INVALID at once. */
export function createTextPlugin(options: Options, findRoot: () => string): TextPlugin {
  createInstrumenter(options, '');
  let instrumenter: Instrumenter | undefined;
  return {
    name: 'captureflow',
    enforce: 'pre',
    buildStart() {
      checkVersion('Rolldown', this.meta.rolldownVersion, { from: [1, 0], before: 2 });
      if (this.meta.rolldownVersion === undefined) checkVersion('Rollup', this.meta.rollupVersion, { from: [4, 0], before: 5 });
      // A watching bundler asks again: packages may have changed their `type`.
      instrumenter = createInstrumenter(options, findRoot());
    },
    transform: {
      order: 'pre',
      filter: { id: SCRIPT_ID },
      handler(code, id) {
        const file = SCRIPT_ID.test(id) ? toScriptFile(id) : undefined;
        if (file === undefined) return undefined;
        instrumenter ??= createInstrumenter(options, findRoot());
        if (!instrumenter.includes(file)) return undefined;
        const result = instrumenter.instrument(code, file);
        return result.code === undefined ? undefined : { code: result.code, map: result.map as unknown as BundlerMap };
      },
    },
  };
}
