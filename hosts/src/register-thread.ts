/**
 * The asynchronous hooks for ES modules, on Node's own thread for them. CommonJS is left to `patch-compile.ts`, which runs where the
 * program does and sees each `require`.
 */
import type { MessagePort } from 'node:worker_threads';
import { createNodeSource, instrumentLoaded, type InstrumentSource, type LoadResult, type NodeSourceInput } from './node-source.ts';

export interface ThreadInput {
  readonly input: NodeSourceInput;
  /** Where plans go that the main thread reports; absent when it reports nothing. */
  readonly plans: MessagePort | undefined;
}

let instrument: InstrumentSource | undefined;

export function initialize({ input, plans }: ThreadInput): void {
  // This thread is ended without its exit handlers, so the main one counts for it.
  delete process.env['CAPTUREFLOW_REPORT'];
  instrument = createNodeSource(input, plans && ((plan) => plans.postMessage(plan)));
}

export async function load(
  url: string,
  context: object,
  nextLoad: (url: string, context: object) => Promise<LoadResult>,
): Promise<LoadResult> {
  const result = await nextLoad(url, context);
  if (instrument === undefined || !result.format?.startsWith('module')) return result;
  return instrumentLoaded(url, result, instrument);
}
