/**
 * Our own plain JSON back to traces, nothing lost: the other way of `export/write-plain-json.ts`. Believes no file: what is missing or makes no sense gets the
 * value that stands for nothing known, and what readers rely on (numbers, parents, children) is made anew.
 */
import { countOf, listOf, oneOf, textOf } from './detail-json.ts';
import { PLAIN_JSON_VERSION } from './export/write-plain-json.ts';
import type { ElidedCalls, FunctionInfo, LineEvent, NamedValue, Outcome, Span, Suspension, Trace, Value } from './model.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Deeper than any capture goes; nothing that reads values may run out of stack. */
const DEEPEST = 200;
const SIMPLE = ['absent', 'undefined', 'null', 'promise', 'proxy', 'redacted', 'getter', 'unreadable'] as const;
const FORMS = ['function', 'class', 'async', 'generator', 'async generator'] as const;
const REASONS = ['depth', 'nodes', 'bytes', 'room', 'budget', 'hot'] as const;
const FUNCTION_FORMS = ['function', 'arrow', 'method', 'getter', 'setter', 'constructor', 'static block'] as const;
const LEVELS = ['calls', 'off', 'values', 'locals', 'lines'] as const;
const KINDS = ['script', 'event', 'http', 'run', 'task', 'test'] as const;
const LINKS = ['call', 'lexical', 'root', 'loop', 'delegate', 'top'] as const;
const PAUSES = ['await', 'yield', 'delegate', 'loop'] as const;
const UNREADABLE: Value = { kind: 'unreadable' };
const UNKNOWN_FUNCTION: FunctionInfo = functionOf({ name: '<unknown>' });

/** Undefined: it is something else, or of a version that is not known here. */
export function fromPlainJson(json: unknown): readonly Trace[] | undefined {
  const { captureflow, traces } = fieldsOf(json);
  return captureflow === PLAIN_JSON_VERSION && Array.isArray(traces) ? traces.map((trace) => traceOf(fieldsOf(trace))) : undefined;
}

function traceOf(fields: Fields): Trace {
  const functions = listOf(fields['functions']).map((entry) => functionOf(fieldsOf(entry)));
  const read = listOf(fields['spans']).map((span, index) => spanOf(fieldsOf(span), index + 1, functions));
  const children: number[] = [];
  for (const span of read) (span.parent === 0 ? children : (read[span.parent - 1] as (typeof read)[number]).children).push(span.number);
  const root = fieldsOf(fields['root']);
  const parent = fieldsOf(root['parent']);
  const error = fieldsOf(root['error']);
  const ran = fieldsOf(fields['process']);
  return {
    traceId: hexOf(fields['traceId'], 32),
    root: {
      kind: oneOf(KINDS, root['kind']),
      name: textOf(root['name']),
      attributes: fieldsOf(root['attributes']),
      spanId: hexOf(root['spanId'], 16),
      ...(root['parent'] === undefined ? {} : { parent: { traceId: hexOf(parent['traceId'], 32), spanId: hexOf(parent['spanId'], 16) } }),
      ...(root['error'] === undefined ? {} : { error: { type: textOf(error['type']), message: textOf(error['message']) } }),
      annotations: valuesOf(root['annotations']),
    },
    startTime: timeOf(fields['startTime']),
    ...(fields['duration'] === undefined ? {} : { duration: timeOf(fields['duration']) }),
    process: {
      pid: timeOf(ran['pid']),
      threadId: timeOf(ran['threadId']),
      service: textOf(ran['service']),
      runtime: textOf(ran['runtime']),
    },
    spans: read,
    children,
    elided: elidedOf(fields['elided'], functions),
    gaps: listOf(fields['gaps']).map((gap) => {
      const { afterSpan, events, spans } = fieldsOf(gap);
      return { afterSpan: timeOf(afterSpan), events: timeOf(events), ...(spans === undefined ? {} : { spans: timeOf(spans) }) };
    }),
    dropped: countsOf(fields['dropped']),
    ...(typeof fields['kept'] === 'string' ? { kept: fields['kept'] } : {}),
    ...(fields['rootsDropped'] === undefined ? {} : { rootsDropped: countsOf(fields['rootsDropped']) }),
  };
}

function spanOf(fields: Fields, number: number, functions: readonly FunctionInfo[]): Span & { readonly children: number[] } {
  const parent = fields['parent'];
  return {
    number,
    spanId: hexOf(fields['spanId'], 16),
    // Parents come before their children: a circle would be walked for ever.
    parent: Number.isInteger(parent) && (parent as number) > 0 && (parent as number) < number ? (parent as number) : 0,
    link: oneOf(LINKS, fields['link']),
    function: functionAt(fields['function'], functions),
    start: timeOf(fields['start']),
    ...(fields['end'] === undefined ? {} : { end: timeOf(fields['end']) }),
    timeError: timeOf(fields['timeError']),
    args: namedOf(fields['args']),
    outcome: outcomeOf(fieldsOf(fields['outcome'])),
    ...(fields['locals'] === undefined ? {} : { locals: namedOf(fields['locals']) }),
    lines: listOf(fields['lines']).map((event): LineEvent => {
      const { line, time, changed } = fieldsOf(event);
      return { line: timeOf(line), time: timeOf(time), changed: namedOf(changed) };
    }),
    suspensions: listOf(fields['suspensions']).map((pause): Suspension => {
      const { kind, from, to } = fieldsOf(pause);
      return { kind: oneOf(PAUSES, kind), from: timeOf(from), ...(to === undefined ? {} : { to: timeOf(to) }) };
    }),
    annotations: valuesOf(fields['annotations']),
    children: [],
    elided: elidedOf(fields['elided'], functions),
  };
}

