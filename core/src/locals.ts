/**
 * Which local variables of a function are captured, and how each can be read where the function ends: `var`s and written
 * parameters directly, block-scoped ones through a shadow that the catch can see (H24, H80).
 */
import type { BindingFacts, FileFacts, FunctionFacts } from './facts.ts';
import type { NameRules } from './name-rules.ts';
import type { Code } from './plan.ts';
import type { Pragmas } from './pragmas.ts';
import { isInsideWith, type ScopeIndex } from './scope-index.ts';

export interface Local {
  /** Index in the file's bindings. */
  readonly binding: number;
  /** Index in the record's bindings. */
  readonly index: number;
  readonly name: string;
  /** Use of the variable itself. */
  readonly use: Code;
  /** What a probe is passed where the variable can be read: `use`; undefined for redacted ones. */
  readonly read: Code | undefined;
  /** Declared outside the `try`; undefined for variables that the catch can read directly, and for redacted ones. */
  readonly shadow: string | undefined;
  /** Inner functions assign to it: the shadow holds a closure that reads it. */
  readonly byClosure: boolean;
  readonly redacted: boolean;
  /** `var`s and parameters: alive from the first position on. */
  readonly always: boolean;
}

const CAPTURED_KINDS: ReadonlySet<BindingFacts['kind']> = new Set(['var', 'let', 'const', 'using', 'catch']);

/** By file binding index, in source order. `shadow`: name of shadow number k. */
export function collectLocals(
  facts: FileFacts,
  fn: FunctionFacts,
  functionIndex: number,
  scopes: ScopeIndex,
  pragmas: Pragmas,
  rules: NameRules,
  shadow: (k: number) => string,
): ReadonlyMap<number, Local> {
  const own = scopes.bindingsOf(functionIndex);
  if (own.length === 0) return NO_LOCALS;
  const written = collectWritten(functionIndex, scopes);
  let locals: Map<number, Local> | undefined;
  for (const binding of own) {
    const facts_ = facts.bindings[binding] as BindingFacts;
    if (facts_.name === 'arguments' || scopes.variableOf(binding) !== binding) continue;
    const isParameter = facts_.kind === 'parameter';
    if (isParameter ? !(written.has(binding) || scopes.isWrittenElsewhere(binding)) : !CAPTURED_KINDS.has(facts_.kind)) continue;
    const always = isParameter || facts_.scope === fn.scope;
    // Nothing is said where it lives (H30): no position ever holds it.
    if (!always && scopes.hasWith && isInsideWith(facts.scopes, facts_.scope)) continue;
    const redacted = isRedacted(facts_, functionIndex, pragmas, rules);
    const use: Code = [{ binding: facts_.start, name: facts_.name }];
    locals ??= new Map();
    locals.set(binding, {
      binding,
      index: locals.size,
      name: facts_.name,
      use,
      read: redacted ? undefined : use,
      shadow: always || redacted ? undefined : shadow(locals.size),
      byClosure: !always && scopes.isWrittenElsewhere(binding),
      redacted,
      always,
    });
  }
  return locals ?? NO_LOCALS;
}

const NO_LOCALS: ReadonlyMap<number, Local> = new Map();
const NOTHING: ReadonlySet<number> = new Set();

/** The function's own variables that it assigns itself. */
function collectWritten(functionIndex: number, scopes: ScopeIndex): ReadonlySet<number> {
  let written: Set<number> | undefined;
  for (const write of scopes.writesIn(functionIndex)) for (const binding of scopes.ownTargets(write)) (written ??= new Set()).add(binding);
  // `var x = 1` beside a parameter `x` writes it.
  for (const binding of scopes.bindingsOf(functionIndex)) {
    const variable = scopes.variableOf(binding);
    if (variable !== binding) (written ??= new Set()).add(variable);
  }
  return written ?? NOTHING;
}

export function isRedacted(binding: BindingFacts, functionIndex: number, pragmas: Pragmas, rules: NameRules): boolean {
  return (
    rules.hidden(binding.name) !== undefined ||
    pragmas.isSensitiveAt(binding.start) ||
    pragmas.sensitive[functionIndex]?.includes(binding.name) === true
  );
}
