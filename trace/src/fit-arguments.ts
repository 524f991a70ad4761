/** Arguments of a call side by side within a width: which of them are cut, and to what. */
import { formatValue } from './format-value.ts';
import type { NamedValue, Value } from './model.ts';
import { printable } from './printable.ts';

/** An argument's label and its preview in all the width there is. */
export interface ArgumentPreview {
  readonly label: string;
  readonly value: Value;
  readonly text: string;
}

/** Previews in all of `width` each; `fitArguments` cuts those that are too long together. */
export function previewArguments(args: readonly NamedValue[], width: number): ArgumentPreview[] {
  return args.map(({ name, value }) => {
    const label = `${printable(name, 40)}: `;
    return { label, value, text: label + formatValue(value, { width }) };
  });
}

/** Length of the whole previews side by side. */
export function joinedLength(args: readonly ArgumentPreview[]): number {
  return args.reduce((sum, { text }) => sum + text.length + 2, 0);
}

/** `items: [3 items], tax: 0.2`: the short ones in full, what they leave of the width shared out among the long ones. */
export function fitArguments(args: readonly ArgumentPreview[], width: number): string {
  let left = width;
  let waiting = args.length;
  const parts = new Map<ArgumentPreview, string>();
  for (const arg of [...args].sort((a, b) => a.text.length - b.text.length)) {
    const share = Math.floor(left / waiting) - 2;
    const part = arg.text.length <= share ? arg.text : arg.label + formatValue(arg.value, { width: share - arg.label.length });
    parts.set(arg, part);
    left -= part.length + 2;
    waiting--;
  }
  return args.map((arg) => parts.get(arg)).join(', ');
}
