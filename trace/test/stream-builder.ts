/** Writes op streams by hand: one method an event, values given as model values. Tests only. */
import type { FunctionRecord } from '../src/metadata.ts';
import type { Value } from '../src/model.ts';
import type { Segment, SegmentFunction, SegmentHeader } from '../src/segment.ts';
import { Cut, Form, Link, N_SHIFT, Op, OPERAND_SHIFT, Pause, Tag, WIRE_VERSION } from '../src/wire.ts';
import type { ChunkColumns } from '../src/wire.ts';

export type TestValue = Value | 'same' | number | string | boolean | null | undefined | bigint | symbol;

export interface TestFunction {
  name?: string;
  line?: number;
  endLine?: number;
  flags?: number;
  parameters?: readonly string[];
  bindings?: readonly string[];
  sites?: FunctionRecord[6];
  positions?: FunctionRecord[7];
  types?: readonly (string | null)[];
}

const FORMS = ['function', 'class', 'async', 'generator', 'async generator'];
const CUTS = { depth: Cut.DEPTH, nodes: Cut.NODES, bytes: Cut.BYTES, room: Cut.ROOM, budget: Cut.BUDGET };
const FORMS_BY_CLASS = ['', 'Array', 'Function'];

export function record(fn: TestFunction = {}): FunctionRecord {
  const { name = 'f', line = 1, endLine = 9, flags = 3, parameters = [], bindings = [], sites = [], positions = [], types } = fn;
  const fields = [name, line, 1, flags, parameters, bindings, sites, positions, endLine] as const;
  return types ? [...fields, types] : fields;
}

export function functions(...records: (TestFunction | FunctionRecord)[]): SegmentFunction[] {
  return records.map((fn, id) => ({
    id,
    module: 'src/app.ts',
    record: Array.isArray(fn) ? (fn as unknown as FunctionRecord) : record(fn as TestFunction),
  }));
}

export function header(fields: Partial<SegmentHeader> = {}): SegmentHeader {
  return {
    v: WIRE_VERSION,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanBase: '00f067aa0ba902b7',
    part: 0,
    root: { kind: 'run', name: 'test', attributes: {} },
    timeOrigin: 1_700_000_000_000,
    start: 100,
    end: 200,
    process: { pid: 7, threadId: 0, service: 'svc', runtime: 'node v20' },
    dropped: {},
    functions: [],
    ...fields,
  };
}

export class StreamBuilder {
  private readonly ops: number[] = [];
  private readonly nums: number[] = [];
  private readonly refs: unknown[] = [];
  private next = 1;

  enter(fn: number, ...values: TestValue[]): number {
    this.head(Op.ENTER, values.length, fn, []).values(values);
    return this.next++;
  }

  enterAt(fn: number, parent: number, link: keyof typeof Link, ...values: TestValue[]): number {
    this.head(Op.ENTER_AT, values.length, fn, [parent, Link[link]]).values(values);
    return this.next++;
  }

  site(span: number, site: number, ...values: TestValue[]): this {
    return this.head(Op.VALUES_AT, values.length, site, [span]).values(values);
  }

  exit(span: number, ...values: TestValue[]): this {
    return this.head(Op.EXIT_AT, values.length, 0, [span]).values(values);
  }

  throw(span: number, position: number, errorId: number, ...values: TestValue[]): this {
    return this.head(Op.THROW, values.length, 0, [span, position, errorId]).values(values);
  }

  close(span: number): this {
    return this.head(Op.CLOSE, 0, 0, [span]);
  }

  suspend(span: number, why: keyof typeof Pause = 'AWAIT'): this {
    return this.head(Op.SUSPEND, Pause[why], 0, [span]);
  }

  resume(span: number, why: keyof typeof Pause = 'AWAIT'): this {
    return this.head(Op.RESUME, Pause[why], 0, [span]);
  }

  time(ms: number): this {
    this.nums.push(ms);
    return this.head(Op.TIME, 0, 0, []);
  }

  annotate(span: number, value: TestValue): this {
    return this.head(Op.ANNOTATE, 0, 0, [span]).values([value]);
  }

  gap(events: number): this {
    this.nums.push(events);
    return this.head(Op.GAP, 0, 0, []);
  }

  stack(nextSpan: number, ...open: (readonly [span: number, fn: number, parent: number, onStack: 0 | 1])[]): this {
    this.next = nextSpan;
    return this.head(Op.STACK, 0, open.length, [nextSpan, ...open.flat()]);
  }

  elided(fn: number, parent: number, count: number): this {
    this.nums.push(count);
    return this.head(Op.ELIDED, 0, 0, [fn, parent]);
  }

  empty(): this {
    return this.head(Op.EMPTY, 0, 0, []);
  }

