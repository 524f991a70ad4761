/** The command line of `captureflow serve`: the local collector. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { startCollector } from '../collector/start-collector.ts';
import { StoreError } from '../collector/store-error.ts';
import { ServiceError } from '../collector/thread.ts';
import { InputError } from '../input-error.ts';
import type { Surroundings } from '../main.ts';
import { addServerOptions, runServer, serverOptionsOf } from './server-options.ts';
import type { ServerFlags } from './server-options.ts';
import { endHelp } from './help-end.ts';

interface Flags extends ServerFlags {
  readonly db: string;
  readonly keepDays: string;
  readonly maxSize: string;
  readonly allowOrigin?: readonly string[];
}

export function addServeCommand(program: Command, surroundings: Surroundings): void {
  const command = program
    .command('serve')
    .summary('collect traces of programs and show them')
    .description(
      "Takes traces from our runtime, from CaptureFlow's clients and from OpenTelemetry (OTLP/HTTP, protobuf or JSON), keeps them in a SQLite file and shows them in a page. Listens on this machine only, unless --host says otherwise. What is sent to it is stored as it comes: what a program records, its privacy manifest says (docs/privacy.md). Runs until it is stopped (Ctrl-C).",
    )
    .option('--db <file>', 'the file that keeps the traces', '.captureflow/collector.db')
    .option('--keep-days <days>', 'how long traces are kept', '7')
    .option('--max-size <MB>', 'how much of them is kept', '1024')
    .option('--allow-origin <origin...>', 'origins of pages that may send traces');
  endHelp(command, {
    examples: ['serve', 'serve --db traces.db --keep-days 30', 'serve --allow-origin http://localhost:5173'],
    exitCodes: '0 it was stopped, 1 it could not start or go on, 2 wrong use',
  });
  addServerOptions(command, '4319').action(async (flags: Flags) => {
    const { cwd, print, printError } = surroundings;
    await runServer(surroundings, flags, async (onFailure) => {
      const collector = await startCollector({
        ...serverOptionsOf(flags, cwd),
        db: resolve(cwd, flags.db),
        maxAge: positive('--keep-days', flags.keepDays) * 24 * 60 * 60 * 1000,
        maxBytes: positive('--max-size', flags.maxSize) * 1024 * 1024,
        allowedOrigins: flags.allowOrigin ?? [],
        log: printError,
        onFailure,
      }).catch((error: unknown) => {
        throw error instanceof StoreError || error instanceof ServiceError ? new InputError(error.message, 1) : error;
      });
      const { base } = collector;
      print(
        `Collecting into ${join(flags.db)}\n` +
          `  our runtime    collectorExporter({ url: '${base}' }), or CAPTUREFLOW_COLLECTOR_URL=${base}\n` +
          `  CaptureFlow    CAPTUREFLOW_SERVER_URL=${base}\n` +
          `  OpenTelemetry  OTEL_EXPORTER_OTLP_ENDPOINT=${base} (http/protobuf or http/json)\n`,
      );
      return collector;
    });
  });
}

function positive(flag: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InputError(`${flag} ${text}: say a number above 0`, 2);
}
