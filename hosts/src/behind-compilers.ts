/**
 * Vite's compilers that must see a component as it was written. Fast Refresh (oxc, swc, Babel) takes those hooks into a component's
 * signature that stand at the top of its body, where ours stand in a `try`; the React Compiler would remember our code for the next
 * render. Files that they change are therefore instrumented behind them; the map says what of the text the user wrote. All others
 * stay before, where the text is the user's own.
 */
import { type InstrumentedModule, type ModuleInstrumenter, SCRIPT_ID } from './module-instrumenter.ts';

/** What is asked of `this` in Vite's `transform`. */
export interface TransformContext {
  readonly environment?: { readonly name: string; readonly config: { readonly consumer: string } } | undefined;
  getCombinedSourcemap(): object;
  warn(message: string): void;
}

/** The part of Vite's resolved configuration that is used. */
export interface ResolvedViteConfig {
  readonly root: string;
  readonly command: 'build' | 'serve';
  readonly server: { readonly hmr?: unknown };
  readonly build: { readonly sourcemap?: unknown };
  readonly plugins: readonly { readonly name: string }[];
}

/** Assignable to Vite's `Plugin`. */
export interface BehindPlugin {
  readonly name: string;
  /** Behind the compilers and what they append, before imports are resolved. */
  readonly enforce: 'post';
  readonly transform: {
    readonly filter: { readonly id: RegExp };
    handler(this: TransformContext, code: string, id: string): InstrumentedModule | undefined;
  };
}

export interface BehindCompilers {
  readonly plugin: BehindPlugin;
  configure(config: ResolvedViteConfig): void;
  /** The file waits for `plugin`. */
  defers(context: TransformContext | void, code: string, id: string): boolean;
}

/** By their names, as Fast Refresh knows hooks. */
const HOOK = /\buse[A-Z]/;
/** A superset of what the React Compiler compiles, which knows components and hooks by their names, too. */
const COMPONENT = /forwardRef|memo|\b(?:[A-Z]|use[A-Z0-9])/;
/** `@vitejs/plugin-react` with `compiler`, or its preset for Babel. */
const REACT_COMPILER = /^(?:vite:react-compiler|@rolldown\/plugin-babel)$/;

export function createBehindCompilers(modules: ModuleInstrumenter): BehindCompilers {
  const deferred = new Set<string>();
  let isCompiled: RegExp | undefined;
  let hasMaps = true;
  let hasWarned = false;
  const keyOf = ({ environment }: TransformContext, id: string): string => `${environment?.name}\n${id}`;
  return {
    configure({ command, server, build, plugins }) {
      const isRefreshed = command === 'serve' && server.hmr !== false && plugins.some(({ name }) => /react|preact|prefresh/.test(name));
      isCompiled = plugins.some(({ name }) => REACT_COMPILER.test(name)) ? COMPONENT : isRefreshed ? HOOK : undefined;
      hasMaps = command === 'serve' || Boolean(build.sourcemap);
    },
    defers(context, code, id) {
      if (context?.environment?.config.consumer !== 'client' || isCompiled?.test(code) !== true) return false;
      deferred.add(keyOf(context, id));
      return true;
    },
    plugin: {
      name: 'captureflow:behind-compilers',
      enforce: 'post',
      transform: {
        filter: { id: SCRIPT_ID },
        handler(code, id) {
          if (!deferred.delete(keyOf(this, id))) return undefined;
          if (!hasMaps && !hasWarned) {
            hasWarned = true;
            this.warn('With the React Compiler, traces show lines of compiled text unless "build.sourcemap" is set ("hidden" will do).');
          }
          return modules.instrument(code, id, {
            format: 'esm',
            language: 'jsx',
            origin: hasMaps ? this.getCombinedSourcemap() : undefined,
          });
        },
      },
    },
  };
}
