/** Finds spans: by function name, file, outcome and duration in the columns; by the text of their values in their details. Pure. */
import type { FunctionInfo, NamedValue, Value } from '@captureflow/trace';
import { SpanFlag, type SpanDetails, type TraceColumns } from '@captureflow/trace/view-file';
import type { SearchQuery } from './search-query.ts';

/** 1 where name or file of a function has the text. */
export function matchFunctions(functions: readonly FunctionInfo[], text: string): Uint8Array {
  return Uint8Array.from(functions, ({ name, module }) => (`${module}#${name}`.toLowerCase().includes(text) ? 1 : 0));
}

/** 1 where a span fits what is asked beside the text. */
export function fits(columns: TraceColumns, span: number, { isError, isOpen, isAsync, longerThan }: SearchQuery): boolean {
  const flags = columns.flags[span]!;
  if (isError && (flags & SpanFlag.THREW) === 0) return false;
  if (isOpen && (flags & SpanFlag.OPEN) === 0) return false;
  if (isAsync && (flags & SpanFlag.ASYNC) === 0) return false;
  return (flags & SpanFlag.OPEN) !== 0 || columns.end[span]! - columns.start[span]! > longerThan;
}

/** Spans, ascending, whose function has the text and that fit. */
export function findByFunction(columns: TraceColumns, functions: readonly FunctionInfo[], query: SearchQuery): Uint32Array {
  const wanted = matchFunctions(functions, query.text);
  const found = new Uint32Array(columns.count);
  let count = 0;
  for (let span = 0; span < columns.count; span++) {
    if (wanted[columns.functionIndex[span]!] === 1 && fits(columns, span, query)) found[count++] = span;
  }
  return found.slice(0, count);
}

/** Whether arguments, outcome, locals, line values or annotations hold the text, in names or in contents. */
export function detailsHave({ args, outcome, locals, lines, annotations }: SpanDetails, text: string): boolean {
  if (namedHave(args, text)) return true;
  if (outcome.kind === 'returned' && outcome.value !== undefined && valueHas(outcome.value, text)) return true;
  if (outcome.kind === 'threw' && outcome.error !== undefined && valueHas(outcome.error, text)) return true;
  if (locals !== undefined && namedHave(locals, text)) return true;
  return lines.some(({ changed }) => namedHave(changed, text)) || annotations.some((value) => valueHas(value, text));
}

function namedHave(values: readonly NamedValue[], text: string): boolean {
  return values.some(({ name, value }) => name.toLowerCase().includes(text) || valueHas(value, text));
}

/** Captured values nest a few levels; a foreign trace may claim more, so a stack of one's own. */
export function valueHas(value: Value, text: string): boolean {
  const stack: Value[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    switch (next.kind) {
      case 'string':
        if (next.value.toLowerCase().includes(text)) return true;
        break;
      case 'number':
      case 'boolean':
      case 'bigint':
        if (String(next.value).includes(text)) return true;
        break;
      case 'object':
      case 'error':
        if (next.className.toLowerCase().includes(text) || (next.kind === 'error' && next.message.toLowerCase().includes(text)))
          return true;
        for (const { name, value: inner } of next.entries) {
          if (name.toLowerCase().includes(text)) return true;
          stack.push(inner);
        }
        break;
      case 'array':
      case 'set':
        for (const item of next.items) stack.push(item);
        break;
      case 'map':
        for (const [key, item] of next.pairs) stack.push(key, item);
        break;
      case 'function':
        if (next.name.toLowerCase().includes(text)) return true;
        break;
      case 'symbol':
        if (next.description.toLowerCase().includes(text)) return true;
        break;
      case 'regexp':
        if (next.source.toLowerCase().includes(text)) return true;
        break;
      default:
    }
  }
  return false;
}

/** The match after (1) or before (-1) a span, around the ends; -1: there are none. */
export function nextMatch(matches: Uint32Array, span: number, by: 1 | -1): number {
  if (matches.length === 0) return -1;
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (matches[middle]! < span || (by > 0 && matches[middle] === span)) low = middle + 1;
    else high = middle;
  }
  return by > 0 ? matches[low % matches.length]! : matches[(low - 1 + matches.length) % matches.length]!;
}
