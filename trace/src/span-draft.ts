/**
 * A span while its events are being read: places in the stream instead of times, numbers of the wire instead of the trace's.
 * Knows how the groups of values before an outcome, a statement or a call become names and values.
 */
import { errorBetween } from './clock-marks.ts';
import type { ClockMarks } from './clock-marks.ts';
import { isRedacted, plainName } from './function-table.ts';
import type { KnownFunction } from './function-table.ts';
import { LEVELS, SiteKind } from './metadata.ts';
import type { SiteRecord } from './metadata.ts';
import type { ElidedCalls, NamedValue, Outcome, Span, SpanLink, Suspension, Value } from './model.ts';
import { REDACTED } from './read-value.ts';
import { MAX_EVENT_VALUES } from './wire.ts';

interface LineDraft {
  readonly line: number;
  readonly ordinal: number;
  readonly changed: NamedValue[];
}

interface SuspensionDraft {
  readonly kind: Suspension['kind'];
  readonly from: number;
  to: number;
}

/** Values read before an outcome: `bindings[i]` is the index of the binding that had `values[i]`. */
interface Group {
  readonly kind: number;
  readonly line: number;
  readonly bindings: number[];
  readonly values: Value[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NONE: readonly never[] = [];
const OPEN: Outcome = { kind: 'open' };

export class SpanDraft {
  /** The span's number on the wire; `number` in the trace is given when all are known. */
  readonly wire: number;
  readonly parent: SpanDraft | undefined;
  readonly link: SpanLink;
  readonly known: KnownFunction;
  readonly start: number;
  number = 0;
  onStack = false;
  outcome: Outcome = OPEN;
  end = -1;
  annotations: Value[] | undefined;
  elided: ElidedCalls[] | undefined;
  /** By parameter, with holes; undefined: no value came. */
  private arguments: Value[] | undefined;
  private locals: readonly NamedValue[] | undefined;
  private lines: LineDraft[] | undefined;
  private suspensions: SuspensionDraft[] | undefined;
  private group: Group | undefined;
  private lastSite = -1;
  private lastCount = 0;

  constructor(wire: number, parent: SpanDraft | undefined, link: SpanLink, known: KnownFunction, start: number) {
    this.wire = wire;
    this.parent = parent;
    this.link = link;
    this.known = known;
    this.start = start;
  }

  get ended(): boolean {
    return this.end >= 0;
  }

  get suspended(): boolean {
    const last = this.suspensions?.at(-1);
    return last !== undefined && last.to < 0;
  }

  suspend(kind: Suspension['kind'], ordinal: number): void {
    (this.suspensions ??= []).push({ kind, from: ordinal, to: -1 });
  }

  resume(ordinal: number): void {
    const last = this.suspensions?.at(-1);
    if (last !== undefined && last.to < 0) last.to = ordinal;
  }

  /** The values of an ENTER: of the first parameters that are not redacted. Returns false when there are more of them than parameters. */
  setArguments(values: readonly Value[]): boolean {
    if (values.length === 0) return true;
    const { record } = this.known;
    if (record === undefined) {
      this.arguments = [...values];
      return true;
    }
    let used = 0;
    const parameters = record[4];
    const args = new Array<Value>(Math.min(parameters.length, values.length));
    for (let index = 0; index < parameters.length && used < values.length; index++) {
      if (!isRedacted(parameters[index] as string)) args[index] = values[used++] as Value;
    }
    if (used > 0) this.arguments = args;
    return used === values.length;
  }

  /** The values of a VALUES event. Returns false when site and values do not fit each other. */
  addValues(siteIndex: number, values: readonly Value[], ordinal: number): boolean {
    const site = this.known.record?.[6][siteIndex];
    if (site === undefined) return false;
    const [kind, line] = site;
    const names = kind === SiteKind.MORE_PARAMETERS ? this.known.record?.[4] : this.known.record?.[5];
    const pairs = pairUp(site, names ?? NONE, values);
    const continues = siteIndex === this.lastSite + 1 && this.lastCount === MAX_EVENT_VALUES;
    this.lastSite = siteIndex;
    this.lastCount = values.length;
    if (kind === SiteKind.MORE_PARAMETERS) {
      this.arguments ??= [];
      for (const [i, index] of pairs.bindings.entries()) this.arguments[index] = pairs.values[i] as Value;
    } else if (kind === SiteKind.LINE) {
      this.addLine(line, ordinal, nameValues(pairs, names ?? NONE), continues);
    } else {
      this.addGroup({ kind, line, ...pairs }, continues);
    }
    return pairs.fits;
  }

  private addLine(line: number, ordinal: number, changed: NamedValue[], continues: boolean): void {
    this.lines ??= [];
    const last = this.lines.at(-1);
    if (continues && last?.line === line) last.changed.push(...changed);
    else this.lines.push({ line, ordinal, changed });
  }

  /** More than eight values come as several groups, from neighbouring sites; any other group replaces the one before it. */
  private addGroup(group: Group, continues: boolean): void {
    const last = this.group;
    if (continues && last?.kind === group.kind && last.line === group.line && disjoint(last.bindings, group.bindings)) {
      last.bindings.push(...group.bindings);
      last.values.push(...group.values);
    } else {
      this.group = group;
    }
  }

  /** Ends the span. `position`: the scope position of a throw. Returns false when the record does not know that position. */
  finish(outcome: Outcome, ordinal: number, position: number): boolean {
    const { group } = this;
    this.group = undefined;
    this.end = ordinal;
    this.outcome = outcome;
    const names = this.known.record?.[5];
    if (group === undefined || names === undefined) return true;
    if (outcome.kind === 'returned' && group.kind === SiteKind.EXIT) {
      this.locals = nameValues(group, names);
      this.outcome = { ...outcome, line: group.line };
    } else if (outcome.kind === 'threw' && group.kind === SiteKind.THROW) {
      const valid = this.known.record?.[7][position];
      this.locals = nameValues(group, names, valid ?? NONE);
      return valid !== undefined;
    }
    return true;
  }

  /** The finished span. `clock` knows the times of places in the stream. */
  build(spanId: string, children: readonly number[], clock: ClockMarks): Span {
    const start = clock.momentOf(this.start);
    // Optional fields are set afterwards: spreading them in took most of the time of reading a trace.
    const span: Writable<Span> = {
      number: this.number,
      spanId,
      parent: this.parent?.number ?? 0,
      link: this.link,
      function: this.known.info,
      start: start.time,
      timeError: start.latest - start.earliest,
      args: this.nameArguments(),
      outcome: this.outcome,
      lines: this.lines?.map(({ line, ordinal, changed }) => ({ line, time: clock.timeOf(ordinal), changed })) ?? NONE,
      suspensions: this.suspensions?.map((suspension) => buildSuspension(suspension, clock)) ?? NONE,
      annotations: this.annotations ?? NONE,
      children,
      elided: this.elided ?? NONE,
    };
    if (this.ended) {
      const end = clock.momentOf(this.end);
      span.end = end.time;
      span.timeError = errorBetween(start, end);
    }
    if (this.locals !== undefined) span.locals = this.locals;
    return span;
  }

  private nameArguments(): readonly NamedValue[] {
    const parameters = this.known.record?.[4];
    const values = this.arguments ?? NONE;
    if (parameters === undefined) return values.map((value, index) => ({ name: `#${index + 1}`, value }));
    // Without any value the call was recorded at a level below `values`, unless there was none to pass.
    const recorded = values.length > 0 || (parameters.every(isRedacted) && LEVELS.indexOf(this.known.info.level) >= 2);
    if (!recorded) return NONE;
    const args: NamedValue[] = [];
    parameters.forEach((name, index) => {
      const value = isRedacted(name) ? REDACTED : values[index];
      if (value !== undefined) args.push({ name: plainName(name), value });
    });
    return args.slice();
  }
}

function buildSuspension({ kind, from, to }: SuspensionDraft, clock: ClockMarks): Suspension {
  return to < 0 ? { kind, from: clock.timeOf(from) } : { kind, from: clock.timeOf(from), to: clock.timeOf(to) };
}

function pairUp(
  site: SiteRecord,
  names: readonly string[],
  values: readonly Value[],
): { bindings: number[]; values: Value[]; fits: boolean } {
  const bindings: number[] = [];
  const paired: Value[] = [];
  let used = 0;
  for (const index of site[2]) {
    const name = names[index];
    if (name === undefined) return { bindings, values: paired, fits: false };
    const value = isRedacted(name) ? REDACTED : values[used++];
    if (value === undefined) return { bindings, values: paired, fits: false };
    bindings.push(index);
    paired.push(value);
  }
  return { bindings, values: paired, fits: used === values.length };
}

function nameValues(
  group: { readonly bindings: readonly number[]; readonly values: readonly Value[] },
  names: readonly string[],
  valid?: readonly number[],
): NamedValue[] {
  // Copies have no more room than they take: a list that grows has room for 17 from its first one on.
  const named: NamedValue[] = [];
  group.bindings.forEach((index, i) => {
    if (valid === undefined || valid.includes(index))
      named.push({ name: plainName(names[index] as string), value: group.values[i] as Value });
  });
  return named.slice();
}

function disjoint(left: readonly number[], right: readonly number[]): boolean {
  return !right.some((index) => left.includes(index));
}
