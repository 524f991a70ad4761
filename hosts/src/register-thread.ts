/**
 * The asynchronous hooks for ES modules, on Node's own thread for them. CommonJS is left to `patch-compile.ts`, which runs where the
 * program does and sees each `require`.
 */
import { createNodeSource, instrumentLoaded, type InstrumentSource, type LoadResult, type NodeSourceInput } from './node-source.ts';

let instrument: InstrumentSource | undefined;

export function initialize(input: NodeSourceInput): void {
  instrument = createNodeSource(input);
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
