/**
 * Names of attributes and events in OTLP: OpenTelemetry's where it has one (semantic conventions 1.44), `captureflow.` for the rest. The
 * table in docs/formats.md says what each means.
 */

export const Attribute = {
  FUNCTION: 'code.function.name',
  FILE: 'code.file.path',
  LINE: 'code.line.number',
  COLUMN: 'code.column.number',
  ERROR_TYPE: 'error.type',
  EXCEPTION_TYPE: 'exception.type',
  EXCEPTION_MESSAGE: 'exception.message',
  EXCEPTION_STACK: 'exception.stacktrace',
  SERVICE: 'service.name',
  PID: 'process.pid',
  RUNTIME: 'process.runtime.name',
  RUNTIME_VERSION: 'process.runtime.version',
  THREAD: 'thread.id',
  SDK_LANGUAGE: 'telemetry.sdk.language',
  SDK_NAME: 'telemetry.sdk.name',
  SDK_VERSION: 'telemetry.sdk.version',
  /** JSON object by parameter. */
  ARGS: 'captureflow.args',
  /** JSON. */
  RETURN: 'captureflow.return',
  RETURN_LINE: 'captureflow.return.line',
  /** JSON of what was thrown when it is no error. */
  THROWN: 'captureflow.thrown',
  LOCALS: 'captureflow.locals',
  /** JSON array. */
  ANNOTATIONS: 'captureflow.annotations',
  NUMBER: 'captureflow.span',
  /** How the span hangs under its parent when that did not call it. */
  LINK: 'captureflow.link',
  ASYNC: 'captureflow.async',
  GENERATOR: 'captureflow.generator',
  /** `closed`: a generator that its consumer closed. `open`: not ended when this was written. */
  OUTCOME: 'captureflow.outcome',
  /** The same for the same error within a trace. */
  ERROR_ID: 'captureflow.error.id',
  TIME_ERROR: 'captureflow.time_error_ms',
  SUSPENDED: 'captureflow.suspended_ms',
  ROOT_KIND: 'captureflow.root.kind',
  TRACE_URL: 'captureflow.trace.url',
  KEPT: 'captureflow.kept',
  /** Followed by the cause. */
  DROPPED: 'captureflow.dropped.',
  ROOTS_DROPPED: 'captureflow.roots_dropped.',
  ELIDED_CALLS: 'captureflow.elided.calls',
  /** JSON object: calls by `module#function`. */
  ELIDED_FUNCTIONS: 'captureflow.elided.functions',
  PRUNED_SPANS: 'captureflow.pruned.spans',
  PRUNED_ERRORS: 'captureflow.pruned.errors',
  /** On a span and its link: the span goes on with what the linked one, sent as open, did later. */
  CONTINUES: 'captureflow.continues',
  PAUSE: 'captureflow.pause',
  /** Absent: never resumed. */
  PAUSE_MS: 'captureflow.pause_ms',
  CHANGED: 'captureflow.changed',
  GAP_EVENTS: 'captureflow.gap.events',
  GAP_SPANS: 'captureflow.gap.spans',
} as const;

export const EventName = { EXCEPTION: 'exception', LINE: 'line', PAUSE: 'pause', GAP: 'gap' } as const;
