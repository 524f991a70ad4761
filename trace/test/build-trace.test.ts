import { describe, expect, it } from 'vitest';
import { buildTrace, buildTraces, FunctionFlag, Op, SiteKind } from '../src/index.ts';
import type { ModuleRecord, Span, Trace } from '../src/index.ts';
import { createRandom } from './random.ts';
import { functions, record, StreamBuilder } from './stream-builder.ts';

const FUNCTIONS = { functions: functions({ name: 'a' }, { name: 'b' }, { name: 'c' }) };

/** `a(b c) a`: names of the spans, children in parentheses. */
function shape(trace: Trace): string {
  const write = (numbers: readonly number[]): string => numbers.map((number) => writeSpan(trace.spans[number - 1] as Span)).join(' ');
  const writeSpan = (span: Span): string => span.function.name + (span.children.length > 0 ? `(${write(span.children)})` : '');
  return write(trace.children);
}

function outcomes(trace: Trace): string[] {
  return trace.spans.map((span) => span.outcome.kind);
}

describe('the stack machine', () => {
  it('hangs each span under the one on top of the stack', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.exit(s.enter(1)).exit(s.enter(2)).exit(a);
    s.exit(s.enterAt(1, 0, 'ROOT'));
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b c) b');
    expect(trace.spans.map((span) => span.parent)).toEqual([0, 1, 1, 0]);
    expect(trace.spans.map((span) => span.link)).toEqual(['top', 'call', 'call', 'root']);
    expect(trace.dropped).toEqual({});
  });

  it('ends spans by EXIT, THROW and CLOSE, and leaves the others open', () => {
    const s = new StreamBuilder().stack(1);
    s.enterAt(0, 0, 'TOP');
    s.exit(s.enter(1), 5).throw(s.enter(1), 0, 3, 'reason').close(s.enter(2));
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(trace.spans.map((span) => span.outcome)).toEqual([
      { kind: 'open' },
      { kind: 'returned', value: { kind: 'number', value: 5 } },
      { kind: 'threw', error: { kind: 'string', value: 'reason' }, errorId: 3 },
      { kind: 'closed' },
    ]);
    expect(trace.spans[0]).not.toHaveProperty('end');
  });

  it('takes an EXIT and a VALUES without a span for the top of the stack', () => {
    const known = { functions: functions({ name: 'a' }, { name: 'b', bindings: ['x'], sites: [[SiteKind.EXIT, 4, [0]]] }) };
    const s = new StreamBuilder().stack(1);
    s.enterAt(0, 0, 'TOP');
    s.enter(1);
    s.head(Op.VALUES, 1, 0, []).values([7]);
    s.head(Op.EXIT, 2, 0, []).head(Op.EXIT, 1, 0, []).values([8]);
    const trace = buildTrace([s.segment(known)]);
    expect(trace.spans[1]).toMatchObject({ locals: [{ name: 'x', value: { value: 7 } }], outcome: { value: { kind: 'undefined' } } });
    expect(trace.spans[0]?.outcome).toEqual({ kind: 'returned', value: { kind: 'number', value: 8 } });
    expect(trace.dropped).toEqual({});
  });

  it('counts an EXIT without a span on an empty stack', () => {
    const s = new StreamBuilder().stack(1).head(Op.EXIT, 0, 0, []);
    expect(buildTrace([s.segment(FUNCTIONS)]).dropped).toEqual({ 'decoder.span': 1 });
  });

  it('takes the stack of a STACK event that says so for true, whatever came before', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.enter(1);
    s.enter(1);
    s.head(Op.STACK, 1, 1, [4, a, 0, 0, 1]);
    s.enter(2);
    s.head(Op.EXIT, 0, 0, []).head(Op.EXIT, 0, 0, []);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b(b) c)');
    expect(outcomes(trace)).toEqual(['returned', 'open', 'open', 'returned']);
    expect(trace.dropped).toEqual({});
  });

  it('takes off the stack what an UNWIND says', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.enter(1);
    s.enter(1);
    s.head(Op.UNWIND, 0, 0, [a]);
    s.enter(2);
    s.head(Op.EXIT, 0, 0, []).head(Op.EXIT, 0, 0, []);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b(b) c)');
    expect(outcomes(trace)).toEqual(['returned', 'open', 'open', 'returned']);
    expect(trace.dropped).toEqual({ 'decoder.unclosed': 2 });
  });

  it('unwinds to the nearest open caller of a span that has ended', () => {
    const s = new StreamBuilder().stack(1);
    s.enterAt(0, 0, 'TOP');
    const b = s.enter(1);
    s.exit(b);
    s.enter(1);
    s.head(Op.UNWIND, 0, 0, [b]);
    s.head(Op.EXIT, 0, 0, []);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(outcomes(trace)).toEqual(['returned', 'returned', 'open']);
  });

  it('leaves out the value of an outcome that carried none', () => {
    const s = new StreamBuilder().stack(1);
    s.exit(s.enterAt(0, 0, 'TOP')).throw(s.enterAt(0, 0, 'TOP'), 0, 1);
    expect(buildTrace([s.segment(FUNCTIONS)]).spans.map((span) => span.outcome)).toEqual([
      { kind: 'returned' },
      { kind: 'threw', errorId: 1 },
    ]);
  });

  it('pops what was left above a span that ends, and counts it', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.enter(1);
    s.enter(2);
    s.exit(a);
    s.exit(s.enterAt(1, 0, 'ROOT'));
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b(c)) b');
    expect(outcomes(trace)).toEqual(['returned', 'open', 'open', 'returned']);
    expect(trace.dropped).toEqual({ 'decoder.unclosed': 2 });
  });

  it('lets others run between SUSPEND and RESUME without making them children', () => {
    const s = new StreamBuilder().stack(1).time(100);
    const a = s.enterAt(0, 0, 'ROOT');
    s.time(101).suspend(a).empty().time(102);
    const b = s.enterAt(1, 0, 'ROOT');
    s.time(103).suspend(b).empty().time(110).resume(a);
    s.exit(s.enter(2)).time(111).exit(a).empty().time(120).resume(b).exit(b).empty();
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(c) b');
    expect(trace.spans[0]?.suspensions).toEqual([{ kind: 'await', from: 1, to: 10 }]);
    expect(trace.spans[1]?.suspensions).toEqual([{ kind: 'await', from: 3, to: 20 }]);
    expect(trace.dropped).toEqual({});
  });

  it('resumes a generator on top of its consumer, and knows all kinds of pauses', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    const generator = s.enter(1);
    s.suspend(generator, 'YIELD').resume(generator, 'YIELD');
    s.exit(s.enter(2));
    s.suspend(generator, 'DELEGATE')
      .resume(generator, 'DELEGATE')
      .suspend(generator, 'LOOP')
      .resume(generator, 'LOOP')
      .suspend(generator, 'YIELD');
    s.exit(a);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b(c))');
    expect(trace.spans[1]?.suspensions.map(({ kind }) => kind)).toEqual(['yield', 'delegate', 'loop', 'yield']);
    expect(trace.spans[1]?.suspensions.at(-1)).not.toHaveProperty('to');
    expect(trace.dropped).toEqual({});
  });

  it('ends a suspended span without touching the stack', () => {
    const s = new StreamBuilder().stack(1).time(100);
    const a = s.enterAt(0, 0, 'TOP');
    const b = s.enter(1);
    s.suspend(b, 'YIELD').close(b);
    s.exit(s.enter(2)).exit(a);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b c)');
    expect(outcomes(trace)).toEqual(['returned', 'closed', 'returned']);
    expect(trace.spans[1]?.suspensions[0]).toHaveProperty('to');
  });

  it.each([
    ['CALL', 'call'],
    ['LEXICAL', 'lexical'],
    ['ROOT', 'root'],
    ['LOOP', 'loop'],
    ['DELEGATE', 'delegate'],
    ['TOP', 'top'],
  ] as const)('takes the link %s of ENTER_AT', (wire, link) => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.exit(a)
      .empty()
      .exit(s.enterAt(1, a, wire))
      .empty();
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b)');
    expect(trace.spans[1]?.link).toBe(link);
  });

  it('attaches annotations and counts of elided calls to their span or to the root', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.annotate(a, 'here').annotate(0, 'root').annotate(a, 2).elided(1, a, 12).elided(2, 0, 7).exit(a);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(trace.spans[0]?.annotations).toEqual([
      { kind: 'string', value: 'here' },
      { kind: 'number', value: 2 },
    ]);
    expect(trace.root.annotations).toEqual([{ kind: 'string', value: 'root' }]);
    expect(trace.spans[0]?.elided.map(({ function: fn, count }) => [fn.name, count])).toEqual([['b', 12]]);
    expect(trace.elided.map(({ function: fn, count }) => [fn.name, count])).toEqual([['c', 7]]);
  });

  it('builds a chain of 100,000 nested spans', () => {
    const s = new StreamBuilder().stack(1);
    s.enterAt(0, 0, 'TOP');
    for (let i = 1; i < 100_000; i++) s.enter(0);
    for (let span = 100_000; span > 0; span--) s.exit(span);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(trace.spans.length).toBe(100_000);
    expect(trace.spans.at(-1)?.parent).toBe(99_999);
    expect(trace.dropped).toEqual({});
  });
});

