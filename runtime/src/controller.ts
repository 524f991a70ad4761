/**
 * The life of the recorder in this realm: start, stop, what it is told and where its segments go. All of the public
 * functions are here; entries only name them. Apart from `start`, which refuses bad options, nothing throws.
 */
import type { Level } from '@captureflow/trace/metadata';
import { captureTree } from './capture-tree.ts';
import { beQuiet } from './columns.ts';
import { defaultExporters } from './default-exporters.ts';
import { Delivery } from './delivery.ts';
import { readEnvironment, startsByItself } from './environment.ts';
import type { Environment } from './environment.ts';
import { installExitFlush } from './exit-flush.ts';
import { governorStats } from './governed-functions.ts';
import { createFrameworkRoutes } from './framework-routes.ts';
import { openImplicitRoot } from './implicit-root.ts';
import { installEventRoots } from './page/event-roots.ts';
import { installHttpRoots } from './http-root.ts';
import { watchProxies } from './host-types.ts';
import { jsonAttributes } from './json-attributes.ts';
import { checkOptions } from './options.ts';
import type { StartOptions } from './options.ts';
import { createKeep } from './keep-policy.ts';
import type { Keep } from './keep-policy.ts';
import { keptRoots } from './kept-roots.ts';
import { probes } from './probes.ts';
import { installPageErrors } from './page/page-errors.ts';
import { installPageFlush } from './page/page-flush.ts';
import { installProcessContext } from './process-context.ts';
import { installPropagation } from './propagation.ts';
import { DEFAULT_BUDGET, withProfile } from './profiles.ts';
import { createRandom } from './random.ts';
import { toRedactionRules } from './redaction-rules.ts';
import { DEFAULT_LIMITS, DEFAULT_MAX_BYTES } from './recorder-config.ts';
import type { RecorderConfig, Root, RootMeta } from './recorder-config.ts';
import { installLeafSpans } from './leaf-spans.ts';
import { onRegistryWarning } from './registry.ts';
import {
  adoptParent,
  annotate,
  currentRoot,
  drainRoots,
  endRoot,
  enterAmbientRoot,
  enterRoot,
  failUnhandled,
  openRoot,
  recorderStats,
  runInRoot,
  startRecorder,
  stopRecorder,
} from './recorder.ts';
import { state } from './recorder-state.ts';
import { hides, ownTextRule } from './sensitive.ts';
import { runAndEnd } from './run-root.ts';
import type { RunRootMeta, RuntimeApi, RuntimeStats } from './runtime-api.ts';
import { SHARED_VERSION } from './shared-instance.ts';
import type { SharedInstance } from './shared-instance.ts';
import { carrierOf, readCarrier } from './traceparent.ts';
import type { ParentContext } from './traceparent.ts';
import { TraceListeners } from './trace-listeners.ts';
import { createTrace } from './trace-wrapper.ts';
import { warnOnce } from './warn.ts';

/** One recording: from a start to the next start or stop. */
interface Session {
  readonly delivery: Delivery;
  readonly automatic: boolean;
  readonly uninstall: readonly (() => void)[];
}

