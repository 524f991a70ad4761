/** The table of functions: self and total time, calls, errors; beside it the chosen one between the flame graphs of its callers and its callees. */
import { formatDuration, functionFlames, printable } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { mergedTrace } from '../../parts/merged-trace.ts';
import { selectedFunction } from '../../parts/selected-function.ts';
import { movedRow, VirtualRows } from '../../parts/virtual-rows.tsx';
import { showCount, showCounted } from '../../shell/show-numbers.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { activeView, openTrace, selectedSpan } from '../../state/state.ts';
import { FunctionFlame } from './function-flame.tsx';
import { functionRows, neighboursOf, type Neighbour, type SortKey, type SortOrder } from './function-rows.ts';
import './sandwich.css';

const COLUMNS: readonly { readonly key: SortKey; readonly title: string; readonly about: string }[] = [
  { key: 'self', title: 'Self', about: 'Time in the function itself: neither in calls that were recorded nor waiting' },
  { key: 'total', title: 'Total', about: 'Duration of all calls; a call inside a call of the same function counts once' },
  { key: 'average', title: 'Average', about: 'Total divided by calls' },
  { key: 'waiting', title: 'Waiting', about: 'Time at an await or yield in which none of its calls ran' },
  { key: 'calls', title: 'Calls', about: 'Recorded calls' },
  { key: 'errors', title: 'Threw', about: 'Calls that threw' },
  { key: 'name', title: 'Function', about: 'Name and place' },
];

export function SandwichView(): JSX.Element | null {
  const trace = openTrace.value;
  return trace === undefined ? null : <FunctionTable key={trace.summary.id} trace={trace} />;
}

