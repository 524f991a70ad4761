/** Both call trees in one, merged by path: what is new, gone or changed stands where it was called. */
import { printable } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { movedRow, VirtualRows } from '../../parts/virtual-rows.tsx';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { alignedRows, changedNodes, nodeChanges, openChanged, sideTotals, type AlignedSides } from './aligned-rows.ts';
import type { Pair } from './call-pair.tsx';
import { BothCounts, BothTimes, ChangeMarks } from './change-marks.tsx';

export interface AlignedTreeProps {
  readonly sides: AlignedSides;
  readonly before: LoadedTrace;
  readonly after: LoadedTrace;
  readonly showPair: (pair: Pair) => void;
}

const FIRST_ROWS = 300;
const DEEPEST_INDENT = 40;

export function AlignedTree({ sides, before, after, showPair }: AlignedTreeProps): JSX.Element {
  const { aligned } = sides;
  const marks = useMemo(() => changedNodes(sides), [sides]);
  const isOpen = useMemo(() => openChanged(sides, marks, FIRST_ROWS), [sides]);
  const [version, setVersion] = useState(0);
  const [onlyChanged, setOnlyChanged] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const rows = useMemo(() => alignedRows(aligned, isOpen, onlyChanged ? marks : undefined), [aligned, isOpen, onlyChanged, version]);
  const active = rows.node.subarray(0, rows.count).indexOf(chosen);
  const toggle = (node: number, open: boolean): void => {
    isOpen[node] = open ? 1 : 0;
    setVersion((now) => now + 1);
  };
  const nameOf = (node: number): string => {
    const now = aligned.after[node]!;
    const info =
      now >= 0
        ? after.header.functions[sides.after.functionIndex[now]!]
        : before.header.functions[sides.before.functionIndex[aligned.before[node]!]!];
    return printable(info?.name ?? '?', LONGEST_NAME);
  };
  const choose = (row: number): void => {
    const node = rows.node[row];
    if (node === undefined || row >= rows.count) return;
    setChosen(node);
    const [old, now] = [aligned.before[node]!, aligned.after[node]!];
    showPair({
      name: nameOf(node),
      before: aligned.firstBefore[node]! >= 0 ? aligned.firstBefore[node]! : old >= 0 ? sides.before.longest[old]! : -1,
      after: aligned.firstAfter[node]! >= 0 ? aligned.firstAfter[node]! : now >= 0 ? sides.after.longest[now]! : -1,
    });
  };
  const press = (event: KeyboardEvent, pageSize: number): void => {
    const next = movedRow(event.key, active, rows.count, pageSize);
    if (next !== undefined) choose(next);
    else if (chosen < 0) return;
    else if (event.key === 'ArrowRight') {
      if (isOpen[chosen] === 1) choose(active + 1);
      else toggle(chosen, true);
    } else if (event.key === 'ArrowLeft') {
      if (isOpen[chosen] === 1 && aligned.firstChild[chosen]! >= 0) toggle(chosen, false);
      else choose(rows.node.subarray(0, rows.count).indexOf(aligned.parent[chosen]!));
    } else return;
    event.preventDefault();
  };
  return (
    <div class="diff-list">
      <label class="diff-only">
        <input type="checkbox" checked={onlyChanged} onChange={(event) => setOnlyChanged(event.currentTarget.checked)} /> only what changed
        and the way there
      </label>
      <VirtualRows
        id="aligned"
        role="tree"
        label="Both call trees"
        count={rows.count}
        active={active}
        onKeyDown={press}
        row={(row, rowId) => {
          const node = rows.node[row]!;
          const changes = nodeChanges(sides, node);
          const [old, now] = [sideTotals(sides.before, aligned.before[node]!), sideTotals(sides.after, aligned.after[node]!)];
          const hasChildren = aligned.firstChild[node]! >= 0;
          const sign = old === undefined ? ' is-new' : now === undefined ? ' is-gone' : '';
          return (
            <div
              key={node}
              id={rowId}
              role="treeitem"
              aria-level={rows.depth[row]! + 1}
              aria-expanded={hasChildren ? isOpen[node] === 1 : undefined}
              aria-selected={row === active}
              class={`diff-row${sign}${row === active ? ' is-selected' : ''}`}
              onClick={() => choose(row)}
              onDblClick={() => toggle(node, isOpen[node] !== 1)}
            >
              <span class="tree-lead" style={{ width: `${Math.min(rows.depth[row]!, DEEPEST_INDENT) * 0.9}rem` }} />
              <button
                type="button"
                class="tree-twisty"
                tabIndex={-1}
                aria-hidden="true"
                onClick={(event) => {
                  event.stopPropagation();
                  toggle(node, isOpen[node] !== 1);
                }}
              >
                {hasChildren ? (isOpen[node] === 1 ? '▾' : '▸') : ''}
              </button>
              <span class="diff-name">
                <span class="tree-name">{nameOf(node)}</span>
                {(marks[node]! & 2) !== 0 && isOpen[node] !== 1 && <span class="view-note"> changes below</span>}
              </span>
              <ChangeMarks changes={changes} />
              <span class="diff-number">
                <BothCounts before={old?.calls} after={now?.calls} />
              </span>
              <span class="diff-number is-time">
                <BothTimes before={old} after={now} />
              </span>
            </div>
          );
        }}
      />
    </div>
  );
}
