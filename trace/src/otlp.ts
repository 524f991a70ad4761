/**
 * The JSON form of OpenTelemetry's `ExportTraceServiceRequest` (opentelemetry-proto 1.x), as far as traces need it. Types and numbers only.
 * Names and numbers are the protocol's own.
 */

export interface OtlpRequest {
  readonly resourceSpans: readonly OtlpResourceSpans[];
}

export interface OtlpResourceSpans {
  readonly resource: { readonly attributes: readonly OtlpAttribute[] };
  readonly scopeSpans: readonly {
    readonly scope: { readonly name: string; readonly version?: string };
    readonly spans: readonly OtlpSpan[];
  }[];
}

/** Fields that have their protocol default (0, '', empty) may be absent. */
export interface OtlpSpan {
  /** 32 hex digits, unlike other bytes in proto3 JSON. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** W3C trace flags in the low byte; `SpanFlag`. */
  readonly flags?: number;
  readonly name: string;
  /** `SpanKind`. */
  readonly kind: number;
  /** Unix time in nanoseconds, decimal digits: it does not fit a double. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events?: readonly OtlpEvent[];
  readonly droppedEventsCount?: number;
  readonly links?: readonly OtlpLink[];
  /** Empty: not an error. `code`: `StatusCode`. Absent where others left it out. */
  readonly status?: { readonly code?: number; readonly message?: string };
}

export interface OtlpEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes?: readonly OtlpAttribute[];
}

export interface OtlpLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags?: number;
  readonly attributes?: readonly OtlpAttribute[];
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** One of the fields; none: null. 64-bit integers are decimal digits, and readers take numbers too. */
export interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number | string;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpAttribute[] };
  /** Base64. */
  readonly bytesValue?: string;
}

export const SpanKind = { INTERNAL: 1, SERVER: 2 } as const;

export const StatusCode = { UNSET: 0, OK: 1, ERROR: 2 } as const;

export const SpanFlag = { SAMPLED: 1, HAS_IS_REMOTE: 0x100, IS_REMOTE: 0x200 } as const;
