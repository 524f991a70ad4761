/** What a list of traces says of each: a few fields of a trace, plain data, so that a list of many is small. Must not read values. */
import type { Trace } from './model.ts';
import type { RootKind } from './segment.ts';

/** Which format a trace came in. */
export type TraceSource = 'native' | 'otlp' | 'captureflow' | 'json';

export interface TraceSummary {
  /** Of the store that listed it, without meaning elsewhere. */
  readonly id: string;
  /** 32 hex digits; a CaptureFlow trace: its invocation id. Not unique: roots that called each other share it. */
  readonly traceId: string;
  readonly name: string;
  readonly kind: RootKind;
  /** Unix ms, fractional. */
  readonly startTime: number;
  /** ms; undefined while the root has not ended. */
  readonly duration?: number;
  readonly spans: number;
  /** Spans that threw, also where somebody caught it. */
  readonly errors: number;
  /** `error`: the root says so or, where a root cannot tell, what it called threw and nothing recorded caught it. */
  readonly outcome: 'ok' | 'error' | 'open';
  /** Of a request: the HTTP status. */
  readonly status?: number;
  /** Of a request: the pattern of its route. */
  readonly route?: string;
  readonly service: string;
  readonly source: TraceSource;
  /** What the recorder or the reader lost, all causes together; gaps are among them. */
  readonly dropped: number;
}

/** Old and new name of the same attribute. */
const STATUS = ['http.response.status_code', 'http.status_code'] as const;

/** From this status on it is the server that failed, and not who asked. */
const SERVER_ERROR = 500;

/** All but the id, which the store gives. `source` default 'native'. */
export function summarize(trace: Trace, source: TraceSource = 'native'): Omit<TraceSummary, 'id'> {
  let errors = 0;
  let errorLeft = false;
  for (const span of trace.spans) {
    if (span.outcome.kind !== 'threw') continue;
    errors++;
    if (span.parent === 0) errorLeft = true;
  }
  let dropped = 0;
  for (const count of Object.values(trace.dropped)) dropped += count;
  const { duration, traceId, startTime } = trace;
  return {
    ...rootSummary(trace.root, errorLeft, duration),
    traceId,
    startTime,
    spans: trace.spans.length,
    errors,
    service: trace.process.service,
    source,
    dropped,
  };
}

/**
 * Kinds of roots that are told how they ended: `runRoot` by what its function does, scripts and tasks by an uncaught error. Under these an error that left
 * recorded code was caught by code that is not recorded, the top level of a script for one. A request tells by its status, where it got to one.
 */
const TELLING: ReadonlySet<RootKind> = new Set(['run', 'script', 'task']);

/** The fields that a root alone decides. `errorLeft`: something directly under it threw. */
export function rootSummary(
  root: Pick<Trace['root'], 'kind' | 'name' | 'attributes' | 'error'>,
  errorLeft: boolean,
  duration: number | undefined,
): Pick<TraceSummary, 'kind' | 'name' | 'outcome' | 'duration' | 'status' | 'route'> {
  const { kind, name, attributes } = root;
  const status = STATUS.map((key) => statusOf(attributes[key])).find((code) => code !== undefined);
  const route = attributes['http.route'];
  const tells = TELLING.has(kind) || status !== undefined;
  const refused = status !== undefined && status >= SERVER_ERROR;
  const failed = root.error !== undefined || attributes['error.type'] !== undefined || refused || (errorLeft && !tells);
  return {
    kind,
    name,
    outcome: failed ? 'error' : duration === undefined ? 'open' : 'ok',
    ...(duration === undefined ? {} : { duration }),
    ...(status === undefined ? {} : { status }),
    ...(typeof route === 'string' ? { route } : {}),
  };
}

/** Foreign programs write it as text, too. */
function statusOf(value: unknown): number | undefined {
  const code = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
  return Number.isInteger(code) && code > 0 ? code : undefined;
}
