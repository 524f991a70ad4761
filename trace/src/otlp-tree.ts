/** The spans of OTLP requests as trees: reads what is sound, joins spans that were sent in two pieces, and finds who belongs to whom. */
import { Attribute } from './otlp-names.ts';
import { StatusCode } from './otlp.ts';
import { unixMs } from './unix-nano.ts';

export type ReadAttributes = Readonly<Record<string, unknown>>;

export interface ReadSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** '' when it has none. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  /** Unix ms. */
  readonly start: number;
  readonly end: number;
  readonly attributes: ReadAttributes;
  readonly resource: ReadAttributes;
  readonly events: readonly { readonly name: string; readonly time: number; readonly attributes: ReadAttributes }[];
  readonly failed: boolean;
  readonly message: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Attributes nest; deeper than this is no data. */
const DEEPEST = 50;

export class OtlpTree {
  /** In order of their start. */
  readonly roots: readonly ReadSpan[];
  /** Spans that could not be read. */
  broken: number = 0;
  private readonly spans: Map<string, ReadSpan> = new Map();
  private readonly children: Map<ReadSpan, ReadSpan[]> = new Map();

  constructor(requests: readonly unknown[]) {
    const continued: ReadSpan[] = [];
    for (const request of requests) {
      for (const { resource, scopeSpans } of objectsIn(asObject(request), 'resourceSpans')) {
        const about = attributesOf(asObject(resource)['attributes']);
        for (const scope of objectsIn({ scopeSpans }, 'scopeSpans')) {
          for (const json of objectsIn(scope, 'spans')) this.add(json, about, continued);
        }
      }
    }
    for (const rest of continued) this.join(rest);
    const all = [...this.spans.values()].sort((a, b) => a.start - b.start);
    const roots: ReadSpan[] = [];
    for (const span of all) {
      const parent = this.parentOf(span);
      if (parent === undefined || parent === span) roots.push(span);
      else this.addChild(parent, span);
    }
    this.roots = roots;
    // Spans that are each other's parents hang under no root.
    this.broken += all.length - roots.reduce((sum, root) => sum + 1 + this.below(root).length, 0);
  }

  parentOf(span: ReadSpan): ReadSpan | undefined {
    return this.spans.get(keyOf(span.traceId, span.parentSpanId));
  }

  /** Everything under `root`, each span behind its parent, siblings in order of their start. */
  below(root: ReadSpan): ReadSpan[] {
    const order: ReadSpan[] = [];
    const open = [...(this.children.get(root) ?? [])].reverse();
    for (let span = open.pop(); span !== undefined; span = open.pop()) {
      order.push(span);
      const children = this.children.get(span) ?? [];
      for (let i = children.length - 1; i >= 0; i--) open.push(children[i] as ReadSpan);
    }
    return order;
  }

  private addChild(parent: ReadSpan, span: ReadSpan): void {
    const siblings = this.children.get(parent);
    if (siblings === undefined) this.children.set(parent, [span]);
    else siblings.push(span);
  }

  private add(json: Json, resource: ReadAttributes, continued: ReadSpan[]): void {
    const span = readSpan(json, resource);
    if (span === undefined) this.broken++;
    else if (span.attributes[Attribute.CONTINUES] === true) continued.push(span);
    else this.spans.set(keyOf(span.traceId, span.spanId), span);
  }

  /** A continuation hangs under the span that it continues. Alone it stands for it. */
  private join(rest: ReadSpan): void {
    const first = this.parentOf(rest);
    if (first === undefined) {
      this.spans.set(keyOf(rest.traceId, rest.spanId), rest);
      return;
    }
    const { [Attribute.OUTCOME]: _, ...known } = first.attributes;
    const attributes = { ...known, ...rest.attributes };
    this.spans.set(keyOf(first.traceId, first.spanId), { ...rest, ...ids(first), attributes, events: [...first.events, ...rest.events] });
  }
}

function ids({ traceId, spanId, parentSpanId, start }: ReadSpan): Pick<ReadSpan, 'traceId' | 'spanId' | 'parentSpanId' | 'start'> {
  return { traceId, spanId, parentSpanId, start };
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}-${spanId}`;
}

function readSpan(json: Json, resource: ReadAttributes): ReadSpan | undefined {
  const { traceId, spanId, parentSpanId, name, kind } = json;
  const start = unixMs(json['startTimeUnixNano']);
  const end = unixMs(json['endTimeUnixNano']);
  if (!isHex(traceId, 32) || !isHex(spanId, 16) || Number.isNaN(start)) return undefined;
  const { code, message } = asObject(json['status']);
  return {
    traceId: traceId.toLowerCase(),
    spanId: spanId.toLowerCase(),
    parentSpanId: isHex(parentSpanId, 16) ? parentSpanId.toLowerCase() : '',
    name: typeof name === 'string' ? name : '',
    kind: typeof kind === 'number' ? kind : 0,
    start,
    end: Number.isNaN(end) ? start : Math.max(start, end),
    attributes: attributesOf(json['attributes']),
    resource,
    events: objectsIn(json, 'events').map((event) => ({
      name: typeof event['name'] === 'string' ? event['name'] : '',
      time: unixMs(event['timeUnixNano']) || start,
      attributes: attributesOf(event['attributes']),
    })),
    failed: code === StatusCode.ERROR || code === 'STATUS_CODE_ERROR',
    message: typeof message === 'string' ? message : '',
  };
}

function attributesOf(list: unknown, depth: number = 0): Record<string, unknown> {
  const attributes: [string, unknown][] = [];
  for (const { key, value } of objectsIn({ list }, 'list')) {
    if (typeof key === 'string') attributes.push([key, plainOf(value, depth)]);
  }
  // Unlike an assignment, this makes a plain property of an attribute named `__proto__`.
  return Object.fromEntries(attributes);
}

function plainOf(json: unknown, depth: number): unknown {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = asObject(json);
  if (intValue !== undefined) return Number(intValue);
  if (doubleValue !== undefined) return Number(doubleValue);
  if (depth < DEEPEST && arrayValue !== undefined) {
    const { values } = asObject(arrayValue);
    return Array.isArray(values) ? values.map((value) => plainOf(value, depth + 1)) : [];
  }
  if (depth < DEEPEST && kvlistValue !== undefined) return attributesOf(asObject(kvlistValue)['values'], depth + 1);
  return stringValue ?? boolValue ?? bytesValue ?? null;
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value);
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function objectsIn(holder: Json, key: string): Json[] {
  const list = holder[key];
  return Array.isArray(list) ? list.map(asObject) : [];
}
