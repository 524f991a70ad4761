/**
 * OTLP/JSON requests, our own or anybody's, as traces. What is not there has a default; what makes no sense is counted in `dropped`. Each span without
 * a parent among those given is the root of a trace of its own.
 */
import { namedValuesOfJson, valueOfJson } from './json-value.ts';
import type { FunctionInfo, LineEvent, NamedValue, Outcome, Span, SpanLink, Suspension, Trace, Value } from './model.ts';
import { Attribute, EventName } from './otlp-names.ts';
import { OtlpTree } from './otlp-tree.ts';
import type { ReadSpan } from './otlp-tree.ts';
import type { RootKind } from './segment.ts';

const ROOT_KINDS: readonly RootKind[] = ['event', 'http', 'run', 'script', 'task', 'test'];
const LINKS: readonly SpanLink[] = ['call', 'lexical', 'root', 'loop', 'delegate', 'top'];
const PAUSES: readonly Suspension['kind'][] = ['await', 'yield', 'delegate', 'loop'];

/** Never throws; gives nothing for what is no request. Several requests of one trace are read together. */
export function fromOtlpJson(...requests: readonly unknown[]): Trace[] {
  const tree = new OtlpTree(requests);
  return tree.roots.map((root) => traceOf(tree, root));
}

function traceOf(tree: OtlpTree, root: ReadSpan): Trace {
  const below = tree.below(root);
  const numbers = new Map<ReadSpan, number>([[root, 0]]);
  below.forEach((span, index) => numbers.set(span, index + 1));
  const children: number[][] = Array.from({ length: below.length + 1 }, () => []);
  const spans = below.map((read, index): Span => {
    const parent = numbers.get(tree.parentOf(read) ?? root) ?? 0;
    children[parent]?.push(index + 1);
    return spanOf(read, index + 1, parent, root.start, children[index + 1] as number[]);
  });
  const { attributes, resource } = root;
  const kind = ROOT_KINDS.find((each) => each === attributes[Attribute.ROOT_KIND]) ?? (root.kind === 2 ? 'http' : 'task');
  const error = errorOf(root);
  const kept = attributes[Attribute.KEPT];
  return {
    traceId: root.traceId,
    root: {
      kind,
      name: root.name,
      attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => !key.startsWith('captureflow.'))),
      spanId: root.spanId,
      ...(root.parentSpanId === '' ? {} : { parent: { traceId: root.traceId, spanId: root.parentSpanId } }),
      ...(error === undefined ? {} : { error }),
      annotations: annotationsOf(root),
    },
    startTime: root.start,
    ...(attributes[Attribute.OUTCOME] === 'open' ? {} : { duration: Math.max(0, root.end - root.start) }),
    process: {
      pid: numberOf(resource[Attribute.PID]) ?? 0,
      threadId: numberOf(attributes[Attribute.THREAD]) ?? 0,
      service: textOf(resource[Attribute.SERVICE]) ?? '',
      runtime: [resource[Attribute.RUNTIME], resource[Attribute.RUNTIME_VERSION]].filter((part) => typeof part === 'string').join(' '),
    },
    spans,
    children: children[0] as number[],
    elided: [],
    gaps: [],
    dropped: { ...countsOf(attributes, Attribute.DROPPED), ...(tree.broken === 0 ? {} : { 'decoder.span': tree.broken }) },
    ...(typeof kept === 'string' ? { kept } : {}),
  };
}

function spanOf(read: ReadSpan, number: number, parent: number, origin: number, children: readonly number[]): Span {
  const { attributes } = read;
  const link = attributes[Attribute.LINK];
  const outcome = outcomeOf(read);
  const locals = attributes[Attribute.LOCALS];
  return {
    number,
    spanId: read.spanId,
    parent,
    link: LINKS.find((each) => each === link) ?? 'call',
    function: functionOf(read),
    start: read.start - origin,
    ...(outcome.kind === 'open' ? {} : { end: read.end - origin }),
    timeError: numberOf(attributes[Attribute.TIME_ERROR]) ?? 0,
    args: namedOf(attributes[Attribute.ARGS]),
    outcome,
    ...(typeof locals === 'string' ? { locals: namedOf(locals) } : {}),
    lines: linesOf(read, origin),
    suspensions: suspensionsOf(read, origin),
    annotations: annotationsOf(read),
    children,
    elided: [],
  };
}

