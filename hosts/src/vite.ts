/**
 * Vite 8 (dev and build) and Vitest 4. Rollup's plugin, told where the project is; wiring only.
 */
import type { Options } from '@captureflow/esbuild-plugin';
import { checkVersion } from './check-version.ts';
import { createTextPlugin, type PluginContext, type TextPlugin } from './create-text-plugin.ts';

export type { Options } from '@captureflow/esbuild-plugin';

/** What Vite says in `this` of its configuration hooks. */
interface ConfigContext {
  readonly meta?: { readonly viteVersion?: string } | undefined;
}

/** Assignable to Vite's `Plugin`. */
export interface VitePlugin extends TextPlugin {
  config(this: ConfigContext | void): { resolve: { dedupe: string[] }; optimizeDeps: { include: string[] } };
  configResolved(config: { readonly root: string }): void;
}

/**
 * A plugin that instruments the project's scripts before Vite removes types and JSX, in every environment (browser, SSR, tests).
 * The project root is Vite's, unless option `root` says otherwise. Throws OPTION_UNKNOWN or OPTION_INVALID.
 *
 * @example
 * ```js
 * export default defineConfig({ plugins: [captureflow(), react()] });
 * ```
 */
export default function captureflow(options: Options = {}): VitePlugin {
  let root = process.cwd();
  const plugin = createTextPlugin(options, () => root);
  const runtime = options.runtime ?? '@captureflow/runtime';
  return {
    ...plugin,
    config() {
      checkVersion('Vite', this?.meta?.viteVersion, { from: [8, 0], before: 9 });
      // One runtime a page: the import is in no source file, so the scan for dependencies would find it late and reload the page.
      return { resolve: { dedupe: [runtime] }, optimizeDeps: { include: [`${runtime}/probe-1`] } };
    },
    configResolved(config) {
      root = config.root;
    },
    buildStart(this: PluginContext) {
      plugin.buildStart.call(this);
    },
  };
}
