/**
 * Captured values as a tree that is made while somebody opens it. Every name and every text is foreign and shown as text, with what could
 * mislead as escapes; what capture cut, hid or could not read is said.
 */
import { formatError, formatValue, printable } from '@captureflow/trace';
import type { NamedValue, Value } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { showCount } from '../shell/show-numbers.ts';
import { childrenOf, missingOf } from './value-children.ts';
import { ValueText } from './value-text.tsx';
import './value-tree.css';

/** A list of a million items is opened in pages. */
const PAGE = 100;
/** More than the pane is wide: it cuts. */
const PREVIEW = 120;

/** Named values, one a row. */
export function ValueTree({ values }: { readonly values: readonly NamedValue[] }): JSX.Element {
  return (
    <div class="values">
      <Rows values={values} />
    </div>
  );
}

function Rows({ values, indexed = false }: { readonly values: readonly NamedValue[]; readonly indexed?: boolean }): JSX.Element {
  const [shown, setShown] = useState(PAGE);
  return (
    <>
      {values.slice(0, shown).map(({ name, value }, index) => (
        <ValueRow key={index} name={name} value={value} indexed={indexed} />
      ))}
      {values.length > shown && (
        <button type="button" class="link" onClick={() => setShown(shown + PAGE)}>
          {showCount(values.length - shown)} more
        </button>
      )}
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly value: Value;
  /** The name is a place in a list. */
  readonly indexed?: boolean;
  readonly startOpen?: boolean;
}

/** One value; `name` '' stands for a value without one. */
export function ValueRow({ name, value, indexed = false, startOpen = false }: RowProps): JSX.Element {
  const [open, setOpen] = useState(startOpen);
  const expandable = isExpandable(value);
  const label = name === '' ? 'value' : name;
  return (
    <div class="value">
      <div class="value-row">
        {expandable ? (
          <button
            type="button"
            class="value-toggle"
            aria-expanded={open}
            aria-label={`${open ? 'Close' : 'Open'} ${printable(label, 60)}`}
            onClick={() => setOpen(!open)}
          >
            {open ? '▾' : '▸'}
          </button>
        ) : (
          <span class="value-toggle-none" />
        )}
        {name !== '' && <span class={`value-name ${indexed ? 'index' : ''}`}>{printable(name, 200)}</span>}
        {expandable ? <Preview value={value} open={open} /> : <ValueText value={value} />}
        <Missing value={value} />
      </div>
      {open && expandable && (
        <div class="value-children">
          <Rows values={childrenOf(value)} indexed={value.kind === 'array' || value.kind === 'set'} />
        </div>
      )}
    </div>
  );
}

function isExpandable(value: Value): boolean {
  return (
    (value.kind === 'object' && value.entries.length > 0) ||
    ((value.kind === 'array' || value.kind === 'set') && value.items.length > 0) ||
    (value.kind === 'map' && value.pairs.length > 0) ||
    (value.kind === 'error' && value.entries.length > 0)
  );
}

function Preview({ value, open }: { readonly value: Value; readonly open: boolean }): JSX.Element {
  if (value.kind === 'error') return <span class="value-text value-error">{formatError(value, open ? 2000 : PREVIEW)}</span>;
  if (open) return <span class="value-preview">{headOf(value)}</span>;
  return <span class="value-text value-preview">{formatValue(value, { width: PREVIEW })}</span>;
}

/** Class and size of what is open below. */
function headOf(value: Value): string {
  switch (value.kind) {
    case 'object':
      return printable(value.className || 'Object', PREVIEW);
    case 'array':
    case 'set':
    case 'map':
      return `${printable(value.className || value.kind, PREVIEW)}(${showCount(value.size)})`;
    default:
      return '';
  }
}

function Missing({ value }: { readonly value: Value }): JSX.Element | null {
  const text = missingOf(value);
  return text === '' ? null : <span class={`value-tag ${value.kind === 'redacted' ? 'value-tag-redacted' : ''}`}>{text}</span>;
}
