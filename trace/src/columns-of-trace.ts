/** From the model to columns: what the page's data file and everything that counts over whole traces reads. No recursion, no object a span. */
import type { FunctionInfo, Span, Trace } from './model.ts';
import { SPAN_LINKS, SpanFlag, SUSPENSION_KINDS } from './trace-columns.ts';
import type { SuspensionColumns, TraceColumns } from './trace-columns.ts';

export interface ColumnTrace {
  readonly columns: TraceColumns;
  readonly suspensions: SuspensionColumns;
  /** What `functionIndex` points into. */
  readonly functions: readonly FunctionInfo[];
  /** Index of a function of this trace, elided ones included; -1 for another. */
  functionIndexOf(fn: FunctionInfo): number;
}

/** The columns of a trace. Functions that say the same are one, whatever part of the trace they came with. */
export function traceColumns(trace: Trace): ColumnTrace {
  const { spans } = trace;
  const numbers = new FunctionNumbers();
  for (const { function: elided } of trace.elided) numbers.add(elided);
  const columns = emptyColumns(spans.length);
  const errors = new Int32Array(spans.length);
  let suspended = 0;
  spans.forEach((span, i) => {
    columns.start[i] = Number.isFinite(span.start) ? span.start : 0;
    columns.end[i] = span.end !== undefined && Number.isFinite(span.end) ? span.end : Number.NaN;
    // An import may claim anything: a parent that is not before its child would make a tree without a root.
    columns.parent[i] = span.parent - 1 < i ? Math.max(span.parent, 0) - 1 : -1;
    columns.functionIndex[i] = numbers.add(span.function);
    columns.flags[i] = flagsOf(span);
    for (const { function: elided } of span.elided) numbers.add(elided);
    if (span.outcome.kind === 'threw') errors[i] = span.outcome.errorId;
    suspended += span.suspensions.length;
  });
  markOrigins(columns, errors);
  return {
    columns,
    suspensions: suspensionsOf(spans, suspended),
    functions: numbers.list,
    functionIndexOf: (fn) => numbers.find(fn),
  };
}

function emptyColumns(count: number): TraceColumns {
  return {
    count,
    start: new Float64Array(count),
    end: new Float64Array(count),
    parent: new Int32Array(count),
    functionIndex: new Uint32Array(count),
    flags: new Uint16Array(count),
  };
}

/** Children come after their parents: where one threw the same error, the parent only passed it on. */
function markOrigins({ count, parent, flags }: TraceColumns, errors: Int32Array): void {
  for (let i = count - 1; i >= 0; i--) {
    const above = parent[i] as number;
    if (errors[i] !== 0 && above >= 0 && errors[above] === errors[i]) (flags[above] as number) &= ~SpanFlag.ORIGIN;
  }
}

function suspensionsOf(spans: readonly Span[], count: number): SuspensionColumns {
  const columns = {
    count,
    span: new Uint32Array(count),
    from: new Float64Array(count),
    to: new Float64Array(count),
    kind: new Uint8Array(count),
  };
  let at = 0;
  spans.forEach((span, i) => {
    for (const { kind, from, to } of span.suspensions) {
      columns.span[at] = i;
      columns.from[at] = from;
      columns.to[at] = to ?? Number.NaN;
      columns.kind[at++] = SUSPENSION_KINDS.indexOf(kind);
    }
  });
  return columns;
}

function flagsOf(span: Span): number {
  const { outcome } = span;
  return (
    (outcome.kind === 'threw' ? SpanFlag.THREW | SpanFlag.ORIGIN : 0) |
    (outcome.kind === 'closed' ? SpanFlag.CLOSED : 0) |
    (span.end === undefined ? SpanFlag.OPEN : 0) |
    (span.function.async ? SpanFlag.ASYNC : 0) |
    (span.suspensions.length > 0 ? SpanFlag.SUSPENDED : 0) |
    (span.lines.length > 0 ? SpanFlag.LINES : 0) |
    (span.locals === undefined ? 0 : SpanFlag.LOCALS) |
    (span.annotations.length > 0 ? SpanFlag.ANNOTATED : 0) |
    (span.elided.length > 0 ? SpanFlag.ELIDED : 0) |
    (Math.max(0, SPAN_LINKS.indexOf(span.link)) << SpanFlag.LINK_SHIFT)
  );
}

class FunctionNumbers {
  readonly list: FunctionInfo[] = [];
  private readonly byObject = new Map<FunctionInfo, number>();
  private readonly byText = new Map<string, number>();

  add(fn: FunctionInfo): number {
    const known = this.byObject.get(fn);
    if (known !== undefined) return known;
    const text = JSON.stringify(fn);
    let number = this.byText.get(text);
    if (number === undefined) {
      number = this.list.push(fn) - 1;
      this.byText.set(text, number);
    }
    this.byObject.set(fn, number);
    return number;
  }

  find(fn: FunctionInfo): number {
    return this.byObject.get(fn) ?? -1;
  }
}