describe('errors', () => {
  it('gives every span that an error passed the value of its first throw', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    const b = s.enter(1);
    s.throw(b, 0, 5, { kind: 'error', id: 1, className: 'E', message: 'm', entries: [] }).throw(a, 0, 5, 'same');
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(trace.spans[0]?.outcome).toEqual(trace.spans[1]?.outcome);
    expect(trace.spans[0]?.outcome).toMatchObject({ kind: 'threw', errorId: 5, error: { message: 'm' } });
  });

  it('shows no error, and counts it, when the first throw was lost', () => {
    const s = new StreamBuilder().stack(1);
    s.throw(s.enterAt(0, 0, 'TOP'), 0, 5, 'same');
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(trace.spans[0]?.outcome).toEqual({ kind: 'threw', errorId: 5 });
    expect(trace.dropped).toEqual({ 'decoder.same': 1 });
  });
});

describe('times', () => {
  it('are exact at clock readings and spread by ordinal between them', () => {
    const s = new StreamBuilder().time(100);
    const a = s.enterAt(0, 0, 'TOP');
    const b = s.enter(1);
    s.exit(b).exit(a).time(108).empty();
    const { spans } = buildTrace([s.segment(FUNCTIONS)]);
    expect(spans.map(({ start, end }) => [start, end])).toEqual([
      [0, 6],
      [2, 4],
    ]);
  });

  it('come with what they may be off by', () => {
    const s = new StreamBuilder().time(100);
    const outer = s.enterAt(0, 0, 'TOP');
    const first = s.enter(1);
    s.exit(first).time(109);
    const second = s.enter(1);
    s.exit(second).time(113).exit(outer).time(114).empty();
    const { spans } = buildTrace([s.segment(FUNCTIONS)]);
    // Read at both ends; neither end, somewhere in 9 ms, shown as a third of that; at the first end, with the other within 4 ms.
    expect(spans.map(({ start, end, timeError }) => [start, end, timeError])).toEqual([
      [0, 13, 0],
      [3, 6, 6],
      [9, 11, 2],
    ]);
  });

  it('of a caller enclose those of what it called, whatever they are computed from', () => {
    const random = createRandom(7);
    const s = new StreamBuilder().stack(1);
    const open: number[] = [];
    let time = 100;
    const tick = (): void => void (random(5) === 0 && s.time((time += random(1000) / 3000)));
    for (let i = 0; i < 3000; i++) {
      tick();
      if (open.length === 0 || random(2) === 0) open.push(open.length === 0 ? s.enterAt(0, 0, 'TOP') : s.enter(1));
      else s.exit(open.pop() as number);
    }
    while (open.length > 0) s.exit(open.pop() as number);
    const { spans, dropped } = buildTrace([s.segment({ ...FUNCTIONS, end: time + 1 })]);
    expect(dropped).toEqual({});
    expect(spans.length).toBeGreaterThan(1000);
    for (const { parent, start, end = 0, timeError } of spans) {
      const caller = spans[parent - 1];
      expect([end >= start, timeError >= 0, parent === 0 || (start >= caller!.start && end <= caller!.end!)]).toEqual([true, true, true]);
    }
  });

  it('are not smeared over the pause between two runs of the event loop', () => {
    const s = new StreamBuilder().time(100);
    s.exit(s.enterAt(0, 0, 'ROOT'))
      .time(101)
      .empty()
      .time(190);
    s.exit(s.enterAt(1, 0, 'ROOT'))
      .time(191)
      .empty();
    const { spans } = buildTrace([s.segment(FUNCTIONS)]);
    expect(spans.map(({ start, end }) => [start, end])).toEqual([
      [0, 0.5],
      [90, 90.5],
    ]);
  });

  it('take the start and end of the root where the clock was not read', () => {
    const s = new StreamBuilder();
    s.exit(s.enterAt(0, 0, 'TOP'));
    const trace = buildTrace([s.segment({ ...FUNCTIONS, start: 100, end: 104 })]);
    expect(trace.spans.map(({ start, end }) => [start, end])).toEqual([[0, 2]]);
    expect(trace.duration).toBe(4);
    expect(trace.startTime).toBe(1_700_000_000_100);
  });

  it('hold still when the clock goes back or reads nonsense', () => {
    const s = new StreamBuilder().time(110);
    const a = s.enterAt(0, 0, 'TOP');
    s.time(50).time(Number.NaN);
    const b = s.enter(1);
    s.time(Number.POSITIVE_INFINITY).exit(b).exit(a);
    const trace = buildTrace([s.segment({ ...FUNCTIONS, end: null })]);
    expect(trace.spans.map(({ start, end }) => [start, end])).toEqual([
      [10, 10],
      [10, 10],
    ]);
    expect(trace.dropped).toEqual({ 'decoder.time': 2 });
    expect(trace).not.toHaveProperty('duration');
  });

  it('before a gap are not spread over the gap', () => {
    const s = new StreamBuilder().time(100);
    const a = s.enterAt(0, 0, 'TOP');
    s.exit(s.enter(1)).gap(1000).stack(500, [a, 0, 0, 1]).time(190).exit(s.enter(2)).exit(a).time(192);
    const { spans } = buildTrace([s.segment(FUNCTIONS)]);
    expect(spans.slice(1).map(({ start, end }) => [start, end])).toEqual([[0, 0], expect.arrayContaining([90])]);
  });
});

