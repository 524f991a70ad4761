/** The lines of the source: number, hits, text, and beside it what the line did. Only lines in sight exist. */
import { formatValue, printable, type FunctionInfo } from '@captureflow/trace';
import { SpanFlag, type SpanDetails } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { OutcomeText } from '../../parts/call-text.tsx';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { movedRow, VirtualRows } from '../../parts/virtual-rows.tsx';
import { showCount, showCounted } from '../../shell/show-numbers.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { selectedSpan } from '../../state/state.ts';
import { callsByStep } from './calls-by-step.ts';
import type { CallLines, ShownValue } from './call-lines.ts';
import { nextHit, valuesAt, type LineHistory } from './line-history.ts';
import { lineStates, tokensOf } from './source-tokens.ts';

export interface SourceLinesProps {
  readonly trace: LoadedTrace;
  readonly span: number;
  readonly info: FunctionInfo;
  readonly details: SpanDetails;
  readonly lines: readonly string[];
  readonly hasText: boolean;
  /** Number of the first of `lines`: without text they begin with the function. */
  readonly firstLine: number;
  readonly still: CallLines;
  readonly history: LineHistory | undefined;
  readonly step: number;
  readonly setStep: (step: number) => void;
}

/** Letters of a line that are drawn: minified files have lines of megabytes. */
const LONGEST_LINE = 2000;
/** Links to calls of one line; the rest is counted. */
const CALLS_SHOWN = 4;

export function SourceLines(props: SourceLinesProps): JSX.Element {
  const { trace, span, info, details, lines, hasText, firstLine, still, history, step, setStep } = props;
  const { columns, header } = trace;
  const isLast = history === undefined || step === history.lines.length - 1;
  const present = history?.lines[step];
  const outcomeLine = history !== undefined && details.outcome.kind === 'threw' ? history.lines.at(-1) : (still.outcomeLine ?? info.line);
  const rowOf = (line: number): number => Math.min(Math.max(line - firstLine, 0), lines.length - 1);
  const [active, setActive] = useState(rowOf(present ?? info.line));
  useEffect(() => {
    if (present !== undefined) setActive(rowOf(present));
  }, [present, step]);
  const states = useMemo(() => lineStates(lines), [lines]);
  const values = useMemo(() => (history === undefined ? undefined : valuesAt(history, step)), [history, step]);
  const calls = useMemo(() => callsByStep(columns, trace.children, span, details.lines), [trace, span, details]);

  /** Lines that called something that threw, at any of their steps: also where a `catch` swallowed it. */
  const threwOn = useMemo(() => {
    const threw = new Set<number>();
    for (const [at, spans] of calls)
      if (spans.some((call) => (columns.flags[call]! & SpanFlag.THREW) !== 0)) threw.add(details.lines[at]!.line);
    return threw;
  }, [calls]);

  const shownValues = (line: number): readonly ShownValue[] => {
    if (values === undefined) return still.values.get(line) ?? [];
    const own = [...(values.get(line)?.values() ?? [])];
    return line === info.line ? [...details.args.filter(({ name }) => !own.some((value) => value.name === name)), ...own] : own;
  };
  /** Of the newest step on the line that is not after the present one. */
  const callsOn = (line: number): readonly number[] => {
    const hit = history?.steps.get(line)?.findLast((at) => at <= step);
    return hit === undefined ? [] : (calls.get(hit) ?? []);
  };
  const press = (event: KeyboardEvent, pageSize: number): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moved = movedRow(event.key, active, lines.length, pageSize);
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (moved !== undefined) setActive(moved);
    else if (by !== 0 && history !== undefined) {
      const wanted = event.shiftKey
        ? nextHit(history, active + firstLine, step, by)
        : Math.min(Math.max(step + by, 0), history.lines.length - 1);
      if (wanted !== undefined) setStep(wanted);
    } else if (event.key === 'Enter') {
      const [call] = callsOn(active + firstLine);
      if (call !== undefined) selectedSpan.value = call;
    } else return;
    event.preventDefault();
  };

  return (
    <VirtualRows
      id="source"
      role="listbox"
      label={`Source of ${info.module}`}
      class="source-lines"
      count={lines.length}
      active={active}
      reveal={step}
      onKeyDown={press}
      row={(row, rowId) => {
        const line = row + firstLine;
        const hits = history?.steps.get(line);
        const isInside = line >= info.line && line <= info.endLine;
        const here = callsOn(line);
        const threwHere = here.some((call) => (columns.flags[call]! & SpanFlag.THREW) !== 0);
        const isOutcome = line === outcomeLine && isLast;
        const isError = threwHere || (isOutcome && details.outcome.kind === 'threw');
        return (
          <div
            key={line}
            id={rowId}
            role="option"
            aria-selected={row === active}
            aria-current={line === present ? 'step' : undefined}
            class={`source-line${isInside ? '' : ' is-outside'}${line === present ? ' is-present' : ''}${row === active ? ' is-active' : ''}${isError ? ' is-error' : ''}`}
            onClick={() => setActive(row)}
          >
            <span class="source-number">{line}</span>
            {history !== undefined && (
              <span class="source-hits">
                {hits !== undefined && (
                  <button
                    type="button"
                    tabIndex={-1}
                    title={`Ran ${showCounted(hits.length, 'time')}; next time on this line (Shift+→)`}
                    onClick={() => setStep(nextHit(history, line, step, 1) ?? hits[0]!)}
                  >
                    {threwOn.has(line) && (
                      <span class="call-error" title="Something that it called threw">
                        ✕{' '}
                      </span>
                    )}
                    {showCount(hits.length)}×
                  </button>
                )}
              </span>
            )}
            <span class="source-mark">{isError ? '✕' : line === present ? '▸' : ''}</span>
            {hasText && (
              <code class="source-code">
                {tokensOf(lines[row]!.slice(0, LONGEST_LINE), states[row]).tokens.map(({ kind, text }, index) =>
                  kind === 'plain' ? (
                    text
                  ) : (
                    <span key={index} class={`token-${kind}`}>
                      {text}
                    </span>
                  ),
                )}
              </code>
            )}
            <span class="source-values">
              {shownValues(line).map(({ name, value }) => (
                <span key={name} class="source-value" title={`${printable(name, LONGEST_NAME)} = ${formatValue(value, { width: 2000 })}`}>
                  <span class="source-name">{printable(name, LONGEST_NAME)}</span> = {formatValue(value, { width: 48 })}
                </span>
              ))}
              {here.slice(0, CALLS_SHOWN).map((call) => (
                <button
                  key={call}
                  type="button"
                  tabIndex={-1}
                  class={`source-call${(columns.flags[call]! & SpanFlag.THREW) !== 0 ? ' is-error' : ''}`}
                  title="Go to this call (Enter)"
                  onClick={() => {
                    selectedSpan.value = call;
                  }}
                >
                  {(columns.flags[call]! & SpanFlag.THREW) !== 0 ? '✕ ' : '↳ '}
                  {printable(header.functions[columns.functionIndex[call]!]?.name ?? '?', LONGEST_NAME)}
                </button>
              ))}
              {here.length > CALLS_SHOWN && <span class="view-note">and {showCounted(here.length - CALLS_SHOWN, 'more call')}</span>}
              {isOutcome && (
                <span class="source-value">
                  <OutcomeText outcome={details.outcome} />
                  {details.outcome.kind === 'threw' && history === undefined && <span class="view-note"> (at an unknown line)</span>}
                </span>
              )}
            </span>
          </div>
        );
      }}
    />
  );
}
