#!/usr/bin/env node
/** The `captureflow` command: the command line on this process. */
import { setFlagsFromString } from 'node:v8';
import { main } from './main.ts';

/** Those that hold whole traces, one at a time. */
const HOLD_TRACES = ['tree', 'top', 'diff', 'export'];

// Before it collects, V8 lets the heap grow to twice what lives and more. For a million calls that is a gigabyte, and collecting earlier took no more time there.
if (HOLD_TRACES.includes(process.argv[2] ?? '')) setFlagsFromString('--heap-growing-percent=30');

// A reader such as `head` has had enough: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY === true,
  // https://no-color.org: any text but the empty one.
  color: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
  ...(process.stdout.isTTY === true ? { columns: process.stdout.columns } : {}),
  untilStopped: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    }),
});
