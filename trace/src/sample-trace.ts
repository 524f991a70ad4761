/** Which traces go to a backend that takes a share of them. The same everywhere: services that share a trace decide alike. */
import type { Trace } from './model.ts';

export interface SampleOptions {
  /** Share of the traces, 0 to 1, by the last 56 bits of the trace id, as OpenTelemetry's consistent sampling has it. Default 1. */
  readonly sampleRatio?: number;
  /** Traces in which something threw go always. Default true. */
  readonly keepErrors?: boolean;
}

export function isSampled(trace: Trace, options: SampleOptions = {}): boolean {
  const { sampleRatio = 1, keepErrors = true } = options;
  if (sampleRatio >= 1 || (keepErrors && hasError(trace))) return true;
  // 52 bits, which a double holds exactly; the four that are left out do not change a share.
  return Number.parseInt(trace.traceId.slice(18, 31), 16) >= (1 - sampleRatio) * 2 ** 52;
}

/** The root failed or any function threw. */
export function hasError(trace: Trace): boolean {
  return hasRootError(trace) || trace.spans.some(({ outcome }) => outcome.kind === 'threw');
}

/** `error.type` is OpenTelemetry's sign of a request that failed without an error of the program's. */
export function hasRootError({ root }: Trace): boolean {
  return root.error !== undefined || root.attributes['error.type'] !== undefined;
}
