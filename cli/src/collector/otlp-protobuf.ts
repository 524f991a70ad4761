/**
 * OTLP's protobuf as OTLP's JSON, which everything behind it reads: https://github.com/open-telemetry/opentelemetry-proto, trace service, version 1. The library
 * knows the wire, the tables here say which field is what; a field that is not in them is skipped.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** How a field is read, or the message in it. `many`: repeated. */
type Kind = 'text' | 'hex' | 'base64' | 'bool' | 'int' | 'uint32' | 'fixed32' | 'fixed64' | 'int64' | 'double' | (() => Message);
type Message = Readonly<Record<number, readonly [name: string, kind: Kind, many?: 'many']>>;

const WIRE: Readonly<Record<Exclude<Kind, () => Message>, WireType>> = {
  text: WireType.LengthDelimited,
  hex: WireType.LengthDelimited,
  base64: WireType.LengthDelimited,
  bool: WireType.Varint,
  int: WireType.Varint,
  uint32: WireType.Varint,
  int64: WireType.Varint,
  fixed32: WireType.Bit32,
  fixed64: WireType.Bit64,
  double: WireType.Bit64,
};

const ANY_VALUE: Message = {
  1: ['stringValue', 'text'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int64'],
  4: ['doubleValue', 'double'],
  5: ['arrayValue', () => VALUES],
  6: ['kvlistValue', () => KEY_VALUES],
  7: ['bytesValue', 'base64'],
};
const VALUES: Message = { 1: ['values', () => ANY_VALUE, 'many'] };
const KEY_VALUE: Message = { 1: ['key', 'text'], 2: ['value', () => ANY_VALUE] };
const KEY_VALUES: Message = { 1: ['values', () => KEY_VALUE, 'many'] };
const EVENT: Message = {
  1: ['timeUnixNano', 'fixed64'],
  2: ['name', 'text'],
  3: ['attributes', () => KEY_VALUE, 'many'],
  4: ['droppedAttributesCount', 'uint32'],
};
const LINK: Message = {
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['attributes', () => KEY_VALUE, 'many'],
  5: ['droppedAttributesCount', 'uint32'],
  6: ['flags', 'fixed32'],
};
const STATUS: Message = { 2: ['message', 'text'], 3: ['code', 'int'] };
const SPAN: Message = {
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'text'],
  6: ['kind', 'int'],
  7: ['startTimeUnixNano', 'fixed64'],
  8: ['endTimeUnixNano', 'fixed64'],
  9: ['attributes', () => KEY_VALUE, 'many'],
  10: ['droppedAttributesCount', 'uint32'],
  11: ['events', () => EVENT, 'many'],
  12: ['droppedEventsCount', 'uint32'],
  13: ['links', () => LINK, 'many'],
  14: ['droppedLinksCount', 'uint32'],
  15: ['status', () => STATUS],
  16: ['flags', 'fixed32'],
};
const SCOPE: Message = { 1: ['name', 'text'], 2: ['version', 'text'], 3: ['attributes', () => KEY_VALUE, 'many'] };
const SCOPE_SPANS: Message = { 1: ['scope', () => SCOPE], 2: ['spans', () => SPAN, 'many'], 3: ['schemaUrl', 'text'] };
const RESOURCE: Message = { 1: ['attributes', () => KEY_VALUE, 'many'], 2: ['droppedAttributesCount', 'uint32'] };
const RESOURCE_SPANS: Message = {
  1: ['resource', () => RESOURCE],
  2: ['scopeSpans', () => SCOPE_SPANS, 'many'],
  3: ['schemaUrl', 'text'],
};
const REQUEST: Message = { 1: ['resourceSpans', () => RESOURCE_SPANS, 'many'] };

/** Values nest in values; nothing that anybody records goes as deep. */
const DEEPEST = 100;

/** An `ExportTraceServiceRequest`. @throws {Error} where the bytes are none */
export function otlpJsonOfProtobuf(bytes: Uint8Array): unknown {
  return { resourceSpans: [], ...readMessage(new BinaryReader(bytes), bytes.length, REQUEST, 0) };
}

function readMessage(reader: BinaryReader, end: number, message: Message, depth: number): Record<string, unknown> {
  if (depth > DEEPEST) throw new Error('messages nest too deep');
  const fields: Record<string, unknown> = {};
  while (reader.pos < end) {
    const [number, wire] = reader.tag();
    const [name, kind, many] = message[number] ?? [];
    if (name === undefined || kind === undefined || wire !== (typeof kind === 'string' ? WIRE[kind] : WireType.LengthDelimited)) {
      reader.skip(wire, number);
      continue;
    }
    const value = typeof kind === 'string' ? readScalar(reader, kind) : readInside(reader, kind(), depth);
    if (many === undefined) fields[name] = value;
    else ((fields[name] ??= []) as unknown[]).push(value);
  }
  if (reader.pos > end) throw new Error('a message ends inside a field');
  return fields;
}

function readInside(reader: BinaryReader, message: Message, depth: number): Record<string, unknown> {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new Error('the bytes end inside a message');
  return readMessage(reader, end, message, depth + 1);
}

function readScalar(reader: BinaryReader, kind: Exclude<Kind, () => Message>): unknown {
  switch (kind) {
    case 'text':
      return reader.string();
    case 'hex':
      return Buffer.from(reader.bytes()).toString('hex');
    case 'base64':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'bool':
      return reader.bool();
    case 'int':
      return reader.int32();
    case 'uint32':
      return reader.uint32();
    case 'fixed32':
      return reader.fixed32();
    case 'fixed64':
      return String(reader.fixed64());
    case 'int64':
      return String(reader.int64());
    case 'double': {
      const number = reader.double();
      return Number.isFinite(number) ? number : String(number);
    }
  }
}

/** An `ExportTraceServiceResponse`; without rejected spans it has no bytes. */
export function protobufOfSuccess(rejected: number, message: string): Uint8Array {
  const writer = new BinaryWriter();
  if (rejected > 0)
    writer
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.Varint)
      .int64(rejected)
      .tag(2, WireType.LengthDelimited)
      .string(message)
      .join();
  return writer.finish();
}

/** A `google.rpc.Status`. */
export function protobufOfFailure(message: string): Uint8Array {
  return new BinaryWriter().tag(2, WireType.LengthDelimited).string(message).finish();
}
