/** One call of each trace, side by side: where a result differs the first pair that does, else the first call of each. */
import { formatDuration, formatValue, printable, type ComparedFunction, type NamedValue } from '@captureflow/trace';
import type { SpanDetails } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { OutcomeText } from '../../parts/call-text.tsx';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { activeView, openTrace, selectedSpan } from '../../state/state.ts';

export interface Pair {
  readonly name: string;
  /** Spans, -1: none. */
  readonly before: number;
  readonly after: number;
  /** Numbers of the function, where the pair stands for all its calls. */
  readonly compared?: ComparedFunction;
}

export interface CallPairProps {
  readonly pair: Pair | undefined;
  readonly before: LoadedTrace;
  readonly after: LoadedTrace;
}

export function CallPair({ pair, before, after }: CallPairProps): JSX.Element {
  if (pair === undefined) return <aside class="diff-pair nothing">Choose a row to see its calls.</aside>;
  const { compared } = pair;
  return (
    <aside class="diff-pair">
      <h2>{printable(pair.name, LONGEST_NAME)}</h2>
      {compared !== undefined && (
        <p class="view-note">
          {`pairs of calls: ${compared.compared}; with another result: ${compared.otherResults}; with other arguments: ${compared.otherArguments}`}
        </p>
      )}
      <OneCall title="Before" trace={before} span={pair.before} />
      <OneCall title="After" trace={after} span={pair.after} />
    </aside>
  );
}

function OneCall({ title, trace, span }: { readonly title: string; readonly trace: LoadedTrace; readonly span: number }): JSX.Element {
  const [details, setDetails] = useState<SpanDetails | Error>();
  useEffect(() => {
    let gone = false;
    setDetails(undefined);
    if (span < 0) return;
    trace.details(span).then(
      (read) => gone || setDetails(read),
      (error: Error) => gone || setDetails(error),
    );
    return () => {
      gone = true;
    };
  }, [trace, span]);
  return (
    <section class="diff-call">
      <h3>{title}</h3>
      {span < 0 ? (
        <p class="view-note">not called</p>
      ) : details === undefined ? (
        <p class="view-note">…</p>
      ) : details instanceof Error ? (
        <p class="view-note">could not be read: {details.message}</p>
      ) : (
        <>
          <Values values={details.args} />
          <p class="diff-outcome">
            <OutcomeText outcome={details.outcome} width={400} />
          </p>
          <p class="view-note">{formatDuration(trace.endOf(span) - trace.columns.start[span]!)}</p>
          {trace === openTrace.value && (
            <button
              type="button"
              onClick={() => {
                selectedSpan.value = span;
                activeView.value = 'tree';
              }}
            >
              Go to this call
            </button>
          )}
        </>
      )}
    </section>
  );
}

function Values({ values }: { readonly values: readonly NamedValue[] }): JSX.Element {
  return (
    <dl class="diff-values">
      {values.map(({ name, value }) => (
        <div key={name}>
          <dt>{printable(name, LONGEST_NAME)}</dt>
          <dd>{formatValue(value, { width: 300 })}</dd>
        </div>
      ))}
    </dl>
  );
}
