/** Two traces side by side: another one before, the open one after. By function, and as one tree of both. */
import {
  alignCalls,
  compareFunctions,
  formatDuration,
  mergeCalls,
  NO_DIGESTS,
  printable,
  type CallDigests,
  type ComparedSide,
  type MergedCalls,
} from '@captureflow/trace';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { digestsOf } from '../../parts/digests.ts';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { mergedTrace } from '../../parts/merged-trace.ts';
import { showDateTime } from '../../shell/show-numbers.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { comparedTrace, openTrace } from '../../state/state.ts';
import { compareListed, listedTraces, type ListedTrace } from '../../state/trace-list.ts';
import type { SideNodes } from './aligned-rows.ts';
import { AlignedTree } from './aligned-tree.tsx';
import { ChangedFunctions } from './changed-functions.tsx';
import { CallPair, type Pair } from './call-pair.tsx';
import './diff.css';

export function DiffView(): JSX.Element | null {
  const after = openTrace.value;
  if (after === undefined) return null;
  // What was compared with may have been opened since.
  const before = comparedTrace.value?.summary.id === after.summary.id ? undefined : comparedTrace.value;
  return (
    <div class="diff-view">
      <Choice after={after} before={before} />
      {before === undefined ? (
        <p class="nothing">Choose another trace to compare this one with: what is new, gone, slower, or ended otherwise.</p>
      ) : (
        <Comparison key={`${before.summary.id} ${after.summary.id}`} before={before} after={after} />
      )}
    </div>
  );
}

/** Traces that a choice offers; the list's filters narrow what is offered. */
const OFFERED = 300;

function Choice({ after, before }: { readonly after: LoadedTrace; readonly before: LoadedTrace | undefined }): JSX.Element {
  const others = listedTraces.value.filter(({ summary }) => summary.id !== after.summary.id);
  // The same work is what one compares with.
  const same = others.filter(({ summary }) => summary.name === after.summary.name);
  const rest = others.filter(({ summary }) => summary.name !== after.summary.name);
  const option = ({ summary }: ListedTrace): JSX.Element => (
    <option key={summary.id} value={summary.id}>
      {`${printable(summary.name, LONGEST_NAME)} · ${showDateTime(summary.startTime)} · ${summary.duration === undefined ? 'open' : formatDuration(summary.duration)}`}
    </option>
  );
  return (
    <div class="view-bar">
      <label class="diff-choice">
        Before{' '}
        <select
          value={before?.summary.id ?? ''}
          onChange={(event) => {
            const chosen = others.find(({ summary }) => summary.id === event.currentTarget.value);
            if (chosen === undefined) comparedTrace.value = undefined;
            else void compareListed(chosen);
          }}
        >
          <option value="">{others.length === 0 ? 'No other trace is in the list' : 'Choose a trace …'}</option>
          {same.length > 0 && <optgroup label="The same name">{same.slice(0, OFFERED).map(option)}</optgroup>}
          {rest.length > 0 && <optgroup label="Others">{rest.slice(0, OFFERED).map(option)}</optgroup>}
        </select>
      </label>
      <span class="view-note">{`after: ${printable(after.summary.name, LONGEST_NAME)} · ${showDateTime(after.summary.startTime)}`}</span>
      {before !== undefined && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            openTrace.value = before;
            comparedTrace.value = after;
          }}
        >
          Swap
        </button>
      )}
    </div>
  );
}

const PARTS = [
  ['functions', 'Functions'],
  ['tree', 'Aligned tree'],
] as const;
type Part = (typeof PARTS)[number][0];

function Parts({ part, show }: { readonly part: Part; readonly show: (part: Part) => void }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={list}
      role="tablist"
      aria-label="Comparison"
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        const other = PARTS.findIndex(([name]) => name !== part);
        show(PARTS[other]![0]);
        (list.current?.children[other] as HTMLElement | undefined)?.focus();
      }}
    >
      {PARTS.map(([name, title]) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="quiet diff-tab"
          aria-selected={part === name}
          tabIndex={part === name ? 0 : -1}
          onClick={() => show(name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function Comparison({ before, after }: { readonly before: LoadedTrace; readonly after: LoadedTrace }): JSX.Element {
  const [digests, setDigests] = useState<{ readonly before: CallDigests; readonly after: CallDigests }>();
  const [done, setDone] = useState(0);
  const [tab, setTab] = useState<Part>('functions');
  const [pair, setPair] = useState<Pair>();
  useEffect(() => {
    let gone = false;
    const tell = (share: number): void => {
      if (!gone) setDone(share);
    };
    void (async () => {
      const read = { before: await digestsOf(before, tell), after: await digestsOf(after, tell) };
      if (!gone) setDigests(read);
    })();
    return () => {
      gone = true;
    };
  }, [before, after]);
  const sides = useMemo(() => {
    const side = (trace: LoadedTrace, merged: MergedCalls, of: CallDigests = NO_DIGESTS): ComparedSide => ({
      functions: trace.header.functions,
      merged,
      digests: of,
    });
    // Of the other trace no view shows the merged calls: what the comparison does not need of them is let go.
    const old = side(before, mergeCalls(before.columns, before.suspensions), digests?.before);
    const now = side(after, mergedTrace(after).merged, digests?.after);
    const aligned = alignCalls(old, now);
    return { aligned, before: sideNodes(old.merged), after: now.merged, functions: compareFunctions(old, now, aligned) };
  }, [before, after, digests]);
  const changed = sides.functions.filter(({ changes }) => changes.length > 0).length;
  return (
    <>
      <div class="view-bar">
        <Parts part={tab} show={setTab} />
        <span class="view-note" role="status">
          {changed} of {sides.functions.length} functions changed
          {digests === undefined && ` · comparing results, ${Math.floor(done * 100)} %`}
        </span>
        <span class="view-hint">calls are matched by path and order, functions by file and name</span>
      </div>
      <div class="diff-body">
        {tab === 'functions' ? (
          <ChangedFunctions rows={sides.functions} before={before} after={after} showPair={setPair} />
        ) : (
          <AlignedTree sides={sides} before={before} after={after} showPair={setPair} />
        )}
        <CallPair pair={pair} before={before} after={after} />
      </div>
    </>
  );
}

function sideNodes({ functionIndex, calls, errors, self, total, longest }: MergedCalls): SideNodes {
  return { functionIndex, calls, errors, self, total, longest };
}
