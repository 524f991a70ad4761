/** The texts and numbers of a trace's values, for those who search in them. Iterative: values of foreign traces nest as they like. */
import type { NamedValue, Trace, Value } from './model.ts';

/** `say` gets what `skimSegment` says, of any trace. */
export function saidTexts(trace: Trace, say: (text: string) => void): void {
  const open: Value[] = [...trace.root.annotations];
  const named = (values: readonly NamedValue[]): void => {
    for (const { value } of values) open.push(value);
  };
  const drain = (): void => {
    for (let value = open.pop(); value !== undefined; value = open.pop()) sayValue(value, say, open);
  };
  drain();
  for (const { args, outcome, locals, lines, annotations } of trace.spans) {
    named(args);
    if (outcome.kind === 'returned' && outcome.value !== undefined) open.push(outcome.value);
    if (outcome.kind === 'threw' && outcome.error !== undefined) open.push(outcome.error);
    if (locals !== undefined) named(locals);
    for (const { changed } of lines) named(changed);
    for (const value of annotations) open.push(value);
    drain();
  }
}

function sayValue(value: Value, say: (text: string) => void, open: Value[]): void {
  switch (value.kind) {
    case 'number':
    case 'bigint':
      return say(String(value.value));
    case 'string':
      return say(value.value);
    case 'error':
      say(value.className);
      say(value.message);
      return sayEntries(value.entries, say, open);
    case 'object':
      return sayEntries(value.entries, say, open);
    case 'array':
    case 'set':
      for (const item of value.items) open.push(item);
      return;
    case 'map':
      for (const [key, item] of value.pairs) open.push(key, item);
      return;
    default:
  }
}

function sayEntries(entries: readonly NamedValue[], say: (text: string) => void, open: Value[]): void {
  for (const { name, value } of entries) {
    say(name);
    open.push(value);
  }
}
