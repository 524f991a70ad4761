/** The call tree: every call with arguments and result in its line, in order of start. Keys as WAI-ARIA's tree view has them. */
import { formatDuration, printable } from '@captureflow/trace';
import { SpanFlag } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { CallText } from '../../parts/call-text.tsx';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { useDetails, type DetailsReader } from '../../parts/use-details.ts';
import { movedRow, VirtualRows } from '../../parts/virtual-rows.tsx';
import { showCount, showCounted } from '../../shell/show-numbers.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { activeView, matches, openTrace, selectedSpan } from '../../state/state.ts';
import { reveal, rowOf, treeRows } from './tree-rows.ts';
import { treeStateOf } from './tree-state.ts';
import './tree.css';

export function TreeView(): JSX.Element | null {
  const trace = openTrace.value;
  return trace === undefined ? null : <CallTree key={trace.summary.id} trace={trace} />;
}

function CallTree({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const { columns, children } = trace;
  const state = treeStateOf(trace);
  const selected = selectedSpan.value;
  const details = useDetails(trace);
  // What another view selected gets a row here.
  if (selected >= 0 && reveal(columns.parent, state.isOpen, selected)) state.version.value = state.version.peek() + 1;
  const version = state.version.value;
  const rows = useMemo(() => treeRows(children, columns.parent, state.isOpen), [trace, version]);
  const active = useMemo(() => (selected < 0 ? 0 : rowOf(rows, selected)), [rows, selected]);
  const found = matches.value;

  const toggle = (span: number, open: boolean): void => {
    if (state.places.childCount[span] === 0 || (state.isOpen[span] === 1) === open) return;
    state.isOpen[span] = open ? 1 : 0;
    // A selected span that its parent swallows would open it again.
    if (!open && isBelow(columns.parent, selectedSpan.peek(), span)) selectedSpan.value = span;
    state.version.value++;
  };
  const press = (event: KeyboardEvent, pageSize: number): void => {
    const span = rows.span[active] ?? -1;
    if (span < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = movedRow(event.key, active, rows.count, pageSize);
    if (next !== undefined) selectedSpan.value = rows.span[next]!;
    else if (event.key === 'ArrowRight') {
      if (state.isOpen[span] === 1 && children.first(span) >= 0) selectedSpan.value = children.first(span);
      else toggle(span, true);
    } else if (event.key === 'ArrowLeft') {
      if (state.isOpen[span] === 1 && children.first(span) >= 0) toggle(span, false);
      else if (columns.parent[span]! >= 0) selectedSpan.value = columns.parent[span]!;
    } else if (event.key === '*') {
      for (let at = children.first(columns.parent[span]!); at >= 0; at = children.next(at)) state.isOpen[at] = 1;
      state.version.value++;
    } else if (event.key === 'Enter') {
      activeView.value = 'source';
    } else return;
    event.preventDefault();
  };
  const openAll = (open: boolean): void => {
    state.isOpen.fill(open ? 1 : 0);
    if (!open && selectedSpan.peek() >= 0) selectedSpan.value = topOf(columns.parent, selectedSpan.peek());
    state.version.value++;
  };

  return (
    <div class="tree-view">
      <div class="view-bar">
        <button type="button" class="quiet" onClick={() => openAll(true)}>
          Open all
        </button>
        <button type="button" class="quiet" onClick={() => openAll(false)}>
          Close all
        </button>
        <span class="view-note">
          {showCount(rows.count)} of {showCounted(columns.count, 'call')} shown
        </span>
        <span class="view-hint">arrows move and open · * opens all beside · Enter shows the source</span>
      </div>
      {columns.count === 0 && <p class="nothing">No function was called in this trace.</p>}
      <VirtualRows
        id="tree"
        role="tree"
        label="Calls"
        count={rows.count}
        active={active}
        reveal={version}
        onShown={(first, end) => details.want(rows.span.subarray(first, end))}
        onKeyDown={press}
        row={(row, rowId) => (
          <TreeRow
            key={rows.span[row]}
            id={rowId}
            trace={trace}
            span={rows.span[row]!}
            depth={rows.depth[row]!}
            isOpen={state.isOpen[rows.span[row]!] === 1}
            isSelected={row === active && selected >= 0}
            isFound={has(found, rows.span[row]!)}
            details={details}
            toggle={toggle}
          />
        )}
      />
    </div>
  );
}

interface TreeRowProps {
  readonly id: string;
  readonly trace: LoadedTrace;
  readonly span: number;
  readonly depth: number;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly isFound: boolean;
  readonly details: DetailsReader;
  readonly toggle: (span: number, open: boolean) => void;
}

/** Deeper rows keep this indentation and say their depth: otherwise they would leave the page. */
const DEEPEST_INDENT = 24;

function TreeRow({ id, trace, span, depth, isOpen, isSelected, isFound, details, toggle }: TreeRowProps): JSX.Element {
  const { columns, header } = trace;
  const info = header.functions[columns.functionIndex[span]!];
  const flags = columns.flags[span]!;
  const { childCount, position, rootCount } = treeStateOf(trace).places;
  const above = columns.parent[span]!;
  const hasChildren = childCount[span]! > 0;
  const threw = (flags & SpanFlag.THREW) !== 0;
  const link = (flags >> SpanFlag.LINK_SHIFT) & SpanFlag.LINK_MASK;
  return (
    <div
      id={id}
      class={`tree-row${isSelected ? ' is-selected' : ''}${threw ? ' is-error' : ''}${isFound ? ' is-found' : ''}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={position[span]}
      aria-setsize={above < 0 ? rootCount : childCount[above]}
      aria-expanded={hasChildren ? isOpen : undefined}
      aria-selected={isSelected}
      onClick={() => {
        selectedSpan.value = span;
      }}
      onDblClick={() => toggle(span, !isOpen)}
    >
      <span class="tree-lead" style={{ width: `${Math.min(depth, DEEPEST_INDENT) * 0.9}rem` }} />
      <button
        type="button"
        class={`tree-twisty${hasChildren ? '' : ' is-leaf'}`}
        tabIndex={-1}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          toggle(span, !isOpen);
        }}
      >
        {hasChildren ? (isOpen ? '▾' : '▸') : ''}
      </button>
      {depth > DEEPEST_INDENT && <span class="tree-depth">{depth + 1}</span>}
      <span class="tree-call">
        {info?.async === true && <span class="tree-tag">async</span>}
        {link === 1 && (
          <span class="tree-tag" title="Called from outside what is instrumented; hangs under the call that made the function">
            callback
          </span>
        )}
        <span class="tree-name">{printable(info?.name ?? '?', LONGEST_NAME)}</span>
        <CallText details={details.get(span)} />
      </span>
      {hasChildren && !isOpen && <span class="tree-count">{showCount(childCount[span]!)} below</span>}
      <span class="tree-time">{Number.isNaN(columns.end[span]!) ? 'open' : formatDuration(columns.end[span]! - columns.start[span]!)}</span>
      <span class="tree-place" title={info === undefined ? '' : `${printable(info.module, LONGEST_NAME)}:${info.line}`}>
        {info === undefined ? '' : `${printable(info.module.slice(info.module.lastIndexOf('/') + 1), LONGEST_NAME)}:${info.line}`}
      </span>
    </div>
  );
}

/** Matches are ascending, and may be as many as the trace has spans. */
function has(sorted: Uint32Array, wanted: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}

function isBelow(parent: Int32Array, span: number, wanted: number): boolean {
  // Parents have lower numbers, so the walk ends at the latest at `wanted`.
  let at = span;
  while (at > wanted) at = parent[at]!;
  return at === wanted && span !== wanted;
}

function topOf(parent: Int32Array, span: number): number {
  let at = span;
  while (parent[at]! >= 0) at = parent[at]!;
  return at;
}
