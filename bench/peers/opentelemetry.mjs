/** OpenTelemetry's own SDK behind the spans of span-per-function.mjs: active context, batch processor, an exporter that lets go. */
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

export async function prepare() {
  process.env.CAPTUREFLOW = 'off';
  const exporter = { export: (_, done) => done({ code: 0 }), shutdown: async () => {} };
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }));
  const tracer = trace.getTracer('bench');

  globalThis.benchTrace = (name, count, body) =>
    tracer.startActiveSpan(name, { attributes: { 'code.function.name': name, 'bench.arguments': count } }, (span) => {
      try {
        return body();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  globalThis.benchTraceAsync = (name, count, body) =>
    tracer.startActiveSpan(name, { attributes: { 'code.function.name': name, 'bench.arguments': count } }, async (span) => {
      try {
        return await body();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  return {};
}
