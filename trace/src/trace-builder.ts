/**
 * The stack machine that turns the events of one root's segments into spans. It believes no stream: whatever does not fit is counted
 * under `decoder.<cause>` and the rest goes on. Nothing here recurses on the depth of the trace.
 */
import { ChunkCursor, DesyncError } from './chunk-cursor.ts';
import { ClockMarks } from './clock-marks.ts';
import { createUnknownFunction, FunctionTable } from './function-table.ts';
import type { KnownFunction, Manifests } from './function-table.ts';
import type { ElidedCalls, Outcome, Span, SpanLink, Suspension, Trace, Value } from './model.ts';
import { SAME_ERROR, UNDEFINED } from './read-value.ts';
import type { ReadValue } from './read-value.ts';
import type { Segment } from './segment.ts';
import { SpanDraft } from './span-draft.ts';
import { createSpanIds } from './span-id.ts';
import { N_BITS, N_SHIFT, Op, OP_BITS, OPERAND_SHIFT } from './wire.ts';

/** What one `TraceBuilder` yields: the parts of a trace that come from events. */
export type TraceEvents = Pick<Trace, 'spans' | 'children' | 'elided' | 'gaps'> & {
  readonly annotations: readonly Value[];
  /** By cause, each beginning with `decoder.`. */
  readonly dropped: ReadonlyMap<string, number>;
};

const LINKS: readonly SpanLink[] = ['call', 'lexical', 'root', 'loop', 'delegate', 'top'];
const PAUSES: readonly Suspension['kind'][] = ['await', 'yield', 'delegate', 'loop'];
const NONE: readonly never[] = [];

export class TraceBuilder {
  private readonly spanBase: string;
  private readonly read: ReadValue;
  private readonly drafts: SpanDraft[] = [];
  private readonly byWire = new Map<number, SpanDraft>();
  private readonly stack: SpanDraft[] = [];
  private readonly errors = new Map<number, Value>();
  private readonly annotations: Value[] = [];
  private readonly elided: ElidedCalls[] = [];
  private readonly gaps: { after: SpanDraft | undefined; events: number; spans: number | undefined }[] = [];
  /** The last gap, while no STACK behind it told how many spans began in it. */
  private openGap: { after: SpanDraft | undefined; events: number; spans: number | undefined } | undefined;
  private readonly dropped = new Map<string, number>();
  private readonly clock = new ClockMarks();
  private functions: FunctionTable | undefined;
  private clockOffset = 0;
  private nextWire = 1;
  private ordinal = 0;
  /** The next STACK event is the truth: at the start of a part, after a gap, after a chunk that made no sense. */
  private adoptStack = true;

  constructor(spanBase: string, read: ReadValue) {
    this.spanBase = spanBase;
    this.read = read;
  }

  /** Reads the events of one part; parts come in order. `clockOffset` is added to the part's clock: it makes it ms since the trace's start. */
  addPart(segment: Segment, clockOffset: number, manifests: Manifests | undefined): void {
    const { header } = segment;
    this.functions = new FunctionTable(header, manifests);
    this.clockOffset = clockOffset;
    this.adoptStack = true;
    this.clock.startRun(this.ordinal);
    if (header.part === 0) this.mark(header.start);
    for (const chunk of segment.chunks) this.readChunk(new ChunkCursor(chunk));
    // Later parts are about work after the root's end.
    if (header.part === 0 && header.end !== null && header.end + clockOffset >= this.clock.last) this.mark(header.end);
    // Spans that still run go on in the next part, whose STACK event says which.
    this.emptyStack();
  }

  /** Closes the books. The builder is not used afterwards. */
  finish(): TraceEvents {
    const { drafts } = this;
    drafts.sort((a, b) => a.wire - b.wire);
    drafts.forEach((draft, index) => {
      draft.number = index + 1;
    });
    const gaps = this.gaps.map(({ after, events, spans }) => ({
      afterSpan: after?.number ?? 0,
      events,
      ...(spans === undefined ? {} : { spans }),
    }));
    const { rootChildren, childrenOf } = childrenIn(drafts);
    const idOf = createSpanIds(this.spanBase);
    // Drafts go as spans come, callers last: both at once would be half of the memory that a large trace takes.
    this.byWire.clear();
    this.gaps.length = 0;
    const spans = new Array<Span>(drafts.length);
    for (let i = drafts.length - 1; i >= 0; i--) {
      const draft = drafts.pop() as SpanDraft;
      spans[i] = draft.build(idOf(draft.wire), childrenOf(i + 1), this.clock);
    }
    return { spans, children: rootChildren, elided: this.elided, gaps, annotations: this.annotations, dropped: this.dropped };
  }

