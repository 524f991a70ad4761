/**
 * The plugin object that Rollup, Rolldown and Vite share. Must import no bundler: all three are served by shape.
 */
import { checkVersion } from './check-version.ts';
import { type InstrumentedModule, type ModuleInstrumenter, SCRIPT_ID } from './module-instrumenter.ts';

/** What this plugin asks of the bundler's context. */
export interface PluginContext {
  readonly meta: { readonly rollupVersion?: string; readonly rolldownVersion?: string };
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
    handler(code: string, id: string): InstrumentedModule | undefined;
  };
}

export function createTextPlugin(modules: ModuleInstrumenter): TextPlugin {
  return {
    name: 'captureflow',
    enforce: 'pre',
    buildStart() {
      checkVersion('Rolldown', this.meta.rolldownVersion, { from: [1, 0], before: 2 });
      if (this.meta.rolldownVersion === undefined) checkVersion('Rollup', this.meta.rollupVersion, { from: [4, 0], before: 5 });
      modules.restart();
    },
    transform: {
      order: 'pre',
      filter: { id: SCRIPT_ID },
      handler: (code, id) => modules.instrument(code, id),
    },
  };
}