function functionOf({ name, attributes }: ReadSpan): FunctionInfo {
  const module = textOf(attributes[Attribute.FILE]) ?? '';
  const line = numberOf(attributes[Attribute.LINE]) ?? 1;
  const shown = textOf(attributes[Attribute.FUNCTION]) ?? name;
  return {
    key: `${module}#${shown}`,
    name: shown,
    module,
    line,
    column: numberOf(attributes[Attribute.COLUMN]) ?? 1,
    endLine: line,
    level: 'locals',
    form: 'function',
    async: attributes[Attribute.ASYNC] === true,
    generator: attributes[Attribute.GENERATOR] === true,
    parameters: namedOf(attributes[Attribute.ARGS]).map((each) => each.name),
  };
}

function outcomeOf(span: ReadSpan): Outcome {
  const { attributes } = span;
  const written = attributes[Attribute.OUTCOME];
  if (written === 'open' || written === 'closed') return { kind: written };
  const error = errorOf(span);
  if (error !== undefined) {
    const thrown = attributes[Attribute.THROWN];
    const value: Value =
      typeof thrown === 'string'
        ? valueOfJson(thrown)
        : { kind: 'error', id: 1, className: error.type, message: error.message, entries: [] };
    return { kind: 'threw', error: value, errorId: numberOf(attributes[Attribute.ERROR_ID]) ?? 0 };
  }
  const returned = attributes[Attribute.RETURN];
  const line = numberOf(attributes[Attribute.RETURN_LINE]);
  return {
    kind: 'returned',
    ...(typeof returned === 'string' ? { value: valueOfJson(returned) } : {}),
    ...(line === undefined ? {} : { line }),
  };
}

function errorOf({ failed, message, attributes, events }: ReadSpan): { readonly type: string; readonly message: string } | undefined {
  if (!failed) return undefined;
  const event = events.find(({ name }) => name === EventName.EXCEPTION)?.attributes ?? {};
  return {
    type: textOf(event[Attribute.EXCEPTION_TYPE]) ?? textOf(attributes[Attribute.ERROR_TYPE]) ?? 'Error',
    message: textOf(event[Attribute.EXCEPTION_MESSAGE]) ?? message,
  };
}

function linesOf({ events }: ReadSpan, origin: number): LineEvent[] {
  return events
    .filter(({ name }) => name === EventName.LINE)
    .map(({ time, attributes }) => ({
      line: numberOf(attributes[Attribute.LINE]) ?? 0,
      time: time - origin,
      changed: namedOf(attributes[Attribute.CHANGED]),
    }));
}

function suspensionsOf({ events }: ReadSpan, origin: number): Suspension[] {
  return events
    .filter(({ name }) => name === EventName.PAUSE)
    .map(({ time, attributes }) => {
      const ms = numberOf(attributes[Attribute.PAUSE_MS]);
      const from = time - origin;
      return {
        kind: PAUSES.find((each) => each === attributes[Attribute.PAUSE]) ?? 'await',
        from,
        ...(ms === undefined ? {} : { to: from + ms }),
      };
    });
}

function annotationsOf({ attributes }: ReadSpan): readonly Value[] {
  const text = attributes[Attribute.ANNOTATIONS];
  const value = typeof text === 'string' ? valueOfJson(text) : undefined;
  return value?.kind === 'array' ? value.items : [];
}

function countsOf(attributes: ReadSpan['attributes'], prefix: string): Record<string, number> {
  const counts = Object.entries(attributes).filter(([key, value]) => key.startsWith(prefix) && typeof value === 'number');
  return Object.fromEntries(counts.map(([key, value]) => [key.slice(prefix.length), value as number]));
}

function namedOf(text: unknown): readonly NamedValue[] {
  return typeof text === 'string' ? namedValuesOfJson(text) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
