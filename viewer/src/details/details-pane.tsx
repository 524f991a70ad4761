/** All that is known about the selected span. Its details are read when it is selected. */
import { formatDuration, formatEstimate, printable } from '@captureflow/trace';
import { SPAN_LINKS, SpanFlag } from '@captureflow/trace/view-file';
import type { SpanDetails } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { showCount, showCounted } from '../shell/show-numbers.ts';
import type { LoadedTrace } from '../state/loaded-trace.ts';
import { activeView, selectedSpan } from '../state/state.ts';
import { Section } from './details-section.tsx';
import { ErrorChain } from './error-chain.tsx';
import { RootDetails } from './root-details.tsx';
import { selfTime } from './self-time.ts';
import { ValueRow, ValueTree } from './value-tree.tsx';
import './details.css';

/** How a span came to hang under its parent, where it was no plain call. */
const LINK_WORDS: Readonly<Record<string, string>> = {
  lexical: 'a callback of the function above',
  root: 'under the root, caller unknown',
  loop: 'resumed by a loop',
  delegate: 'delegated to with yield*',
  top: 'outermost code of a module',
};

/** No parameter can be called so: a recorder that has the receiver puts it among the arguments. */
const THIS = 'this';

export function DetailsPane({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const span = selectedSpan.value;
  return (
    <aside class="details" aria-label="Details" tabIndex={-1}>
      {span < 0 ? <RootDetails trace={trace} /> : <SpanPane key={span} trace={trace} span={span} />}
    </aside>
  );
}

function SpanPane({ trace, span }: { readonly trace: LoadedTrace; readonly span: number }): JSX.Element {
  const [details, setDetails] = useState<SpanDetails | Error>();
  useEffect(() => {
    let current = true;
    const show = (result: SpanDetails | Error): void => {
      if (current) setDetails(result);
    };
    trace.details(span).then(show, show);
    return () => {
      current = false;
    };
  }, [trace, span]);
  return (
    <>
      <Head trace={trace} span={span} />
      <Facts trace={trace} span={span} details={details instanceof Error ? undefined : details} />
      {details instanceof Error && <p class="details-empty">The details could not be read: {details.message}</p>}
      {details !== undefined && !(details instanceof Error) && <Values trace={trace} details={details} span={span} />}
    </>
  );
}

function functionOf(trace: LoadedTrace, span: number): LoadedTrace['header']['functions'][number] {
  return trace.header.functions[trace.columns.functionIndex[span] as number] as LoadedTrace['header']['functions'][number];
}

function Head({ trace, span }: { readonly trace: LoadedTrace; readonly span: number }): JSX.Element {
  const fn = functionOf(trace, span);
  const form = `${fn.async ? 'async ' : ''}${fn.generator ? 'generator ' : ''}${fn.form}`;
  return (
    <div class="details-head">
      <div class="details-name">
        <h2>{printable(fn.name, 300)}</h2>
        <span class="dim">{form}</span>
      </div>
      <button
        type="button"
        class="link details-place"
        title="Show the source"
        onClick={() => {
          activeView.value = 'source';
        }}
      >
        {printable(fn.module, 500)}:{fn.line}:{fn.column}
      </button>
    </div>
  );
}

interface FactsProps {
  readonly trace: LoadedTrace;
  readonly span: number;
  readonly details: SpanDetails | undefined;
}

function Facts({ trace, span, details }: FactsProps): JSX.Element {
  const { columns } = trace;
  const bits = columns.flags[span] as number;
  const open = (bits & SpanFlag.OPEN) !== 0;
  const start = columns.start[span] as number;
  const duration = trace.endOf(span) - start;
  const error = details?.timeError ?? 0;
  const link = LINK_WORDS[SPAN_LINKS[(bits >> SpanFlag.LINK_SHIFT) & SpanFlag.LINK_MASK] ?? 'call'];
  const parent = columns.parent[span] as number;
  const outcome =
    bits & SpanFlag.THREW
      ? bits & SpanFlag.ORIGIN
        ? 'threw'
        : 'passed an error on'
      : bits & SpanFlag.CLOSED
        ? 'closed by its consumer'
        : open
          ? 'still running'
          : 'returned';
  return (
    <dl class="details-facts">
      <dt>Duration</dt>
      <dd>
        {open ? `at least ${formatDuration(duration)}` : formatEstimate(duration, error)}
        {error > 0 && !open && <span class="dim"> ± {formatDuration(error)}</span>}
      </dd>
      <dt>Self</dt>
      <dd>{formatDuration(selfTime(trace, span))}</dd>
      <dt>Start</dt>
      <dd>{formatDuration(start)}</dd>
      <dt>Outcome</dt>
      <dd class={bits & SpanFlag.THREW ? 'value-error' : ''}>{outcome}</dd>
      <dt>Caller</dt>
      <dd>
        {parent < 0 ? (
          <span class="dim">root</span>
        ) : (
          <button
            type="button"
            class="link"
            onClick={() => {
              selectedSpan.value = parent;
            }}
          >
            {printable(functionOf(trace, parent).name, 120)}
          </button>
        )}
        {link !== undefined && <span class="dim"> ({link})</span>}
      </dd>
      <dt>Span</dt>
      <dd class="mono">
        {showCount(span + 1)} {details?.spanId}
      </dd>
    </dl>
  );
}

function Values({
  trace,
  details,
  span,
}: {
  readonly trace: LoadedTrace;
  readonly details: SpanDetails;
  readonly span: number;
}): JSX.Element {
  const { outcome, locals, annotations, elided, suspensions, lines } = details;
  const fn = functionOf(trace, span);
  const args = details.args.filter(({ name }) => name !== THIS);
  const receiver = details.args.find(({ name }) => name === THIS);
  return (
    <>
      {outcome.kind === 'threw' && (
        <Section title="Exception" failed>
          {outcome.error === undefined ? <p class="dim">not captured</p> : <ErrorChain error={outcome.error} />}
        </Section>
      )}
      {receiver !== undefined && (
        <Section title="this">
          <div class="values">
            <ValueRow name="" value={receiver.value} />
          </div>
        </Section>
      )}
      <Section title={args.length === 1 ? 'Argument' : 'Arguments'}>
        {args.length > 0 ? <ValueTree values={args} /> : <p class="dim">{noArguments(fn.level, fn.parameters.length)}</p>}
      </Section>
      {outcome.kind === 'returned' && (
        <Section title={outcome.line === undefined ? 'Returned' : `Returned at line ${outcome.line}`}>
          {outcome.value === undefined ? (
            <p class="dim">{fn.level === 'calls' ? 'not captured: level calls' : 'nothing captured'}</p>
          ) : (
            <div class="values">
              <ValueRow name="" value={outcome.value} />
            </div>
          )}
        </Section>
      )}
      {locals !== undefined && (
        <Section title="Locals at the end">{locals.length > 0 ? <ValueTree values={locals} /> : <p class="dim">none</p>}</Section>
      )}
      {annotations.length > 0 && (
        <Section title="Annotations">
          <div class="values">
            {annotations.map((value, index) => (
              <ValueRow key={index} name="" value={value} startOpen />
            ))}
          </div>
        </Section>
      )}
      {lines.length > 0 && (
        <Section title="Lines">
          <button
            type="button"
            class="link"
            onClick={() => {
              activeView.value = 'source';
            }}
          >
            {showCounted(lines.length, 'statement')} with values, in the source
          </button>
        </Section>
      )}
      {suspensions.length > 0 && (
        <Section title={`Waited ${showCounted(suspensions.length, 'time')}`}>
          <table class="small-table">
            <tbody>
              {suspensions.slice(0, 100).map(({ kind, from, to }, index) => (
                <tr key={index}>
                  <td>{kind}</td>
                  <td class="dim">at {formatDuration(from)}</td>
                  <td class="number">{to === undefined ? 'never resumed' : formatDuration(to - from)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
      {elided.length > 0 && (
        <Section title="Calls counted, not recorded">
          <table class="small-table">
            <tbody>
              {elided.slice(0, 100).map((calls, index) => (
                <tr key={index}>
                  <td class="number">{showCount(calls.count)} ×</td>
                  <td class="mono">{printable(calls.function.name, 120)}</td>
                  <td class="mono dim">{printable(calls.function.module, 120)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
    </>
  );
}

function noArguments(level: string, parameters: number): string {
  if (level === 'calls') return 'not captured: level calls';
  return parameters === 0 ? 'none' : 'none captured';
}
