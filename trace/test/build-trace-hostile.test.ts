import { describe, expect, it } from 'vitest';
import { buildTrace, encodeSegment, decodeSegment, formatTree, Op, Tag, toCaptureFlowJson, checkCaptureFlowJson } from '../src/index.ts';
import type { Segment, Trace } from '../src/index.ts';
import { createRandom, randomValue } from './random.ts';
import type { Random } from './random.ts';
import { functions, header, StreamBuilder } from './stream-builder.ts';

const FUNCTIONS = {
  functions: functions(
    {
      name: 'a',
      parameters: ['p', 'q'],
      bindings: ['x'],
      sites: [
        [0, 1, [0]],
        [1, 1, [0]],
        [2, 1, [0]],
        [3, 1, [1]],
      ],
      positions: [[0]],
    },
    { name: 'b' },
  ),
};

/** What holds for every trace, however it came about. */
function problemsOf(trace: Trace): string[] {
  const problems: string[] = [];
  const seen = new Set<number>();
  const waiting = [...trace.children];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (seen.has(number)) problems.push(`span ${number} is in the tree twice`);
    seen.add(number);
    for (const child of trace.spans[number - 1]?.children ?? []) {
      if (trace.spans[child - 1]?.parent !== number) problems.push(`span ${child} has another parent`);
      waiting.push(child);
    }
  }
  if (seen.size !== trace.spans.length) problems.push('not all spans are in the tree');
  trace.spans.forEach((span, index) => {
    if (span.number !== index + 1) problems.push(`span ${span.number} has another number`);
    if (span.parent >= span.number) problems.push(`span ${span.number} is older than its parent`);
    if (!(span.start >= 0)) problems.push(`span ${span.number} starts before the trace`);
    if (!((span.end ?? span.start) >= span.start)) problems.push(`span ${span.number} ends before it starts`);
  });
  return problems;
}

/** Events in any order with any operands, most of them plausible. */
function scramble(random: Random, events: number): Segment {
  const chunks = Array.from({ length: 1 + random(3) }, () => {
    const s = new StreamBuilder();
    const span = (): number => random(12) - 1;
    for (let i = 0; i < events; i++) {
      switch (random(15)) {
        case 0:
          s.enter(random(3), randomValue(random));
          break;
        case 1:
          s.enterAt(random(3), span(), 'LEXICAL');
          break;
        case 2:
          s.site(span(), random(6), randomValue(random));
          break;
        case 3:
          s.exit(span(), randomValue(random));
          break;
        case 4:
          s.throw(span(), random(3), random(3), random(2) === 0 ? 'same' : randomValue(random));
          break;
        case 5:
          s.close(span());
          break;
        case 6:
          s.head(Op.SUSPEND, random(6), 0, [span()]);
          break;
        case 7:
          s.resume(span());
          break;
        case 8:
          s.time([random(300), Number.NaN, -5][random(3)] as number);
          break;
        case 9:
          s.annotate(span(), randomValue(random));
          break;
        case 10:
          s.gap([random(9), Number.NaN, -1][random(3)] as number);
          break;
        case 11:
          s.stack(random(20) - 3, [span(), random(3), span(), 1], [span(), random(3), span(), 0]);
          break;
        case 12:
          s.elided(random(3), span(), [4, Number.NaN][random(2)] as number);
          break;
        case 13:
          s.empty();
          break;
        default:
          if (random(4) === 0) s.raw(random(2 ** 31));
          else s.head(Op.ENTER_AT, 0, 0, [0, random(9)]);
      }
    }
    return s.chunk();
  });
  return { header: header({ ...FUNCTIONS, part: random(2), end: random(2) === 0 ? null : 150 }), chunks };
}

