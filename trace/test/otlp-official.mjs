/**
 * OpenTelemetry's own view of OTLP requests, in a process of its own: vitest's resolves packages by the condition `module`, and the ESM
 * builds of OpenTelemetry 2 import without extensions. Takes a JSON list of requests (texts) on stdin; gives for each what the official decoder
 * reads of it, of what the SDK's serialiser writes for spans of the same content, or why it was refused.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { JsonTraceSerializer } = require('@opentelemetry/otlp-transformer');
const { resourceFromAttributes } = require('@opentelemetry/resources');
// The protobufjs classes of the last version that had them; not exported, so found beside what is.
const { opentelemetry } = require(`${require.resolve('otlp-decoder').replace(/index\.js$/, '')}generated/root.js`);
const { ExportTraceServiceRequest } = opentelemetry.proto.collector.trace.v1;

/** The request as the protocol's messages have it: hex ids as bytes, every default in its place. Throws when it breaks the schema. */
function decode(text) {
  const withBytes = JSON.parse(text, (key, value) =>
    /^(traceId|spanId|parentSpanId)$/.test(key) && typeof value === 'string' ? Buffer.from(value, 'hex').toString('base64') : value,
  );
  const message = ExportTraceServiceRequest.fromObject(withBytes);
  const problem = ExportTraceServiceRequest.verify(message);
  if (problem !== null) throw new Error(problem);
  const bytes = ExportTraceServiceRequest.encode(message).finish();
  const read = ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(bytes), {
    longs: String,
    bytes: String,
    defaults: true,
  });
  // JavaScript has one kind of number, so the SDK writes a double that happens to be whole as an integer.
  return JSON.parse(JSON.stringify(read), (key, value) =>
    Number.isInteger(value?.doubleValue) ? { intValue: String(value.doubleValue) } : value,
  );
}

/** The SDK's own JSON for spans that hold what `request` says. */
function bySdk(request) {
  const spans = request.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const sdkResource = resourceFromAttributes(sdkAttributes(resource.attributes));
    return scopeSpans.flatMap(({ scope, spans: own }) => own.map((span) => sdkSpan(span, sdkResource, scope)));
  });
  return new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans));
}

function sdkSpan(span, resource, instrumentationScope) {
  const { traceId, spanId, parentSpanId } = span;
  const isRemote = (span.flags & 0x200) !== 0;
  return {
    name: span.name,
    // The API has no "unspecified".
    kind: span.kind - 1,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    parentSpanContext: parentSpanId === undefined ? undefined : { traceId, spanId: parentSpanId, traceFlags: 1, isRemote },
    startTime: hrTime(span.startTimeUnixNano),
    endTime: hrTime(span.endTimeUnixNano),
    duration: [0, 0],
    ended: true,
    status: { code: 0, ...span.status },
    attributes: sdkAttributes(span.attributes),
    events: (span.events ?? []).map(({ name, timeUnixNano, attributes }) => ({
      name,
      time: hrTime(timeUnixNano),
      attributes: sdkAttributes(attributes),
    })),
    links: (span.links ?? []).map((link) => ({
      context: { traceId: link.traceId, spanId: link.spanId, traceFlags: 1 },
      attributes: sdkAttributes(link.attributes),
    })),
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: span.droppedEventsCount ?? 0,
    droppedLinksCount: 0,
  };
}

function hrTime(nanos) {
  return [Number(nanos.slice(0, -9)), Number(nanos.slice(-9))];
}

function sdkAttributes(attributes = []) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, sdkValue(value)]));
}

function sdkValue(value) {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(sdkValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

const answers = JSON.parse(readFileSync(0, 'utf8')).map((text) => {
  try {
    return { ours: decode(text), sdk: decode(bySdk(JSON.parse(text))) };
  } catch (error) {
    return { refused: error.message };
  }
});
process.stdout.write(JSON.stringify(answers));
