/**
 * Loaded before a program that `captureflow bench` measures (`node --require`): at its end it writes what the process used and what it recorded to a file of its own
 * in the folder CAPTUREFLOW_BENCH_FOLDER names. Must not do anything before.
 */
'use strict';
const { isMainThread } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = process.env.CAPTUREFLOW_BENCH_FOLDER;
/** Where the runtime keeps its one instance of a realm (runtime/src/shared-instance.ts). */
const RUNTIME = Symbol.for('captureflow.probe-1');

// `exit` and not a listener: a listener that was added first would run before the recorder's own, which still writes.
if (folder !== undefined && isMainThread) {
  const { emit } = process;
  let told = false;
  process.emit = function (event) {
    const heard = Reflect.apply(emit, this, arguments);
    if (event === 'exit' && !told) {
      told = true;
      tell();
    }
    return heard;
  };
}

function tell() {
  const { user, system } = process.cpuUsage();
  const recorded = globalThis[RUNTIME]?.api.stats();
  const { calls = 0, spans = 0 } = recorded ?? {};
  const report = {
    node: process.version,
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
    instrumented: recorded !== undefined,
    calls,
    spans,
  };
  try {
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(report));
  } catch (error) {
    process.stderr.write(`captureflow bench: the figures of process ${process.pid} could not be written: ${error.message}\n`);
  }
}
