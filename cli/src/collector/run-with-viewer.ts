/** A function with the page open on its trace: collector, recording and their ends in the right order. */
import { resolve } from 'node:path';
import type { ViewerOptions } from '../viewer.ts';
import { openBrowser } from './open-browser.ts';
import { startCollector } from './start-collector.ts';
import type { CreateService } from './thread.ts';

/** How long the last traces may take into the store. */
const DELIVERY_MS = 10_000;

/** `createService`: tests only. */
export async function runWithViewer<T>(fn: () => T, options: ViewerOptions, createService?: CreateService): Promise<Awaited<T>> {
  const runtime = await import('@captureflow/runtime');
  const { db = '.captureflow/collector.db', name = fn.name || 'withViewer', port = 4319, root = '.' } = options;
  const onTerminal = process.stderr.isTTY === true;
  const log = options.log ?? ((line: string) => void process.stderr.write(line));
  const collector = await startCollector({
    db: resolve(db),
    port,
    root: resolve(root),
    log,
    onFailure: (reason) => log(`captureflow: ${reason}\n`),
    ...(createService === undefined ? {} : { createService }),
  });
  try {
    log(`Open ${collector.url}\n`);
    if (options.open ?? onTerminal) openBrowser(collector.url);
    // No spill: the collector is in this process.
    runtime.start({ exporters: [runtime.collectorExporter({ url: collector.base, token: collector.token, spillDir: null })], budget: 1 });
    try {
      return await runtime.runRoot({ kind: 'run', name }, fn);
    } finally {
      await runtime.stop(DELIVERY_MS);
      if (options.stay ?? onTerminal) await untilInterrupted(log);
    }
  } finally {
    await collector.stop();
  }
}

function untilInterrupted(log: (line: string) => void): Promise<void> {
  log('The program has ended; Ctrl-C closes the page.\n');
  return new Promise((done) => {
    // A server alone keeps a process, but its end must be a stop.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
