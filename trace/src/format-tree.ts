/** A trace as a text tree for terminals. Works with explicit stacks: traces are as deep as the recursion they recorded. */
import { fitArguments, joinedLength, previewArguments } from './fit-arguments.ts';
import { foldAlike } from './fold-alike.ts';
import type { Entry } from './fold-alike.ts';
import { formatDuration } from './format-duration.ts';
import { formatTime, formatTimeOfAll } from './format-time.ts';
import { count, formatError, formatValue } from './format-value.ts';
import type { NamedValue, Outcome, Span, Trace, Value } from './model.ts';
import { clip, printable } from './printable.ts';
import { createStyle } from './terminal-style.ts';
import type { Style } from './terminal-style.ts';

export interface FormatTreeOptions {
  /** ANSI colours; default false. */
  readonly color?: boolean;
  /** Columns of the terminal; default 100, at least 40. Names, places and durations are never cut to fit. */
  readonly width?: number;
  /** Show arguments and results; default true. */
  readonly values?: boolean;
  /** Show the locals of spans that threw; default true. */
  readonly locals?: boolean;
  /** Spans to show before the rest is only counted; default 1000. */
  readonly maxSpans?: number;
  /** Calls of one function in a row, with nothing under them, to show before the rest of them becomes one line; default 3. */
  readonly fold?: number;
}

/** An entry and its place: `lead` stands before its own line, `indent` before everything under it. */
type Row = Entry & { readonly depth: number; readonly lead: string; readonly indent: string };

const LINK_MARKS: Readonly<Record<Span['link'], string>> = {
  call: '',
  top: '',
  lexical: '⤷ from closure ',
  root: '⤷ in root ',
  loop: '⤷ from for await ',
  delegate: '⤷ from yield* ',
};
/** Causes of causes of … are shown this far. */
const LONGEST_CAUSE_CHAIN = 10;
/** Arguments and result get at least so many columns, even if the line becomes too long. */
const NARROWEST = 32;

/** The tree, one line a span, each line ended by a newline. */
export function formatTree(trace: Trace, options: FormatTreeOptions = {}): string {
  return new TreeWriter(trace, options).write();
}

class TreeWriter {
  private readonly trace: Trace;
  private readonly style: Style;
  private readonly width: number;
  private readonly values: boolean;
  private readonly locals: boolean;
  private readonly maxSpans: number;
  private readonly fold: number;
  private readonly deepest: number;
  private readonly lines: string[] = [];
  /** The span in which each error came up: its first throw in time, and the deepest of those. */
  private readonly origins = new Map<number, Span>();
  /** Events lost after a span, by its number. */
  private readonly gaps = new Map<number, { events: number; spans: number }>();

  constructor(trace: Trace, options: FormatTreeOptions) {
    this.trace = trace;
    this.style = createStyle(options.color ?? false);
    this.width = Math.max(40, options.width ?? 100);
    this.values = options.values ?? true;
    this.locals = options.locals ?? true;
    this.maxSpans = options.maxSpans ?? 1000;
    this.fold = options.fold ?? 3;
    // Indentation beyond a third of the line leaves no room for the spans themselves, and grows with the square of the depth.
    this.deepest = Math.floor(this.width / 9);
    for (const span of trace.spans) this.noteOrigin(span);
    for (const { afterSpan, events, spans = 0 } of trace.gaps) {
      const before = this.gaps.get(afterSpan);
      this.gaps.set(afterSpan, { events: events + (before?.events ?? 0), spans: spans + (before?.spans ?? 0) });
    }
  }

  write(): string {
    this.writeRoot();
    const rows: Row[] = [];
    this.pushChildren(rows, this.trace.children, this.trace.elided.length > 0, 0, '');
    let shown = 0;
    let folded = 0;
    for (let row = rows.pop(); row !== undefined && shown < this.maxSpans; row = rows.pop()) {
      if (row.folded !== undefined) {
        this.writeFolded(row.folded, row.lead);
        folded += row.folded.length;
      } else {
        this.writeSpan(row.span, row.lead, row.indent);
        shown++;
        this.pushChildren(rows, row.span.children, false, row.depth + 1, row.indent);
      }
    }
    this.writeElided(this.trace.elided, '');
    this.writeFooter(this.trace.spans.length - shown - folded);
    return `${this.lines.join('\n')}\n`;
  }

  private noteOrigin(span: Span): void {
    const { outcome } = span;
    if (outcome.kind !== 'threw') return;
    const known = this.origins.get(outcome.errorId);
    const end = span.end ?? Number.POSITIVE_INFINITY;
    const knownEnd = known?.end ?? Number.POSITIVE_INFINITY;
    if (known === undefined || end < knownEnd || (end === knownEnd && span.number > known.number)) this.origins.set(outcome.errorId, span);
  }

