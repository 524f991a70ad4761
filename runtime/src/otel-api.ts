/** What the bridge uses of `@opentelemetry/api` 1.x, by its shape: the runtime depends on nobody, and the program's own copy is the one that counts. */

export interface OtelSpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean;
  readonly traceState?: { serialize(): string };
}

export type OtelAttributeValue = string | number | boolean | (string | number | boolean)[];
export type OtelAttributes = Record<string, OtelAttributeValue>;

/** Seconds and nanoseconds. */
export type OtelTime = [number, number];

export interface OtelSpan {
  spanContext(): OtelSpanContext;
}

export interface OtelWritableSpan extends OtelSpan {
  addEvent(name: string, attributes: OtelAttributes, time: OtelTime): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  end(time: OtelTime): void;
}

/** `import * as api from '@opentelemetry/api'`, as far as it has to be one. What is handed from one of its functions to the next is its own affair. */
export interface OtelApi {
  readonly ROOT_CONTEXT: unknown;
  readonly trace: {
    getActiveSpan(): OtelSpan | undefined;
    setSpan(context: never, span: never): unknown;
    setSpanContext(context: never, spanContext: never): unknown;
    getTracer(name: string): { startSpan(name: string, options: never, context: never): unknown };
  };
}

/** The same as we call it. */
export interface OtelCalls {
  readonly ROOT_CONTEXT: OtelContext;
  readonly trace: {
    setSpan(context: OtelContext, span: OtelWritableSpan): OtelContext;
    setSpanContext(context: OtelContext, spanContext: OtelSpanContext): OtelContext;
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { kind: number; startTime: OtelTime; attributes: OtelAttributes },
        context: OtelContext,
      ): OtelWritableSpan;
    };
  };
}

export type OtelContext = object;
