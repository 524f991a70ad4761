/** What a build captures of a module, in the words of the privacy manifest. Pure: a plan and the rules for names in, data out. */
import { LEVELS } from '@captureflow/trace/metadata';
import type { NameRules } from '../name-rules.ts';
import type { Plan } from '../plan.ts';

/** One function. Without `parameters` and `variables` it reports its calls only. */
export interface PrivacyEntry {
  readonly level: string;
  /** Names of which values are recorded. */
  readonly parameters?: readonly string[];
  readonly variables?: readonly string[];
  /** Names of which no value is recorded, and why. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** The result is recorded (and, at every level, what is thrown). */
  readonly result?: true;
}

/** By scope path, in the order of the alphabet; several functions of one path are numbered in source order. */
export type ModuleEntries = Readonly<Record<string, PrivacyEntry>>;

/** Undefined: nothing of the module is recorded. */
export function privacyEntries(plan: Plan, rules: NameRules): ModuleEntries | undefined {
  if (plan.functions.length === 0) return undefined;
  const seen = new Map<string, number>();
  const entries = plan.record.f.map(([name, , , flags, parameters, bindings]): [string, PrivacyEntry] => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const level = LEVELS[flags & 7] ?? 'off';
    const names = [...parameters, ...bindings];
    const hidden = [...new Set(names.filter(isHidden))]
      .sort()
      .map((starred) => [starred.slice(1), reason(starred.slice(1), rules)] as const);
    const entry = {
      level,
      ...list('parameters', parameters),
      ...list('variables', bindings),
      ...(hidden.length === 0 ? {} : { hidden: Object.fromEntries(hidden) }),
      ...(level === 'calls' ? {} : { result: true as const }),
    };
    return [count === 1 ? name : `${name} (${count})`, entry];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isHidden(name: string): boolean {
  return name.startsWith('*');
}

function list(key: 'parameters' | 'variables', names: readonly string[]): Partial<Record<typeof key, readonly string[]>> {
  const shown = [...new Set(names.filter((name) => !isHidden(name)))];
  return shown.length === 0 ? {} : { [key]: shown };
}

function reason(name: string, rules: NameRules): string {
  return rules.hidden(name) ?? 'by @sensitive';
}
