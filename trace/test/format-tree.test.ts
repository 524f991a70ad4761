import { describe, expect, it } from 'vitest';
import { buildTrace, formatTree, FunctionFlag } from '../src/index.ts';
import type { Trace, Value } from '../src/index.ts';
import { functions, StreamBuilder, toModel } from './stream-builder.ts';
import type { TestFunction } from './stream-builder.ts';

const withLocals = (name: string, bindings: string[]): TestFunction => {
  const all = bindings.map((_, index) => index);
  return { name, parameters: ['id'], bindings, sites: [[1, 5, all]], positions: [all] };
};

function orderTrace(): Trace {
  const error: Value = {
    kind: 'error',
    id: 1,
    className: 'OrderFailedError',
    message: 'order 7 could not be placed',
    entries: [{ name: 'cause', value: { kind: 'error', id: 2, className: 'PaymentDeclinedError', message: 'card declined', entries: [] } }],
  };
  const items: Value = { kind: 'array', id: 1, className: 'Array', size: 3, items: [] };
  const s = new StreamBuilder().stack(1).time(100);
  const handle = s.enterAt(0, 0, 'ROOT', 7);
  s.time(101).suspend(handle).time(101).empty().time(110).resume(handle).time(110);
  s.exit(s.enter(1, items, 0.2), 12.5).time(110);
  const place = s.enter(2, 7);
  const pay = s.time(110.5).enter(3, 7);
  s.site(pay, 0, 7, { kind: 'absent' }, 'visa').time(111).throw(pay, 0, 1, error);
  s.site(place, 0, 'o-7').time(111.5).throw(place, 0, 1, 'same').time(112).throw(handle, 0, 1, 'same').time(112).empty().time(150);
  s.exit(s.enterAt(4, handle, 'LEXICAL'))
    .time(150)
    .empty()
    .time(160);
  const late = s.enterAt(5, 0, 'ROOT');
  s.elided(1, late, 1234).annotate(late, 'a note').suspend(late).time(160).empty();
  return buildTrace([
    s.segment({
      root: { kind: 'http', name: 'POST /orders', attributes: { 'http.response.status_code': 500 } },
      functions: functions(
        { name: 'handle', line: 3, flags: 3 | FunctionFlag.ASYNC, parameters: ['id'] },
        { name: 'Cart.total', line: 12, parameters: ['items', 'tax'] },
        withLocals('place', ['order']),
        withLocals('pay', ['amount', 'row', 'card']),
        { name: 'handle.<anonymous>' },
        { name: 'reconcile', flags: 3 | FunctionFlag.ASYNC },
      ),
    }),
  ]);
}

function treeOf(run: (s: StreamBuilder) => void, fns: TestFunction[], options = {}): string[] {
  const s = new StreamBuilder().stack(1);
  run(s);
  return formatTree(buildTrace([s.segment({ functions: functions(...fns) })]), options)
    .split('\n')
    .slice(1, -1);
}