describe('chunks, gaps and parts', () => {
  it('ignores the STACK event of a chunk that follows on, even if it lists fewer spans', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    const b = s.enter(1);
    const next = new StreamBuilder().stack(3, [b, 1, a, 1]);
    next.exit(next.enter(2)).exit(b).exit(a);
    const trace = buildTrace([{ header: s.segment(FUNCTIONS).header, chunks: [s.chunk(), next.chunk()] }]);
    expect(shape(trace)).toBe('a(b(c))');
    expect(trace.dropped).toEqual({});
  });

  it('goes on behind a gap with the open spans of the STACK event, and numbers spans without holes', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.enter(1);
    s.gap(1234).stack(900, [a, 0, 0, 1], [700, 1, a, 1], [800, 2, 700, 0]);
    s.exit(s.enter(2)).resume(800).exit(800, 1).exit(700).exit(a);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('a(b b(c c))');
    expect(outcomes(trace)).toEqual(['returned', 'open', 'returned', 'returned', 'returned']);
    expect(trace.spans.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(trace.spans.map(({ spanId }) => spanId.slice(-3))).toEqual(['2b8', '2b9', '573', '5d7', '63b']);
    expect(trace.gaps).toEqual([{ afterSpan: 2, events: 1234, spans: 895 }]);
    expect(trace.dropped).toEqual({});
  });

  it('decodes the tail of a ring alone', () => {
    const s = new StreamBuilder().gap(50).stack(40, [30, 1, 7, 1], [31, 0, 30, 0]).time(150);
    s.exit(s.enter(2)).exit(30);
    const trace = buildTrace([s.segment(FUNCTIONS)]);
    expect(shape(trace)).toBe('b(a c)');
    expect(trace.gaps).toEqual([{ afterSpan: 0, events: 50, spans: 37 }]);
    expect(trace.dropped).toEqual({ 'decoder.parent': 1 });
  });

  it('carries spans, errors and functions over into the parts that follow', () => {
    const s = new StreamBuilder().stack(1).time(100);
    const a = s.enterAt(0, 0, 'ROOT');
    s.suspend(a)
      .throw(s.enterAt(1, a, 'LEXICAL'), 0, 1, 'broken')
      .time(150)
      .empty();
    const late = new StreamBuilder().stack(3, [a, 7, 0, 0]).time(300).resume(a);
    late.exit(late.enter(8)).throw(a, 0, 1, 'same').time(302).empty();
    const [fa, , fc] = functions({ name: 'a' }, {}, { name: 'c' });
    const first = s.segment({ ...FUNCTIONS, dropped: { full: 2 }, root: { kind: 'http', name: 'GET /', attributes: { status: 200 } } });
    const second = late.segment({
      part: 1,
      functions: [{ ...fa, id: 7 } as never, { ...fc, id: 8 } as never],
      dropped: { full: 3, stale: 1 },
      root: { kind: 'http', name: 'GET /', attributes: { status: 200, late: true } },
    });
    const trace = buildTrace([second, first]);
    expect(shape(trace)).toBe('a(b c)');
    expect(trace.spans[0]).toMatchObject({
      end: 201.5,
      outcome: { kind: 'threw', error: { value: 'broken' } },
      suspensions: [{ from: expect.any(Number), to: 200 }],
    });
    expect(trace.duration).toBe(100);
    expect(trace.dropped).toEqual({ full: 5, stale: 1 });
    expect(trace.root.attributes).toEqual({ status: 200, late: true });
  });

  it('builds late parts without the first one', () => {
    const s = new StreamBuilder().stack(9, [4, 0, 2, 0]).time(500);
    s.exit(s.enterAt(1, 4, 'LEXICAL')).empty();
    const trace = buildTrace([s.segment({ ...FUNCTIONS, part: 2 })]);
    expect(shape(trace)).toBe('a(b)');
    expect(trace.spans[1]).toMatchObject({ link: 'lexical', start: 400 });
  });

  it('lets late work hang under a span that is over', () => {
    const s = new StreamBuilder().stack(1).time(100);
    const a = s.enterAt(0, 0, 'ROOT');
    s.exit(a).time(101).empty();
    const late = new StreamBuilder().stack(2, [a, 0, 0, 0]).time(300);
    late
      .exit(late.enterAt(1, a, 'LEXICAL'))
      .time(301)
      .empty();
    const trace = buildTrace([s.segment(FUNCTIONS), late.segment({ ...FUNCTIONS, part: 1 })]);
    expect(shape(trace)).toBe('a(b)');
    expect(outcomes(trace)).toEqual(['returned', 'returned']);
    expect(trace.dropped).toEqual({});
  });

  it('takes a part that is there twice once, and leaves out parts of other roots', () => {
    const s = new StreamBuilder().stack(1);
    s.exit(s.enterAt(0, 0, 'TOP'));
    const segment = s.segment(FUNCTIONS);
    const trace = buildTrace([segment, segment, s.segment({ ...FUNCTIONS, part: 1, spanBase: '0'.repeat(16) })]);
    expect(trace.spans.length).toBe(1);
    expect(trace.dropped).toEqual({ 'decoder.part': 1, 'decoder.foreign': 1 });
  });

  it('throws a RangeError without segments', () => {
    expect(() => buildTrace([])).toThrowError(RangeError);
  });
});