  private readChunk(cursor: ChunkCursor): void {
    try {
      while (!cursor.done) this.readEvent(cursor);
    } catch (error) {
      if (!(error instanceof DesyncError)) throw error;
      this.count('chunk');
      this.adoptStack = true;
      this.clock.startRun(this.ordinal);
    }
  }

  /** Reads an event whole before it takes effect, so that half an event has none. */
  private readEvent(cursor: ChunkCursor): void {
    const head = cursor.word();
    const op = head & OP_BITS;
    const n = (head >>> N_SHIFT) & N_BITS;
    const operand = head >>> OPERAND_SHIFT;
    if (op === Op.TIME) {
      this.mark(cursor.number());
      return;
    }
    const ordinal = this.ordinal++;
    switch (op) {
      case Op.ENTER:
        this.enter(this.functionOf(operand), this.stack.at(-1), 'call', this.values(cursor, n), ordinal);
        return;
      case Op.ENTER_AT: {
        const known = this.functionOf(operand);
        const parent = cursor.word();
        const link = LINKS[cursor.word()];
        const values = this.values(cursor, n);
        if (link === undefined) this.count('link');
        this.enter(known, this.parentOf(parent, this.nextWire), link ?? 'root', values, ordinal);
        return;
      }
      case Op.VALUES:
      case Op.VALUES_AT: {
        const wire = op === Op.VALUES ? this.topWire() : cursor.word();
        const values = this.values(cursor, n);
        const span = this.openSpan(wire);
        if (span !== undefined && !span.addValues(operand, values, ordinal)) this.count('values');
        return;
      }
      case Op.EXIT:
      case Op.EXIT_AT: {
        const wire = op === Op.EXIT ? this.topWire() : cursor.word();
        const value = n === 1 ? this.read(cursor) : n === 2 ? UNDEFINED : undefined;
        this.end(wire, value === undefined ? { kind: 'returned' } : { kind: 'returned', value }, ordinal, 0);
        return;
      }
      case Op.THROW: {
        const wire = cursor.word();
        const position = cursor.word();
        const errorId = cursor.word();
        const error = this.errorOf(errorId, this.values(cursor, n)[0]);
        this.end(wire, error === undefined ? { kind: 'threw', errorId } : { kind: 'threw', error, errorId }, ordinal, position);
        return;
      }
      case Op.CLOSE:
        this.end(cursor.word(), { kind: 'closed' }, ordinal, 0);
        return;
      case Op.SUSPEND:
        this.suspend(cursor.word(), n, ordinal);
        return;
      case Op.RESUME:
        this.resume(cursor.word(), ordinal);
        return;
      case Op.ANNOTATE: {
        const wire = cursor.word();
        this.annotate(wire, this.read(cursor));
        return;
      }
      case Op.GAP:
        this.gap(cursor.number(), ordinal);
        return;
      case Op.STACK: {
        const nextWire = cursor.word();
        const words: number[] = [];
        for (let left = operand * 4; left > 0; left--) words.push(cursor.word());
        if (n === 1) this.adoptStack = true;
        this.restoreStack(nextWire, words, ordinal);
        return;
      }
      case Op.ELIDED: {
        const known = this.functionOf(cursor.word());
        const wire = cursor.word();
        this.elide(known, wire, cursor.number());
        return;
      }
      case Op.UNWIND:
        this.unwind(cursor.word());
        return;
      case Op.EMPTY:
        this.count('unclosed', this.stack.length);
        this.emptyStack();
        return;
      default:
        throw new DesyncError('op');
    }
  }

