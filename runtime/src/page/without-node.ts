/**
 * What stands in the build for browsers and edge runtimes for the parts that need Node: each of these does what its original does where Node's modules are
 * not there. `rolldown.config.mjs` puts them in their places.
 */
import type { defaultExporters as originalExporters } from '../default-exporters.ts';
import type { installExitFlush as originalExitFlush } from '../exit-flush.ts';
import type { installHttpRoots as originalHttpRoots } from '../http-root.ts';
import type { installLeafSpans as originalLeafSpans } from '../leaf-spans.ts';
import type { creatorOfThread as originalCreator, installProcessContext as originalProcessContext } from '../process-context.ts';
import type { installPropagation as originalPropagation } from '../propagation.ts';
import type { Carrier } from '../shipping/carrier.ts';
import type { createSpill as originalSpill } from '../shipping/create-spill.ts';
import { fetchPost } from '../shipping/fetch-post.ts';
import { localCarrier } from '../shipping/local-carrier.ts';
import type { workerCarrier as originalCarrier } from '../shipping/worker-carrier.ts';
import { warnOnce } from '../warn.ts';

const nothing = (): (() => void) => () => {};

export const installExitFlush: typeof originalExitFlush = nothing;
export const installHttpRoots: typeof originalHttpRoots = nothing;
export const installLeafSpans: typeof originalLeafSpans = nothing;
export const installProcessContext: typeof originalProcessContext = nothing;
export const installPropagation: typeof originalPropagation = nothing;
export const creatorOfThread: typeof originalCreator = () => undefined;
export const createSpill: typeof originalSpill = () => undefined;

/** A page names its exporters, so that it carries no others. */
export const defaultExporters: typeof originalExporters = (_options, environment) => {
  if (environment.hasFiles) {
    warnOnce(
      'build',
      'this is the build for browsers: it writes no files, name exporters in start(), or resolve without the condition "browser"',
    );
  }
  return [];
};

/** Without a worker. */
export const workerCarrier: typeof originalCarrier = (_spec, options, create, traceUrlOf): Carrier => {
  const urls = new Map<string, string>();
  const carrier = localCarrier(
    create((traceId) => urls.get(traceId)),
    options,
    fetchPost,
  );
  const { load, loadNow, stats } = carrier;
  const noted =
    <Args extends readonly [Parameters<typeof load>[0], ...unknown[]], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      urls.clear();
      for (const segment of traceUrlOf === undefined ? [] : args[0]) {
        const url = traceUrlOf?.(segment);
        if (url !== undefined) urls.set(segment.traceId, url);
      }
      return work(...args);
    };
  return {
    ...carrier,
    load: noted(load),
    ...(loadNow === undefined ? {} : { loadNow: noted(loadNow) }),
    stats: () => ({ ...stats(), byWorker: 0, crashes: 0 }),
  };
};