/** Makes the realm's instance. Called once a realm; allocates no recorder memory. */
export function createController(): SharedInstance {
  const listeners = new TraceListeners();
  let session: Session | undefined;
  /** Where the recorder's segments go now. */
  let sink: Delivery | undefined;
  /** Who started this process or thread, and so what is not caused by a request or a message. */
  let startedBy: ParentContext | undefined;
  let bridged: (() => ParentContext | undefined) | undefined;
  let offBecause: string | undefined = 'nothing instrumented was loaded and start() was not called';
  let decided = false;
  /** How many segments there were at the last flush that nobody asked for. */
  let flushed = 0;

  // One warning for all modules of another version: they were built together.
  onRegistryWarning((message) => warnOnce('metadata', message));

  /** Exporters and listeners may be instrumented: their own work is not recorded. */
  const quietly = (work: () => void): void => {
    const wasQuiet = state.quiet;
    beQuiet(true);
    try {
      work();
    } finally {
      beQuiet(wasQuiet);
    }
  };

  const begin = (given: StartOptions, environment: Environment, automatic: boolean): void => {
    const previous = session;
    startedBy = environment.parent;
    const options = withProfile(given, environment.profile);
    const level = given.level ?? environment.level ?? options.level ?? 'lines';
    const budget = given.budget ?? environment.budget ?? options.budget ?? DEFAULT_BUDGET;
    const exporters = [...(options.exporters ?? defaultExporters(options, environment)), listeners];
    const delivery = new Delivery(exporters, quietly, { redact: options.redactDefaults ?? true, hidesName: hides, own: ownTextRule });
    // What started by itself before the program could say how belongs to what the program asks for; an earlier explicit
    // recording goes where it was told to go.
    if (previous?.automatic === true) sink = delivery;
    end(previous);
    sink = delivery;
    if (level === 'off') {
      offBecause = "the level is 'off'";
      return;
    }
    if (options.proxies === 'watched') watchProxies();
    startRecorder(
      recorderConfig({ ...options, budget }, environment, level, (segment, summary, borrow) => sink?.accept(segment, summary, borrow)),
    );
    offBecause = undefined;
    session = {
      delivery,
      automatic,
      uninstall: [
        installExitFlush({ handOver, fail }, options.signals ?? true),
        installPageErrors(failUnhandled),
        installPageFlush({ hide, drain: () => drainRoots(false) }),
        (options.events ?? true) ? installEventRoots() : () => {},
        (options.http ?? true) ? installHttpRoots({ openRoot, enterRoot, endRoot }) : () => {},
        // While exporters work, probes are off: what they send is nobody's. What another tracer traces carries that tracer's header.
        installPropagation(() => (state.quiet || bridged?.() !== undefined ? undefined : currentRoot()), options.propagate ?? false),
        installProcessContext({
          carrier() {
            const root = currentRoot() ?? openImplicitRoot();
            return root === undefined ? {} : carrierOf(root);
          },
          inherited: environment.traceparent,
          childProcesses: options.childProcesses ?? environment.childProcesses,
        }),
        installLeafSpans(probes, () => !state.quiet && currentRoot() !== undefined, options.channels ?? false),
      ],
    };
    flushed = 0;
  };

  const end = (ended: Session | undefined, deadlineMs?: number): Promise<void> => {
    if (ended === undefined) return Promise.resolve();
    for (const uninstall of ended.uninstall) uninstall();
    stopRecorder();
    session = undefined;
    return ended.delivery.shutdown(deadlineMs);
  };

  const tryBegin = (options: StartOptions, environment: Environment, automatic: boolean): void => {
    try {
      begin(options, environment, automatic);
    } catch (error) {
      offBecause = 'recording could not start';
      warnOnce(
        'start',
        `recording could not start (${error instanceof Error ? error.message : 'unknown error'}); the program runs without`,
      );
    }
  };

  const handOver = (final: boolean): void => {
    if (session === undefined) return;
    const { delivery } = session;
    drainRoots(final);
    // Node asks again after each wait of an exporter: a receiver that hangs would keep the process alive for good.
    if (!final && delivery.accepted === flushed) return;
    flushed = delivery.accepted;
    void delivery.flush();
    if (final) delivery.exit();
  };

  const hide = (final: boolean): void => {
    drainRoots(final);
    session?.delivery.hide();
  };

  const fail = (error: unknown): void => {
    const root = currentRoot() ?? state.implicit;
    // `undefined` would say that nothing failed.
    if (session !== undefined && root !== undefined && !root.ended) endRoot(root, error === undefined ? 'undefined' : error);
  };

  const autostart = (): void => {
    if (decided) return;
    decided = true;
    const environment = readEnvironment();
    if (startsByItself(environment)) tryBegin({}, environment, true);
    else if (environment.switch === 'off') offBecause = 'CAPTUREFLOW=off';
    else if (environment.production) offBecause = "NODE_ENV is 'production' and CAPTUREFLOW is not 'on'";
    else offBecause = 'there is no file system and start() was not called';
  };

  const currentTrace = (): Root | undefined => (session === undefined ? undefined : currentRoot());

  const api: RuntimeApi = {
    start(options = {}) {
      const checked = checkOptions(options);
      decided = true;
      const environment = readEnvironment();
      if (environment.switch === 'off') {
        offBecause = 'CAPTUREFLOW=off';
        return;
      }
      tryBegin(checked, environment, false);
    },
    async stop(deadlineMs) {
      decided = true;
      if (session !== undefined) offBecause = 'stop() was called';
      await end(session, deadlineMs);
    },
    async flush(deadlineMs) {
      if (session === undefined) return;
      drainRoots(false);
      await session.delivery.flush(deadlineMs);
    },
    stats(): RuntimeStats {
      return {
        ...recorderStats(),
        roots: keptRoots(),
        governor: governorStats(),
        offBecause,
        exporters: sink?.stats() ?? [],
        encodeErrors: sink?.encodeErrors ?? 0,
        listenerErrors: listeners.errors,
      };
    },
    runRoot<T>(meta: string | RunRootMeta, fn: (root: ReturnType<typeof openRoot> | undefined) => T): T {
      autostart();
      if (session === undefined) return fn(undefined);
      const root = openRoot(rootMeta(meta, bridged?.() ?? startedBy));
      return runAndEnd({ runInRoot, endRoot }, root, () => fn(root));
    },
    beginRoot(meta) {
      autostart();
      if (session === undefined) return () => {};
      const root = openRoot(rootMeta(meta, bridged?.() ?? startedBy));
      enterAmbientRoot(root);
      return (error) => endRoot(root, error);
    },
    trace: createTrace(probes, () => {
      autostart();
      return state.started && !state.quiet;
    }),
    annotate(data) {
      if (session !== undefined) annotate(data);
    },
    keep() {
      if (session !== undefined) currentRoot()?.keep();
    },
    onTrace: (listener) => listeners.add(listener),
    currentTrace,
    ...createFrameworkRoutes(currentTrace),
    traceCarrier() {
      const root = currentTrace();
      return root === undefined ? {} : carrierOf(root);
    },
    traceEnv() {
      const { traceparent, tracestate } = api.traceCarrier();
      return {
        ...(traceparent === undefined ? {} : { TRACEPARENT: traceparent }),
        ...(tracestate === undefined ? {} : { TRACESTATE: tracestate }),
      };
    },
    captureTree: (fn) => captureTree(api, fn),
    bridge(active) {
      bridged = active;
      return (parent) => {
        if (session !== undefined) adoptParent(parent);
      };
    },
    autostart,
  };

  return {
    v: SHARED_VERSION,
    probes,
    api,
  };
}

