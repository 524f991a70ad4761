/** Which keys hide their values: the program's lists, its own rule, and the built-in names (H178). Texts are looked into where they are encoded. */
import { isCardNumber } from '@captureflow/trace';
import { matchesName, matchesPath, parseNamePattern } from '@captureflow/trace/name-patterns';
import type { NamePattern } from '@captureflow/trace/name-patterns';
import { isSensitiveName } from '@captureflow/trace/redaction';
import { enterBusy, leaveBusy } from './columns.ts';
import { setOwn } from './primordials.ts';
import { state } from './recorder-state.ts';
import type { RedactionRules } from './redaction-rules.ts';
import { nameOfValue } from './value-name.ts';

let defaults = true;
let rule: RedactionRules['name'];
let textRule: RedactionRules['text'];
let deniedNames: readonly string[] = [];
let allowedNames: readonly string[] = [];
let deniedPaths: readonly NamePattern[] = [];
let allowedPaths: readonly NamePattern[] = [];
let hasNames = false;
let hasPaths = false;

/** Names by depth of the snapshot that is being taken; '' stands for a list. Only kept while there are paths. */
const keys: string[] = [];
/** The same without lists and with the name of the value itself before them, for matching. */
const path: string[] = [];

export function setRedaction(rules: RedactionRules, useDefaults: boolean): void {
  defaults = useDefaults;
  rule = rules.name;
  textRule = rules.text;
  [deniedNames, deniedPaths] = split(rules.deny);
  [allowedNames, allowedPaths] = split(rules.allow);
  hasNames = deniedNames.length + allowedNames.length > 0;
  hasPaths = deniedPaths.length + allowedPaths.length > 0;
}

function split(patterns: readonly string[] = []): [string[], NamePattern[]] {
  const parsed = patterns.map(parseNamePattern).filter((pattern) => pattern !== undefined);
  return [parsed.filter(({ length }) => length === 1).map(([name]) => name as string), parsed.filter(({ length }) => length > 1)];
}

/** True: the value of this name must not be stored. */
export function hides(name: string): boolean {
  if (hasNames && listed(deniedNames, name)) return true;
  if (rule !== undefined && asksRule(rule, name)) return true;
  return defaults && isSensitiveName(name) && !(hasNames && listed(allowedNames, name));
}

/** The same of the key of an object that lies `depth` levels deep in the value. */
export function hidesKey(key: string, depth: number): boolean {
  if (!hasPaths) return hides(key);
  setOwn(keys, depth, key);
  const count = fillPath(depth);
  if (listedPath(deniedPaths, count)) return true;
  return hides(key) && (!listedPath(allowedPaths, count) || listed(deniedNames, key) || (rule !== undefined && asksRule(rule, key)));
}

/** What lies `depth` levels deep has no key: elements of arrays and sets. */
export function enterList(depth: number): void {
  if (hasPaths) setOwn(keys, depth, '');
}

/** A card number. Its digits are those that a number of the language can hold exactly. */
export function hidesNumber(value: number): boolean {
  return defaults && isCardNumber(`${value}`);
}

export function hidesBigint(value: bigint): boolean {
  return defaults && value >= 30_000_000_000_000n && value < 10_000_000_000_000_000_000n && isCardNumber(`${value}`);
}

export function looksIntoBytes(): boolean {
  return defaults;
}

/** What the program's own rule for texts makes of one; undefined: it has none. */
export function ownTextRule(): ((text: string) => string) | undefined {
  const own = textRule;
  return own === undefined ? undefined : (text) => asksTextRule(own, text);
}

function listed(patterns: readonly string[], name: string): boolean {
  for (let i = 0; i < patterns.length; i++) if (matchesName(patterns[i] as string, name)) return true;
  return false;
}

function listedPath(patterns: readonly NamePattern[], count: number): boolean {
  for (let i = 0; i < patterns.length; i++) if (matchesPath(patterns[i] as NamePattern, path, count)) return true;
  return false;
}

/** Returns how many names the path has. */
function fillPath(depth: number): number {
  let count = 0;
  const name = nameOfValue();
  if (name !== undefined) setOwn(path, count++, name);
  for (let i = 0; i <= depth; i++) {
    const key = keys[i];
    if (key !== undefined && key !== '') setOwn(path, count++, key);
  }
  return count;
}

/** The rule is user code and may be instrumented (H46). One that throws hides. */
function asksRule(custom: (name: string) => boolean, name: string): boolean {
  const wasBusy = state.busy;
  enterBusy();
  try {
    return custom(name) === true;
  } catch {
    state.dropped.redaction++;
    return true;
  } finally {
    if (!wasBusy) leaveBusy();
  }
}

function asksTextRule(own: (text: string) => string, text: string): string {
  const wasBusy = state.busy;
  enterBusy();
  try {
    const clean: unknown = own(text);
    if (typeof clean === 'string') return clean;
  } catch {
    // Counted like an answer that is no text.
  } finally {
    if (!wasBusy) leaveBusy();
  }
  state.dropped.redaction++;
  return '[redacted]';
}
