/** The functions of both traces: those that changed first. */
import { printable, type ComparedFunction } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { movedRow, VirtualRows } from '../../parts/virtual-rows.tsx';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import type { Pair } from './call-pair.tsx';
import { BothCounts, BothTimes, ChangeMarks } from './change-marks.tsx';

export interface ChangedFunctionsProps {
  readonly rows: readonly ComparedFunction[];
  readonly before: LoadedTrace;
  readonly after: LoadedTrace;
  readonly showPair: (pair: Pair) => void;
}

export function ChangedFunctions({ rows: all, before, after, showPair }: ChangedFunctionsProps): JSX.Element {
  const [onlyChanged, setOnlyChanged] = useState(true);
  const rows = useMemo(() => (onlyChanged ? all.filter(({ changes }) => changes.length > 0) : all), [all, onlyChanged]);
  const [chosen, setChosen] = useState('');
  const active = rows.findIndex(({ key }) => key === chosen);
  const choose = (row: number): void => {
    const compared = rows[row];
    if (compared === undefined) return;
    setChosen(compared.key);
    const hasPair = compared.firstBefore >= 0;
    showPair({
      name: compared.function.name,
      before: hasPair ? compared.firstBefore : firstCall(before, compared.key),
      after: hasPair ? compared.firstAfter : firstCall(after, compared.key),
      compared,
    });
  };
  return (
    <div class="diff-list">
      <label class="diff-only">
        <input type="checkbox" checked={onlyChanged} onChange={(event) => setOnlyChanged(event.currentTarget.checked)} /> only what changed
      </label>
      {rows.length === 0 && <p class="nothing">Both traces called the same functions, as often, with the same results.</p>}
      <VirtualRows
        id="changed"
        role="listbox"
        label="Functions of both traces"
        count={rows.length}
        active={active}
        onKeyDown={(event, pageSize) => {
          const next = movedRow(event.key, active, rows.length, pageSize);
          if (next === undefined) return;
          choose(next);
          event.preventDefault();
        }}
        row={(row, rowId) => {
          const { key, function: info, changes, ...sides } = rows[row]!;
          return (
            <div
              key={key}
              id={rowId}
              role="option"
              aria-selected={row === active}
              class={`diff-row${row === active ? ' is-selected' : ''}`}
              onClick={() => choose(row)}
            >
              <span class="diff-name">
                <span class="tree-name">{printable(info.name, LONGEST_NAME)}</span>{' '}
                <span class="view-note">{`${printable(info.module, LONGEST_NAME)}:${info.line}`}</span>
              </span>
              <ChangeMarks changes={changes} />
              <span class="diff-number">
                <BothCounts before={sides.before?.calls} after={sides.after?.calls} />
              </span>
              <span class="diff-number is-time">
                <BothTimes before={sides.before} after={sides.after} />
              </span>
            </div>
          );
        }}
      />
    </div>
  );
}

/** -1: never called. */
function firstCall({ header, columns }: LoadedTrace, key: string): number {
  return columns.functionIndex.findIndex((index) => header.functions[index]?.key === key);
}
