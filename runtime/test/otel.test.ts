/** The bridge beside OpenTelemetry's own API, SDK and context manager. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import type { AlwaysOffSampler as Sampler, ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, test } from 'vitest';
import { currentTrace, flush, onTrace, runRoot, start, stop, trace } from '../src/index.ts';
import type { Trace } from '../src/index.ts';
import { bridgeOpenTelemetry } from '../src/otel.ts';
import type { BridgeOptions } from '../src/otel.ts';
import { loadOpenTelemetry } from './open-telemetry.ts';
import { atEnd, listen, until } from './request-harness.ts';

const { api, contexts, sdk } = await loadOpenTelemetry();
const { AlwaysOffSampler, BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = sdk;
const { AsyncLocalStorageContextManager } = contexts;

afterEach(async () => {
  await stop();
  api.trace.disable();
  api.context.disable();
});

interface Setup {
  readonly traces: Trace[];
  /** What the SDK exported. */
  readonly spans: () => ReadableSpan[];
  readonly bridge: ReturnType<typeof bridgeOpenTelemetry>;
  readonly tracer: Tracer;
}

function setUp(options: BridgeOptions = {}, sampler?: Sampler, propagate: boolean = false): Setup {
  const exporter = new InMemorySpanExporter();
  const bridge = bridgeOpenTelemetry(api, options);
  atEnd(bridge.stop);
  const provider = new BasicTracerProvider({
    spanProcessors: [bridge, new SimpleSpanProcessor(exporter)],
    ...(sampler === undefined ? {} : { sampler }),
  });
  api.trace.setGlobalTracerProvider(provider);
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const traces: Trace[] = [];
  atEnd(onTrace((each) => void traces.push(each)));
  start({ exporters: [], budget: 1, signals: false, propagate });
  return { traces, spans: () => exporter.getFinishedSpans(), bridge, tracer: api.trace.getTracer('test') };
}

/** As OpenTelemetry's instrumentation does: a span around the listeners, which the answer ends. */
function tracedServer(tracer: Tracer, work: () => unknown): Server {
  const server = createServer((_incoming, response) => {
    Promise.resolve(work()).then(() => response.end('yes'));
  });
  const emit = server.emit.bind(server) as (name: string, ...args: unknown[]) => boolean;
  server.emit = (name: string, ...args: unknown[]): boolean => {
    if (name !== 'request') return emit(name, ...args);
    const span = tracer.startSpan('GET', { kind: api.SpanKind.SERVER });
    (args[1] as { on(event: string, end: () => void): void }).on('close', () => span.end());
    return api.context.with(api.trace.setSpan(api.context.active(), span), () => emit(name, ...args));
  };
  return server;
}

async function ask(port: number, headers: Record<string, string> = {}): Promise<void> {
  await (await fetch(`http://127.0.0.1:${port}/orders`, { headers: { connection: 'close', ...headers } })).text();
}

const work = trace('work', () => trace('inner', () => 'done')());

test('a root that is opened under an active span hangs under it, one that has a carrier does not, one without a span is alone', async () => {
  const { traces, tracer } = setUp();
  runRoot('alone', work);
  const context = await tracer.startActiveSpan('service', async (span) => {
    await runRoot('below', async () => work());
    runRoot({ name: 'carried', carrier: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } }, work);
    span.end();
    return span.spanContext();
  });
  await flush();
  const parents = new Map(traces.map(({ root, traceId }) => [root.name, [root.parent?.spanId, traceId === context.traceId]]));
  expect(parents.get('alone')).toEqual([undefined, false]);
  expect(parents.get('below')).toEqual([context.spanId, true]);
  expect(parents.get('carried')).toEqual(['b'.repeat(16), false]);
});

test("a request's root, which is there first, hangs under the span that OpenTelemetry makes of the request, and not under later ones", async () => {
  const { traces, spans, tracer } = setUp();
  const port = await listen(
    tracedServer(tracer, async () => {
      work();
      tracer.startSpan('other', { kind: api.SpanKind.SERVER }).end();
      tracer.startSpan('client', { kind: api.SpanKind.CLIENT }).end();
      await Promise.resolve();
    }),
  );
  await ask(port);
  await until(() => traces.length === 1 && spans().length === 3);
  const server = spans()
    .find(({ name }) => name === 'GET')
    ?.spanContext();
  expect(traces[0]?.root).toMatchObject({
    kind: 'http',
    name: 'GET /orders',
    parent: { traceId: server?.traceId, spanId: server?.spanId },
  });
  expect(traces[0]?.traceId).toBe(server?.traceId);
});

