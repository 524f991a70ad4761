/**
 * Fast Refresh under Vite's dev server: its compilers (oxc, swc, Babel for Preact) take those hooks into a component's signature that
 * stand at the top of a function's body, where ours stand in a `try`. Files with hooks are therefore instrumented behind them; the
 * map says what of the text the user wrote. Everything else stays before, where the text is the user's own.
 */
import { type InstrumentedModule, type ModuleInstrumenter, SCRIPT_ID } from './module-instrumenter.ts';

/** What is asked of `this` in Vite's `transform`. */
export interface TransformContext {
  readonly environment?: { readonly name: string; readonly config: { readonly consumer: string } } | undefined;
  getCombinedSourcemap(): object;
}

/** The part of Vite's resolved configuration that is used. */
export interface ResolvedViteConfig {
  readonly root: string;
  readonly command: 'build' | 'serve';
  readonly server: { readonly hmr?: unknown };
  readonly plugins: readonly { readonly name: string }[];
}

/** Assignable to Vite's `Plugin`. */
export interface RefreshPlugin {
  readonly name: string;
  readonly apply: 'serve';
  /** Behind the compilers and what they append, before imports are resolved. */
  readonly enforce: 'post';
  readonly transform: {
    readonly filter: { readonly id: RegExp };
    handler(this: TransformContext, code: string, id: string): InstrumentedModule | undefined;
  };
}

export interface FastRefresh {
  readonly plugin: RefreshPlugin;
  configure(config: ResolvedViteConfig): void;
  /** The file waits for `plugin`. */
  defers(context: TransformContext | void, code: string, id: string): boolean;
}

/** As the compilers know hooks: by their names. */
const HOOK = /\buse[A-Z]/;

export function createFastRefresh(modules: ModuleInstrumenter): FastRefresh {
  const deferred = new Set<string>();
  let isOn = false;
  const keyOf = ({ environment }: TransformContext, id: string): string => `${environment?.name}\n${id}`;
  return {
    configure({ command, server, plugins }) {
      isOn = command === 'serve' && server.hmr !== false && plugins.some(({ name }) => /react|preact|prefresh/.test(name));
    },
    defers(context, code, id) {
      if (!isOn || context?.environment?.config.consumer !== 'client' || !HOOK.test(code)) return false;
      deferred.add(keyOf(context, id));
      return true;
    },
    plugin: {
      name: 'captureflow:fast-refresh',
      apply: 'serve',
      enforce: 'post',
      transform: {
        filter: { id: SCRIPT_ID },
        handler(code, id) {
          if (!deferred.delete(keyOf(this, id))) return undefined;
          return modules.instrument(code, id, { format: 'esm', language: 'jsx', origin: this.getCombinedSourcemap() });
        },
      },
    },
  };
}