  /** Words that are no event. */
  raw(...words: number[]): this {
    this.ops.push(...words);
    return this;
  }

  head(op: number, n: number, operand: number, words: readonly number[]): this {
    return this.raw(op | (n << N_SHIFT) | (operand << OPERAND_SHIFT), ...words);
  }

  values(values: readonly TestValue[]): this {
    for (const value of values) this.value(value);
    return this;
  }

  chunk(): ChunkColumns {
    return {
      ops: Int32Array.from(this.ops),
      nums: Float64Array.from(this.nums),
      refs: this.refs.slice(),
      opsLength: this.ops.length,
      numsLength: this.nums.length,
      refsLength: this.refs.length,
    };
  }

  segment(fields: Partial<SegmentHeader> = {}): Segment {
    return { header: header(fields), chunks: [this.chunk()] };
  }

  private value(value: TestValue): void {
    if (value === 'same') this.raw(Tag.SAME);
    else if (typeof value === 'object' && value !== null) this.model(value);
    else this.model(toModel(value));
  }

  private model(value: Value): void {
    switch (value.kind) {
      case 'absent':
        return void this.raw(Tag.ABSENT);
      case 'undefined':
        return void this.raw(Tag.UNDEFINED);
      case 'null':
        return void this.raw(Tag.NULL);
      case 'promise':
        return void this.raw(Tag.PROMISE);
      case 'proxy':
        return void this.raw(Tag.PROXY);
      case 'redacted':
        return void this.raw(Tag.REDACTED);
      case 'getter':
        return void this.raw(Tag.GETTER);
      case 'unreadable':
        return void this.raw(Tag.UNREADABLE);
      case 'boolean':
        return void this.raw(value.value ? Tag.TRUE : Tag.FALSE);
      case 'number':
        if (Object.is(value.value | 0, value.value))
          return void ((value.value << 5) >> 5 === value.value
            ? this.raw((value.value << 5) | Tag.INT)
            : this.raw(Tag.INT_WIDE, value.value));
        this.nums.push(value.value);
        return void this.raw(Tag.NUMBER);
      case 'string':
        this.refs.push(value.value);
        return void (value.length === undefined ? this.raw(Tag.STRING) : this.raw(Tag.STRING_CUT, value.length));
      case 'bigint':
        this.refs.push(value.value);
        return void this.raw(Tag.BIGINT);
      case 'symbol':
        this.refs.push(Symbol(value.description));
        return void this.raw(Tag.SYMBOL);
      case 'function':
        this.refs.push(value.name);
        return void this.raw(Tag.FUNCTION | (FORMS.indexOf(value.form) << 5));
      case 'object':
        this.refs.push(value.className);
        this.raw(Tag.OBJECT | (value.entries.length << 5), value.size);
        return this.entries(value.entries);
      case 'array':
      case 'set':
        this.refs.push(value.className);
        this.raw((value.kind === 'array' ? Tag.ARRAY : Tag.SET) | (value.items.length << 5), value.size);
        for (const item of value.items) this.model(item);
        return;
      case 'map':
        this.refs.push(value.className);
        this.raw(Tag.MAP | (value.pairs.length << 5), value.size);
        for (const [key, item] of value.pairs) {
          this.model(key);
          this.model(item);
        }
        return;
      case 'error':
        this.refs.push(value.className, value.message);
        this.raw(Tag.ERROR | (value.entries.length << 5));
        return this.entries(value.entries);
      case 'date':
        this.nums.push(value.time);
        return void this.raw(Tag.DATE);
      case 'regexp':
        this.refs.push(value.source);
        return void this.raw(Tag.REGEXP);
      case 'opaque':
        this.refs.push(value.className);
        return void this.raw(Tag.OPAQUE, value.size);
      case 'buffer':
        this.refs.push(value.className, value.head);
        return void this.raw(Tag.BUFFER, value.size);
      case 'reference':
        return void this.raw(Tag.REFERENCE, value.id);
      case 'cut':
        if (value.reason === 'hot') {
          const form = FORMS_BY_CLASS.indexOf(value.className);
          return void this.raw(Tag.FORM | (form << 5), ...(form === Form.ARRAY ? [value.size] : []));
        }
        this.refs.push(value.className);
        return void this.raw(Tag.CUT | (CUTS[value.reason] << 5), value.size);
    }
  }

  private entries(entries: readonly { readonly name: string; readonly value: Value }[]): void {
    for (const { name, value } of entries) {
      this.refs.push(name);
      this.model(value);
    }
  }
}

export function toModel(value: number | string | boolean | null | undefined | bigint | symbol): Value {
  if (value === undefined) return { kind: 'undefined' };
  if (value === null) return { kind: 'null' };
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  return typeof value === 'bigint' ? { kind: 'bigint', value } : { kind: 'symbol', description: value.description ?? '' };
}
