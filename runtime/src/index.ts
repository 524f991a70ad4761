/**
 * @captureflow/runtime: the recorder that instrumented programs report to, for those who want to tell it something. A program
 * needs nothing of this to be recorded: see the environment variables in the README.
 */
import { shared } from './instance.ts';
import type { RuntimeApi } from './runtime-api.ts';

const { api } = shared;

/**
 * Starts recording, or starts again with other options. The environment's `CAPTUREFLOW=off` wins over it; other options win over
 * the environment. What had started by itself goes to the exporters named here.
 * @throws {OptionsError} for an unknown key or a value out of range, before anything has changed.
 */
export const start: RuntimeApi['start'] = api.start;

/** Stops recording, hands everything over and shuts the exporters down. Waits for them up to `deadlineMs`, default 2000. */
export const stop: RuntimeApi['stop'] = api.stop;

/**
 * Hands over what has ended, and writes it. Files are written when the call returns; the promise waits for exporters that
 * need longer, up to `deadlineMs`, default 2000.
 */
export const flush: RuntimeApi['flush'] = api.flush;

/** Counters since the first start, every loss by cause among them. */
export const stats: RuntimeApi['stats'] = api.stats;

/**
 * Runs `fn` as the root of a trace of its own and returns what it returns. When that is a promise, the trace ends when it settles,
 * and the caller gets a new promise with the same outcome, one microtask later. `fn` gets the root (undefined while nothing is
 * recorded), whose `name` and `attributes` may be changed until it ends.
 */
export const runRoot: RuntimeApi['runRoot'] = api.runRoot;

/**
 * Begins a root for those who have a hook at the beginning and one at the end, and no function to run: test runners. Until what it returns is called (with
 * the error, if it failed), all that belongs to no other root belongs to this one. One at a time: a second one takes the first one's place.
 */
export const beginRoot: RuntimeApi['beginRoot'] = api.beginRoot;

/**
 * Spans for functions that no plugin touched: `trace(fn)`, `trace(name, fn)`, `trace({ name, settled }, fn)`, and as a decorator
 * of both standards `@trace`, `@trace(name)`, `@trace({ settled: true })`. See `TraceOptions.settled` for functions that return promises.
 */
export const trace: RuntimeApi['trace'] = api.trace;

/** Attaches a snapshot of `data` to the span that runs now, or to the root. */
export const annotate: RuntimeApi['annotate'] = api.annotate;

/** Asks for the root that runs now to be kept, whatever the policy of `start({ keep })` says. */
export const keep: RuntimeApi['keep'] = api.keep;

/**
 * `listener` gets each trace after it was handed over, in a later turn of the event loop or at `flush`; again, whole, when late work was
 * added to it. What it does synchronously is not recorded. Returns what takes it away.
 */
export const onTrace: RuntimeApi['onTrace'] = api.onTrace;

/**
 * The root of what runs now: its `name` and `attributes` may be changed until it ends, `traceId` and `spanId` name it to others, `keep()` keeps
 * it. Undefined: nothing is recorded, or no root is open here.
 */
export const currentTrace: RuntimeApi['currentTrace'] = api.currentTrace;

/**
 * What a job or a message has to carry, so that the root of its work continues this trace: `queue.add('mail', { ...data, trace: traceCarrier() })`, and in
 * the worker `runRoot({ name: 'mail', carrier: job.data.trace }, work)`. `{ traceparent, tracestate }`, or `{}` where `currentTrace` is undefined.
 */
export const traceCarrier: RuntimeApi['traceCarrier'] = api.traceCarrier;

/**
 * The same as variables of a child process or a worker thread, whose own program is then a part of this trace:
 * `spawn(command, { env: { ...process.env, ...traceEnv() } })`, `new Worker(file, { env: { ...process.env, ...traceEnv() } })`.
 */
export const traceEnv: RuntimeApi['traceEnv'] = api.traceEnv;

/** A middleware for Koa, before the others: `app.use(koaRoute)` names requests by the route of `@koa/router` that answered. */
export const koaRoute: RuntimeApi['koaRoute'] = api.koaRoute;

/** A middleware for Hono, before the others: `app.use(honoRoute)` names requests by the route that answered. */
export const honoRoute: RuntimeApi['honoRoute'] = api.honoRoute;

/**
 * Runs `fn` as a root of its own and answers, when what it returned is settled, with its result and its whole trace, for tests that assert on what ran:
 * `const { result, tree } = await captureTree(() => place(order))`. What `fn` throws is thrown. Uses the recording that is under way, with its level and
 * budget; where there is none, one that records everything for as long.
 * Rejects with an `Error` when nothing can be recorded (`CAPTUREFLOW=off`), with a `TypeError` when `fn` is no function.
 */
export const captureTree: RuntimeApi['captureTree'] = api.captureTree;

export type { CapturedTree } from './capture-tree.ts';
export type { EncodedSegment, ExportBatch, Exporter } from './exporter.ts';
export { captureFlowJsonExporter } from './exporters/captureflow-json.ts';
export type { CaptureFlowJsonExporterOptions } from './exporters/captureflow-json.ts';
export { captureFlowServerExporter } from './exporters/captureflow-server.ts';
export type { CaptureFlowServerExporterOptions } from './exporters/captureflow-server.ts';
export { collectorExporter } from './exporters/collector.ts';
export type { CollectorExporterOptions } from './exporters/collector.ts';
export { consoleExporter } from './exporters/console.ts';
export type { ConsoleExporterOptions } from './exporters/console.ts';
export { fileExporter } from './exporters/file.ts';
export type { FileExporter, FileExporterOptions } from './exporters/file.ts';
export { memoryExporter } from './exporters/memory.ts';
export type { MemoryExporter, MemoryExporterOptions } from './exporters/memory.ts';
export { otlpExporter } from './exporters/otlp.ts';
export type { OtlpExporterOptions } from './exporters/otlp.ts';
export type { GovernorStats } from './governed-functions.ts';
export type { Keep, KeepPolicy, KeepReason } from './keep-policy.ts';
export { OptionsError } from './option-errors.ts';
export type { OptionErrorCode } from './option-errors.ts';
export type { StartOptions } from './options.ts';
export type { RedactionRules } from './redaction-rules.ts';
export type { Propagate } from './origin-pattern.ts';
export type { Channels } from './leaf-spans.ts';
export type { ProfileName } from './profiles.ts';
export type { CaptureLimits, Root, RootMeta, RootSummary } from './recorder-config.ts';
export type { ExporterStats, RunRootMeta, RuntimeStats } from './runtime-api.ts';
export type { AnyClass, AnyFunction, TraceDecorator, TraceFunction, TraceOptions } from './trace-wrapper.ts';
export type { ParentContext, TraceCarrier } from './traceparent.ts';
export type { Trace } from '@captureflow/trace';