function outcomeOf({ kind, value, line, error, errorId }: Fields): Outcome {
  if (kind === 'returned')
    return { kind, ...(value === undefined ? {} : { value: valueOf(value) }), ...(line === undefined ? {} : { line: timeOf(line) }) };
  if (kind === 'threw') return { kind, ...(error === undefined ? {} : { error: valueOf(error) }), errorId: timeOf(errorId) };
  return { kind: kind === 'closed' ? 'closed' : 'open' };
}

function functionOf(fields: Fields): FunctionInfo {
  const name = textOf(fields['name']);
  const module = textOf(fields['module']);
  const { types } = fields;
  return {
    key: textOf(fields['key']) || `${module}#${name}`,
    name,
    module,
    line: timeOf(fields['line']),
    column: timeOf(fields['column']),
    endLine: timeOf(fields['endLine']),
    level: oneOf(LEVELS, fields['level']),
    form: oneOf(FUNCTION_FORMS, fields['form']),
    async: fields['async'] === true,
    generator: fields['generator'] === true,
    parameters: listOf(fields['parameters']).map(textOf),
    ...(Array.isArray(types) ? { types: types.map((type) => (typeof type === 'string' ? type : null)) } : {}),
  };
}

function functionAt(index: unknown, functions: readonly FunctionInfo[]): FunctionInfo {
  return (typeof index === 'number' ? functions[index] : undefined) ?? UNKNOWN_FUNCTION;
}

function elidedOf(json: unknown, functions: readonly FunctionInfo[]): ElidedCalls[] {
  return listOf(json).map((entry) => {
    const fields = fieldsOf(entry);
    return { function: functionAt(fields['function'], functions), count: timeOf(fields['count']) };
  });
}

function valueOf(json: unknown, depth: number = 0): Value {
  if (depth > DEEPEST) return UNREADABLE;
  const fields = fieldsOf(json);
  const { kind } = fields;
  const id = countOf(fields['id']);
  const className = textOf(fields['className']);
  const size = countOf(fields['size']);
  switch (kind) {
    case 'boolean':
      return { kind, value: fields['value'] === true };
    case 'number':
      return { kind, value: numberOf(fields['value']) };
    case 'string':
      return { kind, value: textOf(fields['value']), ...(typeof fields['length'] === 'number' ? { length: fields['length'] } : {}) };
    case 'bigint': {
      const digits = textOf(fields['value']);
      return /^-?\d+$/.test(digits) ? { kind, value: BigInt(digits) } : UNREADABLE;
    }
    case 'symbol':
      return { kind, description: textOf(fields['description']) };
    case 'function':
      return { kind, name: textOf(fields['name']), form: oneOf(FORMS, fields['form']) };
    case 'object':
      return { kind, id, className, size, entries: namedOf(fields['entries'], depth + 1) };
    case 'array':
    case 'set':
      return { kind, id, className, size, items: valuesOf(fields['items'], depth + 1) };
    case 'map':
      return {
        kind,
        id,
        className,
        size,
        pairs: listOf(fields['pairs']).map((pair) => {
          const [key, value] = listOf(pair);
          return [valueOf(key, depth + 1), valueOf(value, depth + 1)] as const;
        }),
      };
    case 'date':
      return { kind, time: numberOf(fields['time']) };
    case 'error':
      return { kind, id, className, message: textOf(fields['message']), entries: namedOf(fields['entries'], depth + 1) };
    case 'regexp':
      return { kind, source: textOf(fields['source']) };
    case 'opaque':
      return { kind, className, size };
    case 'buffer':
      return { kind, className, size, head: textOf(fields['head']) };
    case 'reference':
      return { kind, id };
    case 'cut':
      return { kind, className, size, reason: oneOf(REASONS, fields['reason']) };
    default:
      return { kind: oneOf(SIMPLE, kind, 'unreadable') };
  }
}

function namedOf(json: unknown, depth: number = 0): NamedValue[] {
  return listOf(json).map((entry) => {
    const { name, value } = fieldsOf(entry);
    return { name: textOf(name), value: valueOf(value, depth) };
  });
}

function valuesOf(json: unknown, depth: number = 0): Value[] {
  return listOf(json).map((value) => valueOf(value, depth));
}

function countsOf(json: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(fieldsOf(json)).map(([cause, count]) => [cause, timeOf(count)]));
}

/** Numbers that JSON lacks are texts. */
function numberOf(json: unknown): number {
  return typeof json === 'number' || typeof json === 'string' ? Number(json) : Number.NaN;
}

/** For what is always a number where our writer wrote it. */
function timeOf(json: unknown): number {
  const number = numberOf(json);
  return Number.isNaN(number) && json !== 'NaN' ? 0 : number;
}

function hexOf(json: unknown, digits: number): string {
  return typeof json === 'string' && json.length === digits && /^[0-9a-f]+$/.test(json) ? json : '0'.repeat(digits);
}

function fieldsOf(json: unknown): Fields {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : {};
}
