/** Columns of a trace from a short notation: one entry a span, `[parent, function, start, end]`; an end of NaN leaves it open. */
import type { FunctionInfo } from '@captureflow/trace';
import { SpanFlag, type TraceColumns } from '../src/trace-columns.ts';

export type SpanNotation = readonly [parent: number, functionIndex: number, start: number, end: number, flags?: number];

export function columnsOf(spans: readonly SpanNotation[]): TraceColumns {
  return {
    count: spans.length,
    parent: Int32Array.from(spans, ([parent]) => parent),
    functionIndex: Uint32Array.from(spans, ([, index]) => index),
    start: Float64Array.from(spans, ([, , start]) => start),
    end: Float64Array.from(spans, ([, , , end]) => end),
    flags: Uint16Array.from(spans, ([, , , end, flags = 0]) => flags | (Number.isNaN(end) ? SpanFlag.OPEN : 0)),
  };
}

export function functionNamed(name: string): FunctionInfo {
  return {
    key: `src/a.ts#${name}`,
    name,
    module: 'src/a.ts',
    line: 1,
    column: 1,
    endLine: 2,
    level: 'locals',
    form: 'function',
    async: false,
    generator: false,
    parameters: [],
  };
}