  /** In reverse, because rows are taken from the end. */
  private pushChildren(rows: Row[], numbers: readonly number[], more: boolean, depth: number, indent: string): void {
    const entries = foldAlike(this.trace.spans, numbers, this.fold, this.gaps);
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i] as Entry;
      const last = i === entries.length - 1 && !more;
      if (depth <= this.deepest) {
        rows.push({ ...entry, depth, lead: `${indent}${last ? '└─ ' : '├─ '}`, indent: `${indent}${last ? '   ' : '│  '}` });
      } else {
        const base = depth === this.deepest + 1 ? `${indent}⋯ ` : indent;
        rows.push({ ...entry, depth, lead: `${base}${count(depth + 1)} `, indent: base });
      }
    }
  }

  private writeRoot(): void {
    const { root, duration } = this.trace;
    const { bold, dim, red } = this.style;
    const parts = [bold(printable(root.name, this.width))];
    const status = statusOf(root.attributes);
    if (status !== undefined) parts.push(Number(status) >= 500 ? red(status) : status);
    if (root.error !== undefined) parts.push(red(`✗ ${printable(root.error.type)}: ${printable(root.error.message, this.width)}`));
    parts.push(duration === undefined ? dim('not ended') : dim(formatDuration(duration)));
    this.lines.push(parts.join('  '));
    for (const annotation of root.annotations) this.writeNote('│ ', `✎ ${formatValue(annotation, { width: this.width - 6 })}`);
    this.writeGap(0, '');
  }

  private writeFolded(spans: readonly Span[], lead: string): void {
    const name = printable(spans[0]?.function.name ?? '');
    this.lines.push(this.style.dim(`${lead}… ${count(spans.length)} more calls of ${name}  ${formatTimeOfAll(spans)}`));
  }

  private writeSpan(span: Span, lead: string, indent: string): void {
    const { dim, bold } = this.style;
    const fn = span.function;
    const mark = this.isPlainTop(span) ? '' : LINK_MARKS[span.link];
    const kind = `${fn.async ? 'async ' : ''}${fn.form === 'constructor' ? 'new ' : fn.form === 'getter' ? 'get ' : fn.form === 'setter' ? 'set ' : ''}`;
    const name = `${constructedName(fn.name, fn.form)}${fn.generator ? '*' : ''}`;
    const time = formatTime(span);
    const places = placesOf(fn);
    const fixed = lead.length + mark.length + kind.length + name.length + 2 + time.length + 2 + places[1].length + 2;
    const room = Math.max(NARROWEST, this.width - fixed);
    const args = this.values ? previewArguments(span.args, room) : [];
    const outcome = this.formatOutcome(span, Math.max(Math.ceil(room / 2), room - joinedLength(args)));
    const list = fitArguments(args, room - outcome.text.length - 1);
    const used = fixed + list.length + (outcome.text === '' ? 0 : outcome.text.length + 1);
    const place = places.find((text) => used - places[1].length + text.length <= this.width) ?? places[1];
    const call = `${dim(kind)}${bold(printable(name))}(${list})`;
    this.lines.push(`${dim(lead)}${dim(mark)}${call}${outcome.styled}  ${dim(time)}${place === '' ? '' : `  ${dim(place)}`}`);
    this.writeDetails(span, span.children.length > 0 ? `${indent}│  ` : `${indent}   `);
    this.writeGap(span.number, indent);
  }

  private isPlainTop(span: Span): boolean {
    return span.parent === 0 && span.link === 'root' && span.number === this.trace.children[0];
  }

  private formatOutcome(span: Span, width: number): { readonly text: string; readonly styled: string } {
    const { outcome } = span;
    const { red, green, yellow, dim } = this.style;
    const styled = (text: string, color: (text: string) => string): { text: string; styled: string } => ({
      text,
      styled: ` ${color(text)}`,
    });
    switch (outcome.kind) {
      case 'returned': {
        if (!this.values || outcome.value === undefined || outcome.value.kind === 'undefined') return { text: '', styled: '' };
        const text = `→ ${formatValue(outcome.value, { width: width - 3 })}`;
        return styled(text, green);
      }
      case 'threw':
        return styled(this.formatThrown(span, outcome, width), red);
      case 'closed':
        return styled('⊣ closed', dim);
      case 'open':
        return styled(span.suspensions.at(-1)?.to === undefined && span.suspensions.length > 0 ? '… suspended' : '… no end seen', yellow);
    }
  }

  private formatThrown(span: Span, outcome: Extract<Outcome, { kind: 'threw' }>, width: number): string {
    const { error, errorId } = outcome;
    const own = errorId === 0 || this.origins.get(errorId) === span;
    // The origin gets the whole line if it wants: its message is what the reader is after.
    if (own) return error === undefined ? '✗ threw' : `✗ ${formatError(error, this.width)}`;
    const name = error?.kind === 'error' ? ` ${printable(error.className || 'Error', Math.max(width, 30))}` : '';
    return `✗ ↑ same error${name}`;
  }

  private writeDetails(span: Span, indent: string): void {
    const { outcome } = span;
    if (outcome.kind === 'threw') {
      if (outcome.error !== undefined && (outcome.errorId === 0 || this.origins.get(outcome.errorId) === span)) {
        this.writeCauses(outcome.error, indent);
      }
      if (this.locals && span.locals !== undefined) this.writeLocals(span.locals, indent);
    }
    for (const annotation of span.annotations)
      this.writeNote(indent, `✎ ${formatValue(annotation, { width: this.width - indent.length - 2 })}`);
    this.writeElided(span.elided, indent);
  }

  private writeLocals(locals: readonly NamedValue[], indent: string): void {
    const shown = locals.filter(({ value }) => value.kind !== 'absent');
    const longest = Math.min(24, Math.max(0, ...shown.map(({ name }) => name.length)));
    for (const { name, value } of shown) {
      const label = `${printable(name).padEnd(longest)} = `;
      this.writeNote(indent, `${label}${formatValue(value, { width: this.width - indent.length - label.length - 2 })}`);
    }
  }

  private writeCauses(error: Value, indent: string): void {
    let cause = causeOf(error);
    for (let i = 0; cause !== undefined && i < LONGEST_CAUSE_CHAIN; i++) {
      this.lines.push(`${this.style.dim(indent)}${this.style.red(`caused by ${formatError(cause, this.width - indent.length - 10)}`)}`);
      cause = causeOf(cause);
    }
  }

  private writeElided(elided: Span['elided'], indent: string): void {
    for (const { function: fn, count: calls } of elided) {
      this.writeNote(indent, `+ ${count(calls)} ${calls === 1 ? 'call' : 'calls'} of ${printable(fn.name)}, counted only`);
    }
  }

  private writeGap(span: number, indent: string): void {
    const gap = this.gaps.get(span);
    if (gap === undefined) return;
    const spans = gap.spans === 0 ? '' : ` (${count(gap.spans)} spans)`;
    this.lines.push(`${this.style.dim(indent)}${this.style.yellow(`┄┄ ${count(gap.events)} events${spans} are missing here ┄┄`)}`);
  }

  private writeNote(indent: string, text: string): void {
    this.lines.push(this.style.dim(`${indent}${clip(text, Math.max(20, this.width - indent.length))}`));
  }

  private writeFooter(hidden: number): void {
    const { yellow, dim } = this.style;
    if (hidden > 0) this.lines.push(dim(`… ${count(hidden)} more spans`));
    const { kept, rootsDropped = {} } = this.trace;
    if (kept !== undefined) {
      const others = Object.values(rootsDropped).reduce((sum, roots) => sum + roots, 0);
      this.lines.push(dim(`kept: ${printable(kept)}${others === 0 ? '' : `; not kept before it: ${count(others)}`}`));
    }
    const causes = Object.entries(this.trace.dropped).filter(([, events]) => events > 0);
    if (causes.length > 0) {
      this.lines.push(yellow(`not recorded: ${causes.map(([cause, events]) => `${printable(cause)} ${count(events)}`).join(', ')}`));
    }
  }
}

/** `Cart` for the constructor of class Cart, whatever its scope path says. */
function constructedName(name: string, form: Span['function']['form']): string {
  return form === 'constructor' && name.endsWith('.constructor') ? name.slice(0, -'.constructor'.length) : name;
}

/** The place in full, and without its folders for a line that would become too long. */
function placesOf({ module, line }: Span['function']): readonly [string, string] {
  if (module === '') return ['', ''];
  const place = `${printable(module)}:${line}`;
  return [place, place.slice(place.lastIndexOf('/') + 1)];
}

function statusOf(attributes: Trace['root']['attributes']): string | undefined {
  for (const [key, value] of Object.entries(attributes)) {
    if (/(^|[._])status([._]code)?$/.test(key) && (typeof value === 'number' || typeof value === 'string'))
      return printable(String(value), 40);
  }
  return undefined;
}

function causeOf(error: Value): Value | undefined {
  return error.kind === 'error' ? error.entries.find(({ name }) => name === 'cause')?.value : undefined;
}