describe('buildTraces', () => {
  it('groups parts by root, also when two roots share a trace id', () => {
    const s = new StreamBuilder().stack(1);
    s.exit(s.enterAt(0, 0, 'TOP'));
    const child = { ...FUNCTIONS, spanBase: 'ffffffffffffffff' };
    const traces = buildTraces([s.segment(FUNCTIONS), s.segment(child), new StreamBuilder().stack(2).segment({ ...FUNCTIONS, part: 1 })]);
    expect(traces.map(({ root, spans }) => [root.spanId, spans.length])).toEqual([
      ['00f067aa0ba902b7', 1],
      ['ffffffffffffffff', 1],
    ]);
    expect(traces[1]?.spans[0]?.spanId).toBe('0000000000000000');
  });

  it('gives nothing for nothing', () => {
    expect(buildTraces([])).toEqual([]);
  });
});

describe('functions and the root', () => {
  it.each([
    [0, 'function'],
    [FunctionFlag.ARROW, 'arrow'],
    [FunctionFlag.METHOD | FunctionFlag.STATIC, 'method'],
    [FunctionFlag.METHOD | FunctionFlag.GETTER, 'getter'],
    [FunctionFlag.METHOD | FunctionFlag.SETTER, 'setter'],
    [FunctionFlag.METHOD | FunctionFlag.CONSTRUCTOR, 'constructor'],
    [FunctionFlag.STATIC_BLOCK, 'static block'],
  ])('reads flags %i as form %s', (flags, form) => {
    const s = new StreamBuilder();
    s.exit(s.enterAt(0, 0, 'TOP'));
    expect(buildTrace([s.segment({ functions: functions({ flags }) })]).spans[0]?.function.form).toBe(form);
  });

  it('gives every static fact of a function', () => {
    const s = new StreamBuilder();
    s.exit(s.enterAt(0, 0, 'TOP'));
    const flags = 4 | FunctionFlag.ASYNC | FunctionFlag.GENERATOR;
    const fn = { name: 'Cart.total', line: 12, endLine: 20, flags, parameters: ['a', '*secret'], types: ['number', null, 'void'] };
    expect(buildTrace([s.segment({ functions: functions(fn) })]).spans[0]?.function).toEqual({
      key: 'src/app.ts#Cart.total',
      name: 'Cart.total',
      module: 'src/app.ts',
      line: 12,
      column: 1,
      endLine: 20,
      level: 'lines',
      form: 'function',
      async: true,
      generator: true,
      parameters: ['a', 'secret'],
      types: ['number', null, 'void'],
    });
  });

  it('finds records in manifests, and has placeholders without them', () => {
    const s = new StreamBuilder();
    s.exit(s.enterAt(5, 0, 'TOP', 1));
    const segment = s.segment({ functions: [{ id: 5, module: 'm.ts', record: null, hash: 'h1', index: 1 }] });
    const manifest: ModuleRecord = { v: 1, id: 'm.ts', f: [record(), record({ name: 'found', parameters: ['p'] })] };
    const found = buildTrace([segment], new Map([['h1', manifest]]));
    expect(found.spans[0]).toMatchObject({ function: { key: 'm.ts#found' }, args: [{ name: 'p' }] });
    const broken = new Map([['h1', { v: 1, id: 'm.ts', f: [0, 1] } as unknown as ModuleRecord]]);
    for (const manifests of [undefined, new Map<string, ModuleRecord>(), broken]) {
      const missing = buildTrace([segment], manifests);
      expect(missing.spans[0]).toMatchObject({
        function: { name: '<function 1>', module: 'm.ts' },
        args: [{ name: '#1', value: { value: 1 } }],
      });
    }
  });

  it('copies what the header says about root, process and error', () => {
    const parent = { traceId: 'f'.repeat(32), spanId: '1'.repeat(16) };
    const s = new StreamBuilder();
    const trace = buildTrace([
      s.segment({ root: { kind: 'http', name: 'GET /', attributes: { a: 1 }, parent }, error: { type: 'E', message: 'm' } }),
    ]);
    expect(trace.root).toEqual({
      kind: 'http',
      name: 'GET /',
      attributes: { a: 1 },
      parent,
      spanId: '00f067aa0ba902b7',
      annotations: [],
      error: { type: 'E', message: 'm' },
    });
    expect(trace.process).toEqual({ pid: 7, threadId: 0, service: 'svc', runtime: 'node v20' });
    expect(trace.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('gives span ids that carry over the low half of the base', () => {
    const s = new StreamBuilder();
    s.exit(s.enterAt(0, 0, 'TOP')).exit(s.enterAt(0, 0, 'TOP'));
    const trace = buildTrace([s.segment({ ...FUNCTIONS, spanBase: '00000001fffffffe' })]);
    expect(trace.spans.map(({ spanId }) => spanId)).toEqual(['00000001ffffffff', '0000000200000000']);
  });
});