test('a request that says whose it is keeps the trace: a span of another one is no parent', async () => {
  const { traces, tracer } = setUp();
  const port = await listen(tracedServer(tracer, work));
  await ask(port, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
  await until(() => traces.length === 1);
  // The tracer of this test reads no headers: its span is of another trace.
  expect(traces[0]?.root.parent).toEqual({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
});

test('whoever was told of the trace already finds it under the id that he was told', async () => {
  const { traces, tracer } = setUp();
  let told: string | undefined;
  const server = tracedServer(tracer, work);
  const { emit } = server;
  server.emit = (name: string, ...args: never[]): boolean => {
    if (name === 'request') told = currentTrace()?.traceId;
    return emit(name, ...args);
  };
  await ask(await listen(server));
  await until(() => traces.length === 1);
  expect([traces[0]?.traceId, traces[0]?.root.parent]).toEqual([told, undefined]);
});

test('what runs under a span of OpenTelemetry carries the header of its instrumentation, not a second one', async () => {
  const { tracer } = setUp({}, undefined, true);
  const heard: IncomingHttpHeaders[] = [];
  const port = await listen(
    createServer((incoming, response) => {
      heard.push(incoming.headers);
      response.end();
    }),
  );
  const root = await runRoot('alone', async (opened) => {
    await ask(port);
    return opened;
  });
  await tracer.startActiveSpan('service', async (span) => {
    await runRoot('below', () => ask(port));
    span.end();
  });
  expect(heard.map(({ traceparent }) => traceparent)).toEqual([`00-${root?.traceId}-${root?.spanId}-01`, undefined]);
});

test('kept traces become spans of the SDK under the span that caused them, with times, errors and late work', async () => {
  const { spans, tracer } = setUp({ spans: true });
  const fails = trace('fails', () => {
    throw new TypeError('no');
  });
  let late = (): void => {};
  const context = await tracer.startActiveSpan('service', async (span) => {
    runRoot('below', () => {
      work();
      expect(fails).toThrow('no');
      setTimeout(() => {
        work();
        late();
      }, 30);
    });
    span.end();
    return span.spanContext();
  });
  await flush();
  const byName = (name: string): ReadableSpan[] => spans().filter((each) => each.name === name);
  expect(
    spans()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['below', 'fails', 'inner', 'service', 'work']);
  expect(new Set(spans().map((each) => each.spanContext().traceId))).toEqual(new Set([context.traceId]));
  const [below] = byName('below');
  const [first] = byName('work');
  expect(below?.parentSpanContext?.spanId).toBe(context.spanId);
  expect(below?.kind).toBe(api.SpanKind.INTERNAL);
  expect(first?.parentSpanContext?.spanId).toBe(below?.spanContext().spanId);
  expect(byName('inner')[0]?.parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
  expect(first?.attributes['code.function.name']).toBe('work');
  const [failed] = byName('fails');
  expect(failed?.status.code).toBe(api.SpanStatusCode.ERROR);
  expect(failed?.events.map(({ name, attributes }) => [name, attributes?.['exception.type']])).toEqual([['exception', 'TypeError']]);
  const ms = ([seconds, nanoseconds]: [number, number]): number => seconds * 1000 + nanoseconds / 1e6;
  expect(Math.abs(ms(below?.startTime ?? [0, 0]) - Date.now())).toBeLessThan(60_000);
  expect(ms(first?.endTime ?? [0, 0])).toBeGreaterThanOrEqual(ms(first?.startTime ?? [0, 0]));
  await new Promise<void>((resolve) => (late = resolve));
  await stop();
  expect(byName('work')).toHaveLength(2);
  expect(byName('below')).toHaveLength(1);
});

test('of what OpenTelemetry does not sample there are no spans', async () => {
  const { spans, traces, tracer } = setUp({ spans: true }, new AlwaysOffSampler());
  await tracer.startActiveSpan('service', async () => runRoot('below', work));
  await flush();
  expect(traces.map(({ root }) => root.name)).toEqual(['below']);
  expect(spans()).toEqual([]);
});

test('without an SDK, and after it was stopped, nothing has a parent', async () => {
  const { traces, bridge, tracer } = setUp();
  api.trace.disable();
  api.trace.getTracer('none').startActiveSpan('nothing', () => runRoot('without SDK', work));
  await bridge.shutdown();
  tracer.startActiveSpan('service', () => runRoot('stopped', work));
  await flush();
  expect(traces.map(({ root }) => [root.name, root.parent])).toEqual([
    ['without SDK', undefined],
    ['stopped', undefined],
  ]);
});

test('an API that throws does not reach the program', () => {
  const broken = {
    ...api,
    trace: {
      ...api.trace,
      getActiveSpan: (): never => {
        throw new Error('broken');
      },
    },
  };
  start({ exporters: [], signals: false });
  const bridge = bridgeOpenTelemetry(broken as unknown as typeof api);
  expect(runRoot('root', () => 7)).toBe(7);
  bridge.stop();
});