describe('an inconsistent stream', () => {
  it('gives a sound trace and never throws, in 2,000 scrambled forms, also when written in other formats', () => {
    const causes = new Set<string>();
    const problems: string[] = [];
    for (let seed = 1; seed <= 2000; seed++) {
      const random = createRandom(seed);
      const trace = buildTrace([scramble(random, 30), scramble(random, 30)]);
      for (const cause of Object.keys(trace.dropped)) causes.add(cause);
      problems.push(...problemsOf(trace).map((problem) => `seed ${seed}: ${problem}`));
      if (seed % 10 !== 0) continue;
      problems.push(...checkCaptureFlowJson(toCaptureFlowJson(trace)).map(({ path, problem }) => `seed ${seed}: ${path} ${problem}`));
      if (!formatTree(trace).startsWith('test')) problems.push(`seed ${seed}: no tree`);
    }
    expect(problems).toEqual([]);
    const expected = [
      'chunk',
      'ended',
      'elided',
      'function',
      'gap',
      'link',
      'number',
      'order',
      'parent',
      'part',
      'pause',
      'position',
      'same',
      'span',
      'stack',
      'time',
      'unclosed',
      'values',
    ];
    expect([...causes].sort()).toEqual(expected.map((cause) => `decoder.${cause}`).sort());
  });

  it('of random words gives a sound trace', () => {
    const random = createRandom(99);
    const problems: string[] = [];
    for (let i = 0; i < 500; i++) {
      const ops = Int32Array.from({ length: 60 }, () => (random(3) === 0 ? random(2 ** 31) : random(40)));
      const chunk = { ops, nums: Float64Array.of(1, 2), refs: ['a', 3n, 'b'], opsLength: 60, numsLength: 2, refsLength: 3 };
      problems.push(...problemsOf(buildTrace([{ header: header(FUNCTIONS), chunks: [chunk] }])));
    }
    expect(problems).toEqual([]);
  });

  it('loses only the rest of a chunk, and goes on with the next', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP', 1, 2);
    s.raw(255);
    s.exit(a);
    const next = new StreamBuilder().stack(5, [a, 0, 0, 1]);
    next.exit(next.enter(1)).exit(a, 'end');
    const trace = buildTrace([{ header: header(FUNCTIONS), chunks: [s.chunk(), next.chunk()] }]);
    expect(trace.spans.map(({ outcome }) => outcome.kind)).toEqual(['returned', 'returned']);
    expect(trace.dropped).toEqual({ 'decoder.chunk': 1 });
  });

  it('cut within any event leaves the events before it', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP', 'text', { kind: 'number', value: 0.5 });
    s.site(a, 0, {
      kind: 'map',
      id: 1,
      className: 'Map',
      size: 1,
      pairs: [
        [
          { kind: 'bigint', value: 5n },
          { kind: 'symbol', description: '' },
        ],
      ],
    })
      .annotate(a, 1)
      .exit(a, { kind: 'date', time: 4 });
    const whole = s.chunk();
    for (let opsLength = 0; opsLength <= whole.opsLength; opsLength++) {
      const trace = buildTrace([{ header: header(FUNCTIONS), chunks: [{ ...whole, opsLength }] }]);
      expect(trace.spans.length).toBeLessThanOrEqual(1);
      expect(Object.keys(trace.dropped).filter((cause) => cause !== 'decoder.chunk')).toEqual([]);
    }
    for (const cut of [{ numsLength: 0 }, { refsLength: 1 }, { refsLength: 3 }, { refs: whole.refs.map(() => 7) }]) {
      expect(buildTrace([{ header: header(FUNCTIONS), chunks: [{ ...whole, ...cut }] }]).dropped).toEqual({ 'decoder.chunk': 1 });
    }
  });

  it('with columns shorter than they claim to be is read as far as they go', () => {
    const whole = new StreamBuilder().stack(1).chunk();
    const trace = buildTrace([{ header: header(), chunks: [{ ...whole, opsLength: 1e9, numsLength: 1e9, refsLength: 1e9 }] }]);
    expect(trace.spans).toEqual([]);
  });

  it.each([
    ['an unknown tag', [31]],
    ['a form of function that is none', [Tag.FUNCTION | (9 << 5)]],
    ['a reason of cut that is none', [Tag.CUT | (9 << 5), 1]],
    ['a form of object that is none', [Tag.FORM | (3 << 5)]],
    ['values nested without end', Array.from({ length: 5000 }, () => [Tag.ARRAY | (1 << 5), 1]).flat()],
    ['more items than words', [Tag.ARRAY | ((2 ** 26) << 5), 1]],
  ])('gives up a chunk with %s', (_, words) => {
    const s = new StreamBuilder();
    const a = s.enterAt(0, 0, 'TOP', 1, 2);
    s.head(Op.EXIT_AT, 1, 0, [a, ...words]);
    const chunk = { ...s.chunk(), refs: Array.from({ length: 5000 }, () => 'Array'), refsLength: 5000 };
    const trace = buildTrace([{ header: header(FUNCTIONS), chunks: [chunk] }]);
    expect(trace.spans[0]?.outcome).toEqual({ kind: 'open' });
    expect(trace.dropped).toEqual({ 'decoder.chunk': 1 });
  });

  it('counts a nested value that claims to be an earlier error as unreadable', () => {
    const s = new StreamBuilder();
    s.head(Op.ENTER_AT, 1, 0, [0, 5, Tag.SAME]);
    expect(buildTrace([s.segment(FUNCTIONS)]).spans[0]?.args[0]?.value.kind).toBe('unreadable');
  });

  it('reads the same after a round trip through bytes', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const segment = scramble(createRandom(seed), 40);
      expect(buildTrace([decodeSegment(encodeSegment(segment))])).toEqual(buildTrace([segment]));
    }
  });
});
