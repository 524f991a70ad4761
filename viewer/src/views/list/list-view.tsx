/** The traces that can be opened, newest first, and what narrows them. */
import { formatDuration } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { OutcomeMark } from '../../shell/outcome-mark.tsx';
import { showCount, showCounted, showDateTime } from '../../shell/show-numbers.ts';
import { listedTraces, loading, loadMore, localTraces, openListed, remoteTraces } from '../../state/trace-list.ts';
import type { ListedTrace } from '../../state/trace-list.ts';
import { FilterBar } from './filter-bar.tsx';
import './list.css';

export function ListView(): JSX.Element {
  const traces = listedTraces.value;
  const longest = traces.reduce((most, { summary }) => Math.max(most, summary.duration ?? 0), 0);
  return (
    <div class="list-view">
      <FilterBar />
      {traces.length === 0 ? <Nothing /> : <TraceTable traces={traces} longest={longest} />}
    </div>
  );
}

function Nothing(): JSX.Element {
  const filtered = localTraces.value.length > 0 && remoteTraces.value.length === 0;
  if (loading.value !== undefined) return <p class="nothing">Loading …</p>;
  return (
    <div class="nothing">
      <p>{filtered ? 'No trace matches the filters.' : 'No traces here.'}</p>
      <p>Drop a .cft file, CaptureFlow JSON or OTLP JSON onto the page; it is read here and sent nowhere.</p>
    </div>
  );
}

function TraceTable({ traces, longest }: { readonly traces: readonly ListedTrace[]; readonly longest: number }): JSX.Element {
  const [current, setCurrent] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const at = Math.min(current, traces.length - 1);
  const press = (event: KeyboardEvent): void => {
    const next = nextRow(event.key, at, traces.length);
    const trace = traces[at];
    if (event.key === 'Enter' && trace !== undefined) void openListed(trace);
    else if (next === undefined) return;
    else {
      setCurrent(next);
      (body.current?.rows[next] as HTMLElement | undefined)?.focus();
    }
    event.preventDefault();
  };
  const more = loadMore.value;
  return (
    <div class="table-scroll">
      <table class="trace-table" role="grid" aria-label="Traces">
        <thead>
          <tr>
            <th scope="col" class="narrow">
              <span class="hidden-text">Outcome</span>
            </th>
            <th scope="col">Trace</th>
            <th scope="col">Kind</th>
            <th scope="col" class="number">
              Status
            </th>
            <th scope="col" class="number">
              Duration
            </th>
            <th scope="col" class="number">
              Spans
            </th>
            <th scope="col" class="number">
              Threw
            </th>
            <th scope="col">Service</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={press}>
          {traces.map((trace, index) => (
            <TraceRow
              key={trace.summary.id}
              trace={trace}
              longest={longest}
              reachable={index === at}
              open={() => {
                setCurrent(index);
                void openListed(trace);
              }}
            />
          ))}
        </tbody>
      </table>
      {more !== undefined && (
        <button type="button" class="more" onClick={more}>
          Older traces
        </button>
      )}
    </div>
  );
}

interface RowProps {
  readonly trace: ListedTrace;
  readonly longest: number;
  /** One row of the table is reached by Tab, the others by arrows. */
  readonly reachable: boolean;
  readonly open: () => void;
}

function TraceRow({ trace: { summary }, longest, reachable, open }: RowProps): JSX.Element {
  const share = longest > 0 && summary.duration !== undefined ? summary.duration / longest : 0;
  return (
    <tr class="trace-row" tabIndex={reachable ? 0 : -1} onClick={open}>
      <td class="narrow">
        <OutcomeMark outcome={summary.outcome} />
      </td>
      <td class="name" title={summary.name}>
        {summary.name}
        {summary.dropped > 0 && (
          <span class="badge badge-warn" title={`${showCounted(summary.dropped, 'event')} missing`}>
            not complete
          </span>
        )}
      </td>
      <td>{summary.kind}</td>
      <td class={`number ${summary.status === undefined ? '' : `status-${Math.floor(summary.status / 100)}`}`}>{summary.status ?? ''}</td>
      <td class="number duration">
        <span class="duration-bar" style={{ width: `${share * 100}%` }} />
        <span class="duration-text">{summary.duration === undefined ? 'open' : formatDuration(summary.duration)}</span>
      </td>
      <td class="number">{showCount(summary.spans)}</td>
      <td class={`number ${summary.errors > 0 ? 'threw' : 'none'}`}>{summary.errors > 0 ? showCount(summary.errors) : '0'}</td>
      <td class="service" title={summary.service}>
        {summary.service}
      </td>
      <td class="time">{showDateTime(summary.startTime)}</td>
    </tr>
  );
}

function nextRow(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return undefined;
}
