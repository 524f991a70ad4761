/** The call graph: functions as boxes, calls as lines. Large ones are compressed, and everything that is folded or left out is counted. */
import { compressCallGraph, formatDuration, printable, type CompressOptions } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { mergedTrace } from '../../parts/merged-trace.ts';
import { selectedFunction } from '../../parts/selected-function.ts';
import { showCount, showCounted } from '../../shell/show-numbers.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { activeView, openTrace } from '../../state/state.ts';
import { placeGraph, type PlacedGroup } from './graph-layout.ts';
import { GraphPicture } from './graph-picture.tsx';
import './graph.css';

const LIMITS: readonly number[] = [20, 40, 80, 160];
const FOLDS: readonly { readonly fold: NonNullable<CompressOptions['fold']>; readonly title: string }[] = [
  { fold: 'large', title: 'Fold when large' },
  { fold: 'always', title: 'Fold always' },
  { fold: 'never', title: 'Never fold' },
];
/** Members of a group that are named; the rest is counted. */
const MEMBERS_SHOWN = 200;

export function GraphView(): JSX.Element | null {
  const trace = openTrace.value;
  return trace === undefined ? null : <CallGraph key={trace.summary.id} trace={trace} />;
}

function CallGraph({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const { graph, totals } = mergedTrace(trace);
  const { functions, root } = trace.header;
  const [limit, setLimit] = useState(40);
  const [fold, setFold] = useState<NonNullable<CompressOptions['fold']>>('large');
  const placed = useMemo(
    () => placeGraph(compressCallGraph(graph, totals, { limit, fold }), functions, root.name),
    [graph, totals, limit, fold, functions, root],
  );
  const [chosen, setChosen] = useState(() => groupOf(placed.groups, selectedFunction.peek()));
  const group = placed.groups[chosen];
  const choose = (index: number): void => {
    setChosen(index);
    const members = placed.groups[index]?.group.functions ?? [];
    if (members.length === 1) selectedFunction.value = members[0]!;
  };
  const open = (index: number): void => {
    const [first] = placed.groups[index]?.group.functions ?? [];
    if (first === undefined) return;
    selectedFunction.value = first;
    activeView.value = 'sandwich';
  };
  const folded = placed.groups.reduce(
    (sum, { group: { kind, functions: members } }) => sum + (kind === 'cycle' || kind === 'chain' ? members.length : 0),
    0,
  );
  const left = placed.groups.find(({ group: { kind } }) => kind === 'rest')?.group.functions.length ?? 0;
  const shown = placed.groups.reduce((sum, { group: { functions: members } }) => sum + members.length, 0);

  return (
    <div class="graph-view">
      <div class="view-bar">
        <label class="graph-choice">
          At most{' '}
          <select
            value={limit}
            onChange={(event) => {
              setLimit(Number(event.currentTarget.value));
              setChosen(0);
            }}
          >
            {LIMITS.map((each) => (
              <option key={each} value={each}>
                {each} boxes
              </option>
            ))}
          </select>
        </label>
        <select
          aria-label="Folding of circles and chains of calls"
          value={fold}
          onChange={(event) => {
            setFold(event.currentTarget.value as typeof fold);
            setChosen(0);
          }}
        >
          {FOLDS.map((each) => (
            <option key={each.fold} value={each.fold}>
              {each.title}
            </option>
          ))}
        </select>
        <span class="view-note">
          {showCounted(shown, 'function')}
          {folded > 0 && ` · ${showCount(folded)} of them folded`}
          {left > 0 && ` · ${showCount(left)} with less self time in one box`}
        </span>
        <span class="view-hint">arrows move · + − zoom · 0 fits · Enter shows callers and callees</span>
      </div>
      <div class="graph-body">
        <GraphPicture
          graph={placed}
          functions={functions}
          most={totals.self.reduce((most, self) => Math.max(most, self), 1e-9)}
          chosen={chosen}
          choose={choose}
          open={open}
        />
        {group !== undefined && group.group.kind !== 'root' && (
          <aside class="graph-side">
            <h2>{group.title}</h2>
            <p>
              {showCounted(group.group.calls, 'call')} · self {formatDuration(group.group.self)}
              {group.group.errors > 0 && <span class="call-error"> · ✕ {showCount(group.group.errors)} threw</span>}
            </p>
            <ul>
              {group.group.functions.slice(0, MEMBERS_SHOWN).map((index) => (
                <li key={index}>
                  <button
                    type="button"
                    class="neighbour"
                    onClick={() => {
                      selectedFunction.value = index;
                      activeView.value = 'sandwich';
                    }}
                  >
                    <span class="neighbour-name">{printable(functions[index]?.name ?? '?', LONGEST_NAME)}</span>
                    <span class="neighbour-number">{showCount(totals.calls[index]!)}×</span>
                    <span class="neighbour-number">{formatDuration(totals.self[index]!)}</span>
                  </button>
                </li>
              ))}
            </ul>
            {group.group.functions.length > MEMBERS_SHOWN && (
              <p class="view-note">and {showCount(group.group.functions.length - MEMBERS_SHOWN)} more</p>
            )}
          </aside>
        )}
      </div>
    </div>
  );
}

function groupOf(groups: readonly PlacedGroup[], functionIndex: number): number {
  return Math.max(
    groups.findIndex(({ group: { functions } }) => functions.includes(functionIndex)),
    0,
  );
}
