/** One vitest run over all packages. Tests load packages from source (condition `@captureflow/source`), so nothing needs building first. */
import { defineConfig } from 'vitest/config';

const conditions = ['@captureflow/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@captureflow/source', 'node'] } },
  test: {
    include: [
      '{core,trace,runtime,transformer,babel-plugin,esbuild-plugin,hosts,viewer,cli,fixtures,bench,scripts}/test/**/*.test.ts',
      'fixtures/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', 'fixtures/cases/**'],
    environment: 'node',
    // Many tests start real processes; on a busy two-core machine the default of 5 s would decide a test by time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
