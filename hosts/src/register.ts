/**
 * `node --import @captureflow/hosts/register app.js`: instruments what Node loads, ES modules and CommonJS. Where Node's synchronous
 * hooks can be trusted they see both; before, ES modules go through hooks on a thread of Node's and CommonJS through `_compile`.
 */
import module from 'node:module';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Plan } from '@captureflow/core';
import { reportPlan, startReport } from '@captureflow/core/build';
import { createNodeSource, instrumentLoaded, type LoadResult, type NodeSourceInput } from './node-source.ts';
import { patchCompile } from './patch-compile.ts';
import { readConfig } from './read-config.ts';

/** Typed here because the declarations of Node 20 do not have it. */
interface SyncHooks {
  registerHooks?(hooks: {
    load(url: string, context: object, nextLoad: (url: string, context: object) => LoadResult): LoadResult;
  }): unknown;
}

const input: NodeSourceInput = {
  // What is built is never more than `locals` unless somebody asks, and here the one who runs the program builds it, too.
  options: { ...(process.env['CAPTUREFLOW_LEVEL'] === 'lines' ? { level: 'lines' } : {}), ...readConfig(process.cwd()) },
  root: process.cwd(),
  withMaps: (process as { sourceMapsEnabled?: boolean }).sourceMapsEnabled === true,
};
const instrument = createNodeSource(input);
const { registerHooks } = module as SyncHooks;

if (registerHooks !== undefined && hasReliableHooks(process.versions.node)) {
  registerHooks({ load: (url, context, nextLoad) => instrumentLoaded(url, nextLoad(url, context), instrument) });
} else {
  patchCompile(instrument);
  const plans = process.env['CAPTUREFLOW_REPORT'] === undefined ? undefined : openReport(input.root);
  module.register('./register-thread.js', import.meta.url, { data: { input, plans }, transferList: plans === undefined ? [] : [plans] });
}

/** The other end of the thread's plans; they are read when the process ends. */
function openReport(root: string): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  process.once('exit', () => {
    for (let next = receiveMessageOnPort(port1); next !== undefined; next = receiveMessageOnPort(port1)) {
      reportPlan(root, next.message as Plan);
    }
  });
  startReport();
  return port2;
}

/**
 * From 24.11.1 on, before which node-tap, which has used them longest, trusts none; and on 22 where this was run. Node 26 warns of
 * `module.register`; without synchronous hooks, CommonJS in TypeScript is left alone.
 */
function hasReliableHooks(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major === 22) return minor >= 22;
  return major > 24 || (major === 24 && (minor > 11 || (minor === 11 && patch >= 1)));
}
