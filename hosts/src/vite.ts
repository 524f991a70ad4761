/**
 * Vite 8 (dev and build) and Vitest 4. Rollup's plugin, told where the project is, and a second one behind its compilers; wiring only.
 */
import type { Options } from '@captureflow/esbuild-plugin';
import { checkVersion } from './check-version.ts';
import { createTextPlugin, type PluginContext, type TextPlugin } from './create-text-plugin.ts';
import { type BehindPlugin, createBehindCompilers, type ResolvedViteConfig, type TransformContext } from './behind-compilers.ts';
import { installedVersion } from './installed-version.ts';
import { createModuleInstrumenter, type InstrumentedModule } from './module-instrumenter.ts';

export type { Options } from '@captureflow/esbuild-plugin';

/** What Vite says in `this` of its configuration hooks. */
interface ConfigContext {
  readonly meta?: { readonly viteVersion?: string } | undefined;
}

/** Assignable to Vite's `Plugin`. */
export interface VitePlugin extends Omit<TextPlugin, 'transform'> {
  config(this: ConfigContext | void): { resolve: { dedupe: string[] }; optimizeDeps: { include: string[] } };
  configResolved(config: ResolvedViteConfig): void;
  readonly transform: Omit<TextPlugin['transform'], 'handler'> & {
    handler(this: TransformContext | void, code: string, id: string): InstrumentedModule | undefined;
  };
}

/**
 * Plugins that instrument the project's scripts before Vite removes types and JSX, in every environment (browser, SSR, tests); behind
 * its compilers only where they must see a component as it was written. The project root is Vite's, unless option `root` says otherwise.
 * Throws OPTION_UNKNOWN or OPTION_INVALID.
 *
 * @example
 * ```js
 * export default defineConfig({ plugins: [captureflow(), react()] });
 * ```
 */
export default function captureflow(options: Options = {}): [VitePlugin, BehindPlugin] {
  let root = process.cwd();
  const modules = createModuleInstrumenter(options, () => root);
  const plugin = createTextPlugin(modules);
  const behind = createBehindCompilers(modules);
  const runtime = options.runtime ?? '@captureflow/runtime';
  const main: VitePlugin = {
    ...plugin,
    config() {
      checkVersion('Vite', this?.meta?.viteVersion ?? installedVersion('vite', root), { from: [8, 0], before: 9 });
      // One runtime a page: the import is in no source file, so the scan for dependencies would find it late and reload the page.
      return { resolve: { dedupe: [runtime] }, optimizeDeps: { include: [`${runtime}/probe-1`] } };
    },
    configResolved(config) {
      root = config.root;
      behind.configure(config);
    },
    buildStart(this: PluginContext) {
      plugin.buildStart.call(this);
    },
    transform: {
      ...plugin.transform,
      handler(code, id) {
        return behind.defers(this, code, id) ? undefined : modules.instrument(code, id);
      },
    },
  };
  return [main, behind.plugin];
}
