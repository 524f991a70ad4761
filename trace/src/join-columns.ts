/** The columns of several traces as those of one, one trace behind the other, for sums over all of them. */
import { traceColumns } from './columns-of-trace.ts';
import type { ColumnTrace } from './columns-of-trace.ts';
import type { FunctionInfo, Trace } from './model.ts';

/** `functionIndexOf` finds what the traces name. Functions with the same key and place are one. */
export function joinColumns(traces: Iterable<Trace>): ColumnTrace {
  const parts: ColumnTrace[] = [];
  for (const trace of traces) parts.push(traceColumns(trace));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const count = parts.reduce((sum, { columns }) => sum + columns.count, 0);
  const suspended = parts.reduce((sum, { suspensions }) => sum + suspensions.count, 0);
  const columns = {
    count,
    start: new Float64Array(count),
    end: new Float64Array(count),
    parent: new Int32Array(count),
    functionIndex: new Uint32Array(count),
    flags: new Uint16Array(count),
  };
  const suspensions = {
    count: suspended,
    span: new Uint32Array(suspended),
    from: new Float64Array(suspended),
    to: new Float64Array(suspended),
    kind: new Uint8Array(suspended),
  };
  const functions = new Functions();
  let spans = 0;
  let pauses = 0;
  let shift = 0;
  for (const part of parts) {
    const numbers = part.functions.map((fn) => functions.add(fn));
    let latest = 0;
    const from = part.columns;
    for (let i = 0; i < from.count; i++) {
      const at = spans + i;
      const parent = from.parent[i] as number;
      columns.start[at] = (from.start[i] as number) + shift;
      columns.end[at] = (from.end[i] as number) + shift;
      columns.parent[at] = parent < 0 ? -1 : parent + spans;
      columns.functionIndex[at] = numbers[from.functionIndex[i] as number] as number;
      columns.flags[at] = from.flags[i] as number;
      latest = Math.max(latest, from.start[i] as number, Number.isNaN(from.end[i]) ? 0 : (from.end[i] as number));
    }
    for (let i = 0; i < part.suspensions.count; i++) {
      suspensions.span[pauses + i] = (part.suspensions.span[i] as number) + spans;
      suspensions.from[pauses + i] = (part.suspensions.from[i] as number) + shift;
      suspensions.to[pauses + i] = (part.suspensions.to[i] as number) + shift;
      suspensions.kind[pauses + i] = part.suspensions.kind[i] as number;
    }
    // What is open lasts to the end of its own trace, not to the end of all of them.
    for (let i = 0; i < from.count; i++) if (Number.isNaN(from.end[i])) columns.end[spans + i] = latest + shift;
    spans += from.count;
    pauses += part.suspensions.count;
    shift += latest;
  }
  return { columns, suspensions, functions: functions.list, functionIndexOf: (fn) => functions.find(fn) };
}

class Functions {
  readonly list: FunctionInfo[] = [];
  private readonly byPlace = new Map<string, number>();

  add(fn: FunctionInfo): number {
    const place = placeOf(fn);
    let index = this.byPlace.get(place);
    if (index === undefined) {
      index = this.list.push(fn) - 1;
      this.byPlace.set(place, index);
    }
    return index;
  }

  find(fn: FunctionInfo): number {
    return this.byPlace.get(placeOf(fn)) ?? -1;
  }
}

function placeOf({ key, line, column }: FunctionInfo): string {
  return `${key}:${line}:${column}`;
}
