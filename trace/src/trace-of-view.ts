/** From the page's data file back to the model, for who writes a trace that is there as columns only. */
import { createUnknownFunction } from './function-table.ts';
import type { Span, Trace } from './model.ts';
import { SPAN_LINKS, SpanFlag } from './trace-columns.ts';
import type { SpanDetails, ViewFile } from './trace-columns.ts';

/** `details`: of all spans, in their order. Throws `RangeError` when there are not as many as spans. */
export function traceOfView({ header, columns }: Pick<ViewFile, 'header' | 'columns'>, details: readonly SpanDetails[]): Trace {
  if (details.length !== columns.count) throw new RangeError(`the trace has ${columns.count} spans, but details of ${details.length}`);
  const { traceId, root, startTime, duration, process, gaps, dropped, kept, rootsDropped, elided } = header;
  const under: number[][] = [];
  const children: number[] = [];
  const spans = details.map(
    ({ spanId, timeError, args, outcome, locals, lines, suspensions, annotations, elided: counted }, index): Span => {
      const flags = columns.flags[index] as number;
      const end = columns.end[index] as number;
      const above = columns.parent[index] as number;
      const functionIndex = columns.functionIndex[index] as number;
      const own: number[] = [];
      under.push(own);
      (above < 0 ? children : (under[above] as number[])).push(index + 1);
      return {
        number: index + 1,
        spanId,
        parent: above + 1,
        link: SPAN_LINKS[(flags >> SpanFlag.LINK_SHIFT) & SpanFlag.LINK_MASK] ?? 'call',
        function: header.functions[functionIndex] ?? createUnknownFunction(functionIndex).info,
        start: columns.start[index] as number,
        ...(Number.isNaN(end) ? {} : { end }),
        timeError,
        args,
        outcome,
        ...(locals === undefined ? {} : { locals }),
        lines,
        suspensions,
        annotations,
        children: own,
        elided: counted,
      };
    },
  );
  return {
    traceId,
    root,
    startTime,
    ...(duration === undefined ? {} : { duration }),
    process,
    spans,
    children,
    elided,
    gaps,
    dropped,
    ...(kept === undefined ? {} : { kept }),
    ...(rootsDropped === undefined ? {} : { rootsDropped }),
  };
}
