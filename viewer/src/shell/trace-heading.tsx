/** One line about the open trace, and what is known to be missing from it. */
import { formatDuration } from '@captureflow/trace';
import type { JSX } from 'preact';
import type { LoadedTrace } from '../state/loaded-trace.ts';
import { showCount, showCounted, showDateTime } from './show-numbers.ts';
import { OutcomeMark } from './outcome-mark.tsx';

export function TraceHeading({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const { summary, header } = trace;
  return (
    <div class="trace-heading">
      <OutcomeMark outcome={summary.outcome} />
      <span class="badge">{summary.kind}</span>
      <h1 class="trace-name" title={summary.name}>
        {summary.name}
      </h1>
      {summary.status !== undefined && <span class={`status status-${Math.floor(summary.status / 100)}`}>{summary.status}</span>}
      <dl class="facts">
        <Fact name="Duration" value={summary.duration === undefined ? 'still open' : formatDuration(summary.duration)} />
        <Fact name="Spans" value={showCount(trace.columns.count)} />
        {summary.errors > 0 && <Fact name="Threw" value={showCount(summary.errors)} />}
        <Fact name="Started" value={showDateTime(summary.startTime)} />
        <Fact name="Process" value={`${header.process.service} ${header.process.pid}`} title={header.process.runtime} />
        {header.kept !== undefined && <Fact name="Kept" value={header.kept} title="Why the recorder kept this trace" />}
      </dl>
      <Missing trace={trace} />
    </div>
  );
}

function Fact({ name, value, title }: { readonly name: string; readonly value: string; readonly title?: string }): JSX.Element {
  return (
    <div class="fact" title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Nothing is lost in silence: losses by cause, gaps, numbers that were replaced. */
function Missing({ trace }: { readonly trace: LoadedTrace }): JSX.Element | null {
  const { header, repaired } = trace;
  const events = header.gaps.reduce((sum, gap) => sum + gap.events, 0);
  const parts = [
    ...(events > 0 ? [`${showCounted(events, 'event')} in ${showCounted(header.gaps.length, 'gap')}`] : []),
    ...Object.entries(header.dropped).map(([cause, count]) => `${cause}: ${showCount(count)}`),
    ...(repaired > 0 ? [`damaged numbers: ${showCount(repaired)}`] : []),
  ];
  if (parts.length === 0) return null;
  return (
    <details class="missing">
      <summary>Not complete</summary>
      <ul>
        {parts.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
    </details>
  );
}
