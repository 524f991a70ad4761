/**
 * OpenTelemetry's API, SDK and context manager, bundled into one file: under the export conditions of these tests Node finds their ES modules, which name
 * each other without extensions.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

interface OpenTelemetry {
  readonly api: typeof import('@opentelemetry/api');
  readonly contexts: typeof import('@opentelemetry/context-async-hooks');
  readonly sdk: typeof import('@opentelemetry/sdk-trace-base');
}

export async function loadOpenTelemetry(): Promise<OpenTelemetry> {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-otel-'));
  try {
    const outfile = join(folder, 'open-telemetry.cjs');
    await build({
      stdin: {
        contents: `export * as api from '@opentelemetry/api';
export * as contexts from '@opentelemetry/context-async-hooks';
export * as sdk from '@opentelemetry/sdk-trace-base';`,
        resolveDir: import.meta.dirname,
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
    return createRequire(import.meta.url)(outfile) as OpenTelemetry;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