  /** `count` (15 at most) values that follow one another. */
  private values(cursor: ChunkCursor, count: number): readonly Value[] {
    if (count === 0) return NONE;
    const values = new Array<Value>(count);
    for (let i = 0; i < count; i++) values[i] = this.read(cursor);
    return values;
  }

  private enter(known: KnownFunction, parent: SpanDraft | undefined, link: SpanLink, values: readonly Value[], ordinal: number): void {
    const span = this.open(this.nextWire++, parent, link, known, ordinal);
    if (!span.setArguments(values)) this.count('values');
    this.push(span);
  }

  private open(wire: number, parent: SpanDraft | undefined, link: SpanLink, known: KnownFunction, ordinal: number): SpanDraft {
    const span = new SpanDraft(wire, parent, link, known, ordinal);
    this.drafts.push(span);
    this.byWire.set(wire, span);
    return span;
  }

  private end(wire: number, outcome: Outcome, ordinal: number, position: number): void {
    const span = this.openSpan(wire);
    if (span === undefined) return;
    if (span.onStack) this.popTo(span);
    else this.count('order');
    if (span.suspended) span.resume(ordinal);
    if (!span.finish(outcome, ordinal, position)) this.count('position');
  }

  private suspend(wire: number, why: number, ordinal: number): void {
    const span = this.openSpan(wire);
    if (span === undefined) return;
    const kind = PAUSES[why];
    if (kind === undefined) this.count('pause');
    if (span.onStack) this.popTo(span);
    if (span.suspended) this.count('order');
    else span.suspend(kind ?? 'await', ordinal);
  }

  private resume(wire: number, ordinal: number): void {
    const span = this.openSpan(wire);
    if (span === undefined) return;
    span.resume(ordinal);
    if (span.onStack) this.count('order');
    else this.push(span);
  }

  /** 0, which no span has, when the stack is empty. */
  private topWire(): number {
    return this.stack.at(-1)?.wire ?? 0;
  }

  private push(span: SpanDraft): void {
    span.onStack = true;
    this.stack.push(span);
  }

  /** Takes `span` and all above it off the stack; what is above ended without saying so, for example in a stack overflow (H45). */
  private popTo(span: SpanDraft): void {
    for (let top = this.stack.pop(); top !== undefined; top = this.stack.pop()) {
      top.onStack = false;
      if (top === span) return;
      this.count('unclosed');
    }
  }

  private unwind(wire: number): void {
    let span = wire === 0 ? undefined : this.byWire.get(wire);
    if (wire !== 0 && span === undefined) {
      this.count('span');
      return;
    }
    // The recorder may have said its end and then run out of stack (H45).
    while (span?.ended) span = span.parent;
    while (this.stack.length > 0 && this.stack.at(-1) !== span) {
      (this.stack.pop() as SpanDraft).onStack = false;
      this.count('unclosed');
    }
    if (span !== undefined && !span.onStack) this.push(span);
  }

  private emptyStack(): void {
    for (const span of this.stack) span.onStack = false;
    this.stack.length = 0;
  }

  private gap(events: number, ordinal: number): void {
    if (Number.isFinite(events) && events >= 0) {
      this.openGap = { after: this.latestSpan(), events, spans: undefined };
      this.gaps.push(this.openGap);
    } else this.count('gap');
    this.adoptStack = true;
    // What was before the gap must not be spread over it.
    this.clock.startRun(ordinal + 1);
  }

  private latestSpan(): SpanDraft | undefined {
    return this.drafts.at(-1);
  }

