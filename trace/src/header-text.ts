/**
 * A segment's header as JSON, without the secrets in what it says in the program's own words: name, attributes and error of the root. Written straight as
 * text: objects in between were a third of what a small trace cost to encode. Runs no `toJSON` (JSON asks only objects for it, and is given texts and numbers).
 */
import { REDACTED_TEXT } from './named-secrets.ts';
import { plainJson } from './plain-json.ts';
import { isCardNumber } from './secret-patterns.ts';
import type { SegmentFunction, SegmentHeader } from './segment.ts';

export interface HeaderRules {
  /** What is written of a text. */
  readonly clean: (text: string) => string;
  /** Names of which the value is hidden. */
  readonly hides: (name: string) => boolean;
  /** Numbers that are card numbers are hidden. */
  readonly hidesCards: boolean;
}

/** H173: as it was at load. */
const { stringify }: { readonly stringify: (value: string) => string } = JSON;

const HIDDEN: string = stringify(REDACTED_TEXT);

/** A recorder names a function by the same object in every segment whose trace calls it: making its JSON anew cost most of a small trace. */
const FUNCTION_TEXTS: WeakMap<SegmentFunction, string> = new WeakMap();

/** The process is the same in all segments. */
let lastProcess: SegmentHeader['process'] | undefined;
let processText = '';

export function headerText(header: SegmentHeader, rules: HeaderRules): string {
  const { root, error, kept, rootsDropped, functions } = header;
  if (header.process !== lastProcess) {
    lastProcess = header.process;
    processText = plainJson(lastProcess);
  }
  let text = `{"v":${header.v},"traceId":${stringify(header.traceId)},"spanBase":${stringify(header.spanBase)},"part":${header.part}`;
  text += `,"root":{"kind":${stringify(root.kind)},"name":${stringify(rules.clean(root.name))},"attributes":${objectText(root.attributes, rules)}`;
  if (root.parent !== undefined)
    text += `,"parent":{"traceId":${stringify(root.parent.traceId)},"spanId":${stringify(root.parent.spanId)}}`;
  text += `},"timeOrigin":${numberText(header.timeOrigin)},"start":${numberText(header.start)},"end":${numberText(header.end)}`;
  if (error !== undefined)
    text += `,"error":{"type":${stringify(rules.clean(error.type))},"message":${stringify(rules.clean(error.message))}}`;
  text += `,"process":${processText},"dropped":${plainJson(header.dropped)}`;
  if (kept !== undefined) text += `,"kept":${stringify(kept)}`;
  if (rootsDropped !== undefined) text += `,"rootsDropped":${plainJson(rootsDropped)}`;
  text += ',"functions":[';
  for (let i = 0; i < functions.length; i++) text += `${i === 0 ? '' : ','}${functionText(functions[i] as SegmentFunction)}`;
  return `${text}]}`;
}

function functionText(fn: SegmentFunction): string {
  let text = FUNCTION_TEXTS.get(fn);
  if (text === undefined) {
    text = plainJson(fn);
    FUNCTION_TEXTS.set(fn, text);
  }
  return text;
}

function numberText(value: number | null): string {
  return value !== null && Number.isFinite(value) ? `${value}` : 'null';
}

/** Attributes are JSON; what is not is null, in objects left out. */
function valueText(value: unknown, rules: HeaderRules): string | undefined {
  switch (typeof value) {
    case 'string':
      return stringify(rules.clean(value));
    case 'number':
      return rules.hidesCards && isCardNumber(`${value}`) ? HIDDEN : numberText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null
        ? 'null'
        : Array.isArray(value)
          ? arrayText(value, rules)
          : objectText(value as Readonly<Record<string, unknown>>, rules);
    default:
      return undefined;
  }
}

function arrayText(values: readonly unknown[], rules: HeaderRules): string {
  let text = '';
  for (let i = 0; i < values.length; i++) text += `${i === 0 ? '' : ','}${valueText(values[i], rules) ?? 'null'}`;
  return `[${text}]`;
}

function objectText(object: Readonly<Record<string, unknown>>, rules: HeaderRules): string {
  let text = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    const isHidden = rules.hides(key) && value !== null && value !== undefined;
    const written = isHidden ? HIDDEN : valueText(value, rules);
    if (written !== undefined) text += `${text === '' ? '' : ','}${stringify(rules.clean(key))}:${written}`;
  }
  return `{${text}}`;
}
