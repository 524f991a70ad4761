/** What narrows the list. */
import type { JSX } from 'preact';
import { showCount } from '../../shell/show-numbers.ts';
import { filters, listedTraces, loadMore } from '../../state/trace-list.ts';
import { emptyFilters, toQuery } from '../../state/trace-filters.ts';
import type { TraceFilters } from '../../state/trace-filters.ts';
import { LiveSwitch } from './live-switch.tsx';

const KINDS = ['http', 'event', 'run', 'script', 'task', 'test'];
const STATUSES = ['2xx', '3xx', '4xx', '5xx'];

export function FilterBar(): JSX.Element {
  const current = filters.value;
  const set = (change: Partial<TraceFilters>): void => {
    filters.value = { ...current, ...change };
  };
  const count = listedTraces.value.length;
  return (
    <form class="filter-bar" role="search" aria-label="Filter traces" onSubmit={(event) => event.preventDefault()}>
      <input
        type="search"
        class="filter-text"
        placeholder="Name, route, argument …"
        aria-label="Text"
        value={current.text}
        onInput={(event) => set({ text: event.currentTarget.value })}
      />
      <Choice label="Kind" any="Any kind" options={KINDS} value={current.kind} choose={(kind) => set({ kind })} />
      <Choice label="Status" any="Any status" options={STATUSES} value={current.status} choose={(status) => set({ status })} />
      <label class="filter-number">
        at least
        <input
          type="number"
          min="0"
          step="any"
          aria-label="Least duration in milliseconds"
          value={current.minDuration}
          onInput={(event) => set({ minDuration: event.currentTarget.value })}
        />
        ms
      </label>
      <label class="check">
        <input type="checkbox" checked={current.error} onChange={(event) => set({ error: event.currentTarget.checked })} />
        failed only
      </label>
      <button
        type="button"
        class="quiet"
        disabled={toQuery(current).size === 0}
        onClick={() => {
          filters.value = emptyFilters;
        }}
      >
        Clear
      </button>
      <LiveSwitch />
      <output class="filter-count">
        {showCount(count)}
        {loadMore.value === undefined ? '' : '+'} {count === 1 ? 'trace' : 'traces'}
      </output>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly options: readonly string[];
  readonly value: string;
  readonly choose: (value: string) => void;
}

function Choice({ label, any, options, value, choose }: ChoiceProps): JSX.Element {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">{any}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}