describe('formatTree', () => {
  it('draws the whole story of a failed request', () => {
    expect(formatTree(orderTrace())).toBe(
      [
        'POST /orders  500  100 ms',
        '├─ async handle(id: 7) ✗ ↑ same error OrderFailedError  12 ms (3 ms running)  src/app.ts:3',
        '│  ├─ Cart.total(items: [3 items], tax: 0.2) → 12.5  0 µs  src/app.ts:12',
        '│  ├─ place(id: 7) ✗ ↑ same error OrderFailedError  1.5 ms  src/app.ts:1',
        '│  │  │  order = "o-7"',
        '│  │  └─ pay(id: 7) ✗ OrderFailedError: order 7 could not be placed  500 µs  src/app.ts:1',
        '│  │        caused by PaymentDeclinedError: card declined',
        '│  │        amount = 7',
        '│  │        card   = "visa"',
        '│  └─ ⤷ from closure handle.<anonymous>()  0 µs  src/app.ts:1',
        '└─ ⤷ in root async reconcile() … suspended  from 60 ms  src/app.ts:1',
        '      ✎ "a note"',
        '      + 1,234 calls of Cart.total, counted only',
        '',
      ].join('\n'),
    );
  });

  it('with colours has the same text', () => {
    const plain = formatTree(orderTrace());
    const colored = formatTree(orderTrace(), { color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[31m✗ OrderFailedError');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  it('leaves out values and locals when asked to', () => {
    const text = formatTree(orderTrace(), { values: false, locals: false });
    expect(text).toContain('Cart.total()  0 µs');
    expect(text).toContain('✗ OrderFailedError: order 7 could not be placed');
    expect(text).not.toContain('visa');
  });

  it('marks every link that is not a call', () => {
    const lines = treeOf(
      (s) => {
        s.exit(s.enterAt(0, 0, 'ROOT'))
          .exit(s.enterAt(0, 1, 'CALL'))
          .exit(s.enterAt(0, 1, 'LEXICAL'))
          .exit(s.enterAt(0, 1, 'ROOT'));
        s.exit(s.enterAt(0, 1, 'LOOP'))
          .exit(s.enterAt(0, 1, 'DELEGATE'))
          .exit(s.enterAt(0, 0, 'TOP'))
          .exit(s.enterAt(0, 0, 'ROOT'));
      },
      [{ name: 'f' }],
    );
    expect(lines.map((line) => line.slice(0, line.indexOf('f(')))).toEqual([
      '├─ ',
      '│  ├─ ',
      '│  ├─ ⤷ from closure ',
      '│  ├─ ⤷ in root ',
      '│  ├─ ⤷ from for await ',
      '│  └─ ⤷ from yield* ',
      '├─ ',
      '└─ ⤷ in root ',
    ]);
  });

  it('names forms of functions', () => {
    const forms = [
      0,
      FunctionFlag.CONSTRUCTOR,
      FunctionFlag.GETTER,
      FunctionFlag.SETTER,
      FunctionFlag.GENERATOR,
      FunctionFlag.ASYNC | FunctionFlag.GENERATOR,
    ];
    const lines = treeOf(
      (s) => forms.forEach((_, fn) => s.exit(s.enterAt(fn, 0, 'TOP'))),
      forms.map((flags, i) => ({ name: i === 1 ? 'Cart.constructor' : 'Cart.x', flags: flags | 3 })),
    );
    expect(lines.map((line) => line.slice(3, line.indexOf('(')))).toEqual([
      'Cart.x',
      'new Cart',
      'get Cart.x',
      'set Cart.x',
      'Cart.x*',
      'async Cart.x*',
    ]);
  });

  it('names closed and unfinished spans, gaps and losses', () => {
    const s = new StreamBuilder().stack(1);
    const a = s.enterAt(0, 0, 'TOP');
    s.close(s.enter(0)).gap(12_345).stack(9, [a, 0, 0, 1]);
    s.exit(s.enter(0));
    const text = formatTree(buildTrace([s.segment({ end: null, dropped: { 'table full': 3 }, functions: functions({ name: 'f' }) })]));
    expect(text).toContain('test  not ended\n');
    expect(text).toContain('└─ f() … no end seen  from 0 µs');
    expect(text).toContain('├─ f() ⊣ closed');
    expect(text).toContain('┄┄ 12,345 events (6 spans) are missing here ┄┄');
    expect(text).toContain('not recorded: table full 3\n');
  });

  it('says why the trace was kept and how many roots before it were not', () => {
    const parts = [
      new StreamBuilder().segment({ kept: 'slow', rootsDropped: { policy: 1200 } }),
      new StreamBuilder().segment({ part: 1, kept: 'earlier', rootsDropped: { policy: 30, listener: 4 } }),
    ];
    expect(formatTree(buildTrace(parts))).toBe('test  100 ms\nkept: slow; not kept before it: 1,234\n');
  });

  it('shows the error of the root', () => {
    const trace = buildTrace([new StreamBuilder().segment({ error: { type: 'TypeError', message: 'x is\nnot' } })]);
    expect(formatTree(trace)).toBe('test  ✗ TypeError: x is\\nnot  100 ms\n');
  });

  it('tells errors apart that have no number, and values that are no errors', () => {
    const lines = treeOf(
      (s) =>
        s
          .throw(s.enterAt(0, 0, 'TOP'), 0, 0, 'a')
          .throw(s.enterAt(0, 0, 'TOP'), 0, 0, 'b')
          .throw(s.enterAt(0, 0, 'TOP'), 0, 0),
      [{ name: 'f' }],
    );
    expect(lines.map((line) => line.slice(3, 11))).toEqual(['f() ✗ "a', 'f() ✗ "b', 'f() ✗ th']);
  });

  it('ends a chain of causes that has no end', () => {
    let cause: Value = toModel('root cause');
    for (let i = 0; i < 50; i++)
      cause = { kind: 'error', id: 1, className: 'E', message: String(i), entries: [{ name: 'cause', value: cause }] };
    expect(treeOf((s) => s.throw(s.enterAt(0, 0, 'TOP'), 0, 1, cause), [{ name: 'f' }]).length).toBe(11);
  });

  it('stops at maxSpans and says how many more there are', () => {
    const lines = treeOf(
      (s) => {
        for (let i = 0; i < 1500; i++) s.exit(s.enterAt(0, 0, 'TOP'));
      },
      [{ name: 'f' }],
      { maxSpans: 10, fold: 5000 },
    );
    expect(lines.length).toBe(11);
    expect(lines.at(-1)).toBe('… 1,490 more spans');
  });

  it('folds calls that are alike, but none that tells something of its own', () => {
    const lines = treeOf(
      (s) => {
        s.time(100);
        for (let i = 0; i < 8; i++) s.exit(s.enterAt(0, 0, 'TOP', i));
        s.exit(s.enterAt(1, 0, 'TOP'));
        for (let i = 0; i < 5; i++) s.throw(s.enterAt(0, 0, 'TOP'), 0, 0);
        for (let i = 0; i < 4; i++) s.exit(s.enterAt(1, 0, 'TOP'));
        s.time(200);
      },
      [{ name: 'f', parameters: ['i'] }, { name: 'g' }],
    );
    const names = lines.map((line) => line.replace(/^\W*(.*?)( {2}.*)?$/u, '$1'));
    expect(names).toEqual([
      'f(i: 0)',
      'f(i: 1)',
      'f(i: 2)',
      '5 more calls of f',
      'g()',
      ...Array.from({ length: 5 }, () => 'f() ✗ threw'),
      'g()',
      'g()',
      'g()',
      'g()',
    ]);
  });

  it('counts folded spans as shown', () => {
    const run = (s: StreamBuilder): void => {
      for (let i = 0; i < 1500; i++) s.exit(s.enterAt(0, 0, 'TOP'));
    };
    expect(treeOf(run, [{ name: 'f' }], { maxSpans: 10 }).map((line) => line.slice(0, 24))).toEqual([
      '├─ f()  <100 ms  src/app',
      '├─ f()  <100 ms  src/app',
      '├─ f()  <100 ms  src/app',
      '└─ … 1,497 more calls of',
    ]);
  });

  it('says how sure a time is that was not read', () => {
    const lines = treeOf(
      (s) => {
        const outer = s.time(100).enterAt(0, 0, 'TOP');
        const most = s.time(110).enter(1);
        s.exit(s.enter(2)).time(120).exit(most);
        const read = s.time(121).enter(3);
        s.time(130).exit(read).time(131).exit(outer);
      },
      [{ name: 'outer' }, { name: 'most' }, { name: 'part' }, { name: 'read' }],
    );
    expect(lines.map((line) => line.replace(/^\W*| {2}src.*/g, ''))).toEqual([
      'outer()  31 ms',
      'most()  10 ms',
      'part()  <10 ms',
      'read()  9 ms',
    ]);
  });

  it('marks what is taken from an estimate', () => {
    const run = (s: StreamBuilder): void => {
      const job = s.time(100).enterAt(0, 0, 'TOP');
      for (let i = 0; i < 6; i++) s.exit(s.enter(1));
      s.time(112).suspend(job).time(112).empty().time(150).resume(job);
      s.exit(job).time(160).empty();
    };
    const lines = treeOf(run, [{ name: 'job' }, { name: 'part' }]);
    expect(lines.map((line) => line.replace(/^\W*| {2}src.*/gu, ''))).toEqual([
      'job()  55 ms (~17 ms running)',
      'part()  <12 ms',
      'part()  <12 ms',
      'part()  <12 ms',
      '3 more calls of part  <15.7 ms',
    ]);
  });

  it('gives up the folders of a place before the values', () => {
    const s = new StreamBuilder().stack(1);
    s.exit(s.enterAt(0, 0, 'TOP', 'some text of thirty characters'));
    const fns = functions({ name: 'f', parameters: ['p'] }).map((fn) => ({ ...fn, module: 'a/long/way/down/to/the/module.ts' }));
    const trace = buildTrace([s.segment({ functions: fns })]);
    expect(formatTree(trace, { width: 140 })).toContain('  a/long/way/down/to/the/module.ts:1\n');
    expect(formatTree(trace, { width: 80 })).toContain('f(p: "some text of thirty characters")  <100 ms  module.ts:1\n');
  });

  it('draws 100,000 nested spans without growing with the square of the depth', () => {
    const depth = 100_000;
    const s = new StreamBuilder().stack(1);
    s.enterAt(0, 0, 'TOP');
    for (let i = 1; i < depth; i++) s.enter(0);
    for (let span = depth; span > 0; span--) s.exit(span);
    const text = formatTree(buildTrace([s.segment({ functions: functions({ name: 'f' }) })]), { maxSpans: Number.POSITIVE_INFINITY });
    expect(text.split('\n').length).toBe(depth + 2);
    expect(text.length).toBeLessThan(depth * 120);
    expect(text).toContain('⋯ 100,000 f()');
  });

  it('keeps lines near the width', () => {
    const long = 'x'.repeat(500);
    const lines = treeOf((s) => s.exit(s.enterAt(0, 0, 'TOP', long, long, long), long), [{ name: 'f', parameters: ['a', 'b', 'c'] }], {
      width: 90,
    });
    expect(lines[0]?.length).toBeLessThan(115);
    expect(lines[0]).toContain('a: "x');
    expect(lines[0]).toContain('c: "x');
  });

  it('lets no recorded text drive the terminal', () => {
    const evil = '\u001b]0;owned\u0007\r\n';
    const s = new StreamBuilder().stack(1);
    const span = s.enterAt(0, 0, 'TOP', evil);
    s.annotate(span, evil).throw(span, 0, 1, {
      kind: 'error',
      id: 1,
      className: evil,
      message: evil,
      entries: [{ name: 'cause', value: toModel(evil) }],
    });
    const fn = functions({ name: evil, parameters: [evil] }).map((entry) => ({ ...entry, module: evil }));
    const trace = buildTrace([
      s.segment({
        functions: fn,
        dropped: { [evil]: 1 },
        root: { kind: 'run', name: evil, attributes: { status: evil } },
        error: { type: evil, message: evil },
      }),
    ]);
    expect(formatTree(trace)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
