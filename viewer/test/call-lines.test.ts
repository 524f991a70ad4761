import type { FunctionInfo } from '@captureflow/trace';
import type { SpanDetails } from '@captureflow/trace/view-file';
import { describe, expect, it } from 'vitest';
import { ChildIndex } from '../src/state/child-index.ts';
import { callLines } from '../src/views/source/call-lines.ts';
import { callsByStep } from '../src/views/source/calls-by-step.ts';
import { named } from './sample-traces.ts';

const INFO: FunctionInfo = {
  key: 'a.ts#f',
  name: 'f',
  module: 'a.ts',
  line: 2,
  column: 1,
  endLine: 6,
  level: 'locals',
  form: 'function',
  async: false,
  generator: false,
  parameters: ['a'],
};
const SOURCE = ['', 'function f(a) {', '  use($sum, xsum);', '  const $sum = a;', '  later = 1;', '}'];
const DETAILS: SpanDetails = {
  spanId: '',
  timeError: 0,
  args: named({ a: 1 }),
  outcome: { kind: 'returned', line: 5 },
  locals: named({ $sum: 2, later: 3, unseen: 4 }),
  lines: [],
  suspensions: [],
  annotations: [],
  elided: [],
};

describe('values of a call without line events', () => {
  it('stand beside the head, the declarations and, where there is none, the first line that names them', () => {
    const { values, outcomeLine } = callLines(INFO, DETAILS, (line) => SOURCE[line - 1]);
    const shown = [...values].flatMap(([line, list]) => list.map(({ name }) => `${line} ${name}`));
    expect(shown).toEqual(['2 a', '2 unseen', '4 $sum', '5 later']);
    expect(outcomeLine).toBe(5);
  });

  it('stand beside the head where a trace claims what no source can have', () => {
    const odd = { ...DETAILS, args: [], locals: named({ '(': 1, ['x'.repeat(1_000_000)]: 2, a: 3 }) };
    const { values } = callLines({ ...INFO, line: -3, endLine: Number.MAX_SAFE_INTEGER }, odd, (line) => SOURCE[line - 1]);
    expect([...values].map(([line, list]) => [line, list.length])).toEqual([
      [-3, 2],
      [4, 1],
    ]);
  });

  it('know no line of a throw, and take the last line for a return without one', () => {
    const noSource = (): undefined => undefined;
    expect(callLines(INFO, { ...DETAILS, outcome: { kind: 'threw', errorId: 0 } }, noSource).outcomeLine).toBeUndefined();
    expect(callLines(INFO, { ...DETAILS, outcome: { kind: 'returned' } }, noSource).outcomeLine).toBe(6);
  });
});

describe('calls of a step', () => {
  it('are those that began after it and before the next', () => {
    const columns = {
      count: 4,
      start: Float64Array.of(0, 0.5, 2, 2.5),
      end: Float64Array.of(9, 1, 2.2, 3),
      parent: Int32Array.of(-1, 0, 0, 0),
      functionIndex: new Uint32Array(4),
      flags: new Uint16Array(4),
    };
    const lines = [1, 2, 4].map((time) => ({ line: time, time, changed: [] }));
    expect([...callsByStep(columns, new ChildIndex(columns), 0, lines)]).toEqual([
      [0, [1]],
      [1, [2, 3]],
    ]);
  });
});
