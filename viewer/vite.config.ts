/** Builds the page into one HTML file that needs no network: scripts and styles stand inside it. */
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['@captureflow/source', 'module', 'browser', 'production'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  // `dist/.types` is tsc's.
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    modulePreload: false,
    reportCompressedSize: false,
    // That building the worker takes most of the time is no news.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
});
