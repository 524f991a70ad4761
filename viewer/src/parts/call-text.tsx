/** A call in one line: its arguments and how it ended. Text only; nothing of a trace becomes markup. */
import { formatValue, printable, type NamedValue, type Outcome } from '@captureflow/trace';
import type { SpanDetails } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { LONGEST_NAME } from './longest-name.ts';
import './call-text.css';

export function Arguments({ args, width = 44 }: { readonly args: readonly NamedValue[]; readonly width?: number }): JSX.Element {
  return (
    <span class="call-args">
      ({args.map(({ name, value }) => `${printable(name, LONGEST_NAME)}: ${formatValue(value, { width })}`).join(', ')})
    </span>
  );
}

export function OutcomeText({ outcome, width = 60 }: { readonly outcome: Outcome; readonly width?: number }): JSX.Element | null {
  switch (outcome.kind) {
    case 'returned':
      if (outcome.value === undefined || outcome.value.kind === 'undefined') return null;
      return <span class="call-result">→ {formatValue(outcome.value, { width })}</span>;
    case 'threw':
      return <span class="call-error">✕ {outcome.error === undefined ? 'threw' : formatThrown(outcome.error, width)}</span>;
    case 'closed':
      return <span class="call-note">closed by its consumer</span>;
    default:
      return <span class="call-note">… still open</span>;
  }
}

/** Arguments and outcome, or where they are. */
export function CallText({ details }: { readonly details: SpanDetails | Error | undefined }): JSX.Element {
  if (details === undefined) return <span class="call-note">…</span>;
  if (details instanceof Error) return <span class="call-note">(values could not be read: {details.message})</span>;
  return (
    <>
      <Arguments args={details.args} /> <OutcomeText outcome={details.outcome} />
    </>
  );
}

function formatThrown(error: NonNullable<Extract<Outcome, { kind: 'threw' }>['error']>, width: number): string {
  return error.kind === 'error' && error.message !== ''
    ? `${printable(error.className || 'Error', LONGEST_NAME)}: ${error.message.slice(0, width * 2)}`
    : formatValue(error, { width });
}
