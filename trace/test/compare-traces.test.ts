import { describe, expect, it } from 'vitest';
import { alignCalls, changesOf, compareFunctions, type ComparedSide } from '../src/compare-traces.ts';
import { digestArguments, digestCalls, digestOutcome } from '../src/digest-calls.ts';
import { mergeCalls } from '../src/merge-calls.ts';
import type { Outcome, Value } from '../src/model.ts';
import { columnsOf, functionNamed, type SpanNotation } from './columns.ts';

/** Spans as `[parent, name, start, end, argument, result]`. */
function side(...calls: readonly (readonly [number, string, number, number, number?, number?])[]): ComparedSide {
  const names = [...new Set(calls.map(([, name]) => name))];
  const number = (value: number): Value => ({ kind: 'number', value });
  return {
    functions: names.map(functionNamed),
    merged: mergeCalls(columnsOf(calls.map(([parent, name, start, end]): SpanNotation => [parent, names.indexOf(name), start, end]))),
    digests: digestCalls(
      calls.map(([, , , , argument = 0, result = 0]) => ({
        args: [{ name: 'a', value: number(argument) }],
        outcome: { kind: 'returned', value: number(result) },
      })),
    ),
  };
}

function changes(before: ComparedSide, after: ComparedSide): Record<string, string> {
  return Object.fromEntries(compareFunctions(before, after).map((row) => [row.function.name, row.changes.join(' ')]));
}

describe('two traces compared', () => {
  it('name functions that are new, gone, and the same, whatever their index', () => {
    const before = side([-1, 'main', 0, 10], [0, 'old', 1, 2]);
    const after = side([-1, 'fresh', 0, 1], [-1, 'main', 1, 11]);
    expect(changes(before, after)).toEqual({ fresh: 'new', main: '', old: 'gone' });
  });

  it('name what is slower a call, by ratio and by time', () => {
    const before = side([-1, 'a', 0, 10], [-1, 'b', 10, 10.1], [-1, 'c', 11, 31]);
    const after = side([-1, 'a', 0, 16], [-1, 'b', 16, 16.9], [-1, 'c', 17, 22]);
    expect(changes(before, after)).toEqual({ a: 'slower', b: '', c: 'faster' });
  });

  it('name calls that got the same arguments and returned something else, with the first pair of them', () => {
    const before = side([-1, 'f', 0, 1, 7, 1], [-1, 'f', 1, 2, 8, 2], [-1, 'f', 2, 3, 9, 3]);
    const after = side([-1, 'f', 0, 1, 7, 1], [-1, 'f', 1, 2, 8, 5], [-1, 'f', 2, 3, 10, 4]);
    const [row] = compareFunctions(before, after);
    expect(row).toMatchObject({ compared: 3, otherResults: 1, otherArguments: 1, firstBefore: 1, firstAfter: 1 });
    expect(row?.changes).toEqual(['results', 'arguments']);
  });

  it('do not compare results that one side does not know', () => {
    const { digests: _, ...before } = side([-1, 'f', 0, 1, 7, 1]);
    expect(changes(before, side([-1, 'f', 0, 1, 7, 2]))).toEqual({ f: '' });
  });

  it('align by path: the same function under another caller is new there and gone here', () => {
    const before = side([-1, 'main', 0, 10], [0, 'load', 1, 2], [1, 'parse', 1, 2]);
    const after = side([-1, 'main', 0, 10], [0, 'parse', 1, 2], [0, 'load', 3, 4]);
    const aligned = alignCalls(before, after);
    const rows: string[] = [];
    for (let node = 1; node < aligned.count; node++) {
      const [old, now] = [aligned.before[node]!, aligned.after[node]!];
      const name =
        now >= 0 ? after.functions[after.merged.functionIndex[now]!]!.name : before.functions[before.merged.functionIndex[old]!]!.name;
      rows.push(`${aligned.parent[node]} ${name} ${old >= 0 ? '-' : ''}${now >= 0 ? '+' : ''}`);
    }
    expect(rows).toEqual(['0 main -+', '1 parse +', '1 load -+', '3 parse -']);
  });

  it('lose no call when two functions of one side share a key', () => {
    const twice = side([-1, 'a', 0, 1], [-1, 'b', 1, 2]);
    const same = { ...twice, functions: [functionNamed('a'), functionNamed('a')] };
    expect(alignCalls(same, side()).count).toBe(3);
    expect(compareFunctions(same, side())[0]?.before?.calls).toBe(2);
  });

  it('stay aligned over 100,000 levels', () => {
    const deep = side(...Array.from({ length: 100_000 }, (_, i) => [i - 1, `f${i % 3}`, i, 1e6 - i] as const));
    const aligned = alignCalls(deep, deep);
    expect(aligned.count).toBe(100_001);
    expect(aligned.otherResults.every((count) => count === 0)).toBe(true);
  });

  it('report more errors and other numbers of calls', () => {
    const totals = { calls: 2, errors: 0, self: 1, total: 1 };
    expect(changesOf(totals, { ...totals, calls: 3, errors: 1 }, { otherResults: 0, otherArguments: 0 })).toEqual(['errors', 'calls']);
  });
});

describe('the digest of a call', () => {
  const returned = (value: Value): Outcome => ({ kind: 'returned', value });

  it('tells values apart that print alike', () => {
    const values: Value[] = [
      { kind: 'number', value: 1 },
      { kind: 'string', value: '1' },
      { kind: 'bigint', value: 1n },
      { kind: 'number', value: 0 },
      { kind: 'number', value: -0 },
      { kind: 'array', id: 1, className: 'Array', size: 0, items: [] },
      { kind: 'object', id: 1, className: 'Object', size: 0, entries: [] },
      { kind: 'undefined' },
      { kind: 'null' },
    ];
    expect(new Set(values.map((value) => digestOutcome(returned(value)))).size).toBe(values.length);
  });

  it('does not depend on the line of the return or on which error object it was', () => {
    const error: Value = { kind: 'error', id: 1, className: 'Error', message: 'no', entries: [] };
    expect(digestOutcome({ kind: 'threw', error, errorId: 1 })).toBe(
      digestOutcome({ kind: 'threw', error: { ...error, id: 4 }, errorId: 9 }),
    );
    expect(digestOutcome({ kind: 'returned', line: 4 })).toBe(digestOutcome({ kind: 'returned', line: 5 }));
  });

  it('is 0 only for what is not known yet', () => {
    expect(digestOutcome({ kind: 'open' })).toBe(0);
    expect(digestArguments([])).not.toBe(0);
  });
});