function FunctionTable({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const { merged, totals, graph } = mergedTrace(trace);
  const { functions } = trace.header;
  const [order, setOrder] = useState<SortOrder>({ key: 'self', descending: true });
  const [text, setText] = useState('');
  const rows = useMemo(() => functionRows(functions, totals, text, order), [trace, text, order]);
  const chosen = selectedFunction.value;
  const active = rows.indexOf(chosen);
  const most = merged.weight[0]! || 1;
  const { callers, callees } = useMemo(() => neighboursOf(graph, chosen), [graph, chosen]);
  const flames = useMemo(
    () => (chosen < 0 ? undefined : functionFlames(merged, chosen, functions.length)),
    [merged, chosen, functions.length],
  );

  const longestCall = (functionIndex: number): void => {
    let longest = -1;
    for (let span = 0; span < trace.columns.count; span++) {
      if (trace.columns.functionIndex[span] !== functionIndex) continue;
      if (longest < 0 || durationOf(trace, span) > durationOf(trace, longest)) longest = span;
    }
    if (longest < 0) return;
    selectedSpan.value = longest;
    activeView.value = 'tree';
  };
  const press = (event: KeyboardEvent, pageSize: number): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = movedRow(event.key, active, rows.length, pageSize);
    if (next !== undefined) selectedFunction.value = rows[next]!;
    else if (event.key === 'Enter' && chosen >= 0) longestCall(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <div class="sandwich-view">
      <div class="view-bar">
        <input
          type="search"
          class="sandwich-filter"
          placeholder="Filter functions"
          aria-label="Filter functions by name or file"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <span class="view-note">
          {showCounted(rows.length, 'function')} · {formatDuration(merged.weight[0]!)} in functions
        </span>
        <span class="view-hint">Enter goes to the longest call</span>
      </div>
      <div class="sandwich-body">
        <div class="sandwich-table">
          <div class="function-row function-head">
            {COLUMNS.map(({ key, title, about }) => (
              <button
                key={key}
                type="button"
                class={`function-cell is-${key}`}
                title={about}
                aria-label={`Sort by ${title}${order.key === key ? (order.descending ? ', descending now' : ', ascending now') : ''}`}
                onClick={() => setOrder({ key, descending: order.key === key ? !order.descending : key !== 'name' })}
              >
                {title}
                {order.key === key ? (order.descending ? ' ▾' : ' ▴') : ''}
              </button>
            ))}
          </div>
          <VirtualRows
            id="functions"
            role="listbox"
            label="Functions"
            count={rows.length}
            active={active}
            reveal={order}
            onKeyDown={press}
            row={(row, rowId) => {
              const index = rows[row]!;
              const info = functions[index]!;
              return (
                <div
                  key={index}
                  id={rowId}
                  role="option"
                  aria-selected={index === chosen}
                  class={`function-row${index === chosen ? ' is-selected' : ''}`}
                  onClick={() => {
                    selectedFunction.value = index;
                  }}
                  onDblClick={() => longestCall(index)}
                >
                  <span class="function-cell is-self">
                    <span class="share-bar" style={{ width: `${(100 * totals.self[index]!) / most}%` }} />
                    <span class="share-text">{formatDuration(totals.self[index]!)}</span>
                  </span>
                  <span class="function-cell is-total">{formatDuration(totals.total[index]!)}</span>
                  <span class="function-cell is-average">{formatDuration(totals.total[index]! / totals.calls[index]!)}</span>
                  <span class="function-cell is-waiting">{totals.waiting[index]! > 0 ? formatDuration(totals.waiting[index]!) : ''}</span>
                  <span class="function-cell is-calls">{showCount(totals.calls[index]!)}</span>
                  <span class={`function-cell is-errors${totals.errors[index]! > 0 ? ' call-error' : ''}`}>
                    {totals.errors[index]! > 0 ? `✕ ${showCount(totals.errors[index]!)}` : ''}
                  </span>
                  <span class="function-cell is-name">
                    <span class="tree-name">{printable(info.name, LONGEST_NAME)}</span>{' '}
                    <span class="view-note">{`${printable(info.module, LONGEST_NAME)}:${info.line}`}</span>
                  </span>
                </div>
              );
            }}
          />
        </div>
        <div class="sandwich-side">
          {flames === undefined || functions[chosen] === undefined ? (
            <p class="nothing">Choose a function to see who calls it and whom it calls.</p>
          ) : (
            <>
              <FunctionFlame trace={trace} nodes={flames.callers} label="Callers, as a flame graph" upwards />
              <div class="sandwich-chosen">
                <div class="tree-name">{printable(functions[chosen].name, LONGEST_NAME)}</div>
                <div class="view-note">{`${printable(functions[chosen].module, LONGEST_NAME)}:${functions[chosen].line}`}</div>
                <div>
                  {showCounted(totals.calls[chosen]!, 'call')} · self {formatDuration(totals.self[chosen]!)} · total{' '}
                  {formatDuration(totals.total[chosen]!)}
                </div>
                <button type="button" onClick={() => longestCall(chosen)}>
                  Longest call
                </button>
              </div>
              <FunctionFlame trace={trace} nodes={flames.callees} label="Callees, as a flame graph" upwards={false} />
              <div class="sandwich-lists">
                <Neighbours title="Called by" trace={trace} neighbours={callers} />
                <Neighbours title="Calls" trace={trace} neighbours={callees} />
              </div>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

interface NeighboursProps {
  readonly title: string;
  readonly trace: LoadedTrace;
  readonly neighbours: readonly Neighbour[];
}

/** Neighbours shown; the rest is counted. */
const MOST = 100;

function Neighbours({ title, trace, neighbours }: NeighboursProps): JSX.Element {
  return (
    <section class="neighbours">
      <h2>
        {title} <span class="view-note">{showCount(neighbours.length)}</span>
      </h2>
      <ul>
        {neighbours.slice(0, MOST).map(({ functionIndex, calls, errors, total }) => (
          <li key={functionIndex}>
            <button
              type="button"
              class="neighbour"
              disabled={functionIndex < 0}
              onClick={() => {
                selectedFunction.value = functionIndex;
              }}
            >
              <span class="neighbour-name">
                {printable(functionIndex < 0 ? trace.header.root.name : (trace.header.functions[functionIndex]?.name ?? '?'), LONGEST_NAME)}
              </span>
              <span class="neighbour-number">{showCount(calls)}×</span>
              <span class="neighbour-number">{formatDuration(total)}</span>
              <span class="neighbour-number call-error">{errors > 0 ? `✕ ${showCount(errors)}` : ''}</span>
            </button>
          </li>
        ))}
      </ul>
      {neighbours.length > MOST && <p class="view-note">and {showCount(neighbours.length - MOST)} more</p>}
    </section>
  );
}

function durationOf({ columns }: LoadedTrace, span: number): number {
  return Number.isNaN(columns.end[span]!) ? Number.POSITIVE_INFINITY : columns.end[span]! - columns.start[span]!;
}
