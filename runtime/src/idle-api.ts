/** The public functions of a copy of the runtime that may not record: programs run as if nothing were there. */
import { createFrameworkRoutes } from './framework-routes.ts';
import { createTrace } from './trace-wrapper.ts';
import { noopProbes } from './noop-probes.ts';
import { checkOptions } from './options.ts';
import type { RuntimeApi } from './runtime-api.ts';

const BECAUSE = 'another version of the runtime is loaded';

export const idleApi: RuntimeApi = {
  start: (options) => void checkOptions(options ?? {}),
  stop: () => Promise.resolve(),
  flush: () => Promise.resolve(),
  stats: () => ({
    on: false,
    calls: 0,
    spans: 0,
    events: 0,
    rootsOpened: 0,
    rootsOpen: 0,
    segmentsKept: 0,
    segmentsDropped: 0,
    openSpans: 0,
    functions: 0,
    chunksInUse: 0,
    chunksAllocated: 0,
    chunkBytes: 0,
    dropped: {},
    offBecause: BECAUSE,
    exporters: [],
    roots: { kept: {}, dropped: {} },
    governor: undefined,
    encodeErrors: 0,
    listenerErrors: 0,
  }),
  runRoot: (_meta, fn) => fn(undefined),
  beginRoot: () => () => {},
  trace: createTrace(noopProbes(), () => false),
  annotate: () => {},
  keep: () => {},
  onTrace: () => () => {},
  currentTrace: () => undefined,
  ...createFrameworkRoutes(() => undefined),
  traceCarrier: () => ({}),
  traceEnv: () => ({}),
  captureTree: () => Promise.reject(new Error(`captureTree: nothing is recorded, because ${BECAUSE}`)),
  bridge: () => () => {},
  autostart: () => {},
};
