/** A value without parts, in the colour of its type. Long texts are shown in pieces. */
import { formatValue, quoted } from '@captureflow/trace';
import type { Value } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { showCount } from '../shell/show-numbers.ts';

const FIRST_PIECE = 1000;
const PIECE = 20_000;
const WIDE = 400;

const CLASSES: Partial<Record<Value['kind'], string>> = {
  string: 'value-string',
  number: 'value-number',
  bigint: 'value-number',
  date: 'value-number',
  boolean: 'value-word',
  undefined: 'value-word',
  null: 'value-word',
  symbol: 'value-word',
  function: 'value-word',
  regexp: 'value-string',
  error: 'value-error',
};

/** Nothing for values of which the mark beside them says all. */
export function ValueText({ value }: { readonly value: Value }): JSX.Element | null {
  const [shown, setShown] = useState(FIRST_PIECE);
  if (value.kind === 'redacted' || value.kind === 'absent' || value.kind === 'getter' || value.kind === 'unreadable') return null;
  const look = `value-text ${CLASSES[value.kind] ?? 'value-note'}`;
  if (value.kind !== 'string') return <span class={look}>{formatValue(value, { width: WIDE })}</span>;
  const left = value.value.length - shown;
  return (
    <span class={look}>
      {quoted(left > 0 ? value.value.slice(0, shown) : value.value)}
      {left > 0 && (
        <button type="button" class="link" onClick={() => setShown(shown + PIECE)}>
          {showCount(left)} more characters
        </button>
      )}
    </span>
  );
}
