/** What changed, as words with a sign: never by colour alone. */
import { formatDuration, type Change, type SideTotals } from '@captureflow/trace';
import type { JSX } from 'preact';
import { showCount } from '../../shell/show-numbers.ts';

const WORDS: Readonly<Record<Change, readonly [sign: string, word: string, about: string]>> = {
  new: ['+', 'new', 'Called after, not before'],
  gone: ['−', 'gone', 'Called before, not after'],
  slower: ['▲', 'slower', 'A call takes longer'],
  faster: ['▼', 'faster', 'A call takes less time'],
  results: ['≠', 'result', 'Calls with the same arguments ended otherwise'],
  arguments: ['≈', 'arguments', 'Calls got other arguments'],
  errors: ['✕', 'errors', 'Another number of calls threw'],
  calls: ['#', 'calls', 'Another number of calls'],
};

export function ChangeMarks({ changes }: { readonly changes: readonly Change[] }): JSX.Element {
  return (
    <span class="change-marks">
      {changes.map((change) => {
        const [sign, word, about] = WORDS[change];
        return (
          <span key={change} class={`change is-${change}`} title={about}>
            {sign} {word}
          </span>
        );
      })}
    </span>
  );
}

/** `3× → 4×` or one number when both are the same. */
export function BothCounts({ before, after }: { readonly before: number | undefined; readonly after: number | undefined }): JSX.Element {
  return <>{both(before === undefined ? '–' : `${showCount(before)}×`, after === undefined ? '–' : `${showCount(after)}×`)}</>;
}

export function BothTimes({
  before,
  after,
}: {
  readonly before: SideTotals | undefined;
  readonly after: SideTotals | undefined;
}): JSX.Element {
  return <>{both(before === undefined ? '–' : formatDuration(before.total), after === undefined ? '–' : formatDuration(after.total))}</>;
}

function both(before: string, after: string): string {
  return before === after ? before : `${before} → ${after}`;
}