  private restoreStack(nextWire: number, words: readonly number[], ordinal: number): void {
    if (!this.adoptStack && nextWire === this.nextWire) return;
    this.adoptStack = false;
    this.emptyStack();
    const before = this.nextWire;
    const known = this.drafts.length;
    let lowest = before;
    const listed: { wire: number; fn: number; parent: number; onStack: boolean }[] = [];
    for (let i = 0; i + 3 < words.length; i += 4) {
      const [wire, fn, parent, onStack] = words.slice(i, i + 4) as [number, number, number, number];
      listed.push({ wire, fn, parent, onStack: onStack !== 0 });
      lowest = Math.max(lowest, wire + 1);
    }
    // Numbers only grow: one that was given twice would put a parent behind its child.
    if (nextWire < lowest) this.count('number');
    this.nextWire = Math.max(nextWire, lowest);
    // A parent started before its child: in this order it is known when the child asks for it.
    for (const { wire, fn, parent } of [...listed].sort((a, b) => a.wire - b.wire)) {
      if (wire > 0 && !this.byWire.has(wire)) this.open(wire, this.parentOf(parent, wire), 'call', this.functionOf(fn), ordinal);
    }
    // Those that are still open are listed, and known.
    if (this.openGap !== undefined) this.openGap.spans = Math.max(0, this.nextWire - before - (this.drafts.length - known));
    this.openGap = undefined;
    for (const { wire, onStack } of listed) {
      const span = this.byWire.get(wire);
      // What is not on the stack may be over: parents of late work are listed, too.
      if (span === undefined || (onStack && (span.ended || span.onStack))) this.count('stack');
      else if (onStack) this.push(span);
    }
  }

  private elide(known: KnownFunction, wire: number, count: number): void {
    const span = wire === 0 ? undefined : this.byWire.get(wire);
    if (wire !== 0 && span === undefined) this.count('span');
    if (!Number.isFinite(count)) this.count('elided');
    else if (span === undefined) this.elided.push({ function: known.info, count });
    else (span.elided ??= []).push({ function: known.info, count });
  }

  private annotate(wire: number, value: Value): void {
    const span = wire === 0 ? undefined : this.byWire.get(wire);
    if (wire !== 0 && span === undefined) this.count('span');
    if (span === undefined) this.annotations.push(value);
    else (span.annotations ??= []).push(value);
  }

  private errorOf(errorId: number, value: Value | undefined): Value | undefined {
    if (value === SAME_ERROR) {
      const first = this.errors.get(errorId);
      if (first === undefined) this.count('same');
      return first;
    }
    if (value !== undefined) this.errors.set(errorId, value);
    return value;
  }

  private functionOf(id: number): KnownFunction {
    const known = this.functions?.find(id);
    if (known === undefined) this.count('function');
    return known ?? createUnknownFunction(id);
  }

  /** The span that an event names; undefined, and counted, when it is unknown or over. */
  private openSpan(wire: number): SpanDraft | undefined {
    const span = this.byWire.get(wire);
    if (span === undefined) this.count('span');
    else if (span.ended) this.count('ended');
    else return span;
    return undefined;
  }

  /** The parent of span `child`: undefined is the root. A parent that is unknown, or younger, would make a tree without a root. */
  private parentOf(wire: number, child: number): SpanDraft | undefined {
    if (wire === 0) return undefined;
    const parent = wire < child ? this.byWire.get(wire) : undefined;
    if (parent === undefined) this.count('parent');
    return parent;
  }

  private mark(time: number): void {
    if (!this.clock.mark(this.ordinal, time + this.clockOffset)) this.count('time');
  }

  private count(cause: string, times: number = 1): void {
    if (times === 0) return;
    const key = `decoder.${cause}`;
    this.dropped.set(key, (this.dropped.get(key) ?? 0) + times);
  }
}

/** Numbers of the spans directly under the root, and under each other. Lists of their own only for those that have some, and no longer than needed. */
function childrenIn(drafts: readonly SpanDraft[]): {
  readonly rootChildren: readonly number[];
  readonly childrenOf: (number: number) => readonly number[];
} {
  const ends = new Uint32Array(drafts.length + 2);
  for (const { parent } of drafts) (ends[(parent?.number ?? 0) + 1] as number)++;
  for (let i = 1; i < ends.length; i++) (ends[i] as number) += ends[i - 1] as number;
  const ordered = new Uint32Array(drafts.length);
  const filled = ends.slice();
  for (const { number, parent } of drafts) ordered[(filled[parent?.number ?? 0] as number)++] = number;
  const childrenOf = (number: number): readonly number[] => {
    const from = ends[number] as number;
    const to = ends[number + 1] as number;
    return from === to ? NONE : Array.from(ordered.subarray(from, to));
  };
  return { rootChildren: childrenOf(0), childrenOf };
}