function rootMeta(meta: string | RunRootMeta, otherwise: ParentContext | undefined): RootMeta {
  const given: RunRootMeta = typeof meta === 'string' ? { name: meta } : meta;
  const { kind = 'run', name, attributes, parent = readCarrier(given.carrier) ?? otherwise } = given;
  return {
    kind,
    name: String(name),
    ...(attributes === undefined ? {} : { attributes: jsonAttributes(attributes) }),
    ...(parent === undefined ? {} : { parent }),
  };
}

function keepAnswers(keep: Keep | undefined): RecorderConfig['keep'] {
  const reasonFor = createKeep(keep, createRandom());
  return (summary) => reasonFor(summary) ?? 'drop';
}

function recorderConfig(
  options: StartOptions & { readonly budget: number },
  environment: Environment,
  level: Level,
  onSegment: RecorderConfig['onSegment'],
): RecorderConfig {
  return {
    level,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
    ...(options.maxChunksPerRoot === undefined ? {} : { maxChunksPerRoot: options.maxChunksPerRoot }),
    keep: keepAnswers(options.keep),
    budget: options.budget,
    examples: options.examples ?? false,
    objects: options.objects ?? 'sampled',
    watchRare: typeof options.keep === 'function' || options.keep?.rare === true,
    onSegment,
    processInfo: { ...environment.process, service: options.service ?? environment.process.service },
    clock: options.clock ?? 'sampled',
    redact: toRedactionRules(options.redact),
    redactDefaults: options.redactDefaults ?? true,
    ...(environment.script === '' ? {} : { scriptName: environment.script }),
    ...(environment.scriptParent === undefined ? {} : { scriptParent: environment.scriptParent }),
  };
}
