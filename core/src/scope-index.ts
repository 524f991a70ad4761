/**
 * Names to bindings: resolves identifiers over the scopes of the facts, and tells which bindings inner functions read or write.
 * One implementation for every front end, so that readers report scopes and names and nothing more.
 */
import { createDeclaredNames } from './declared-names.ts';
import type { BindingFacts, FileFacts, ScopeFacts } from './facts.ts';

export interface ScopeIndex {
  /** Index of the binding that `name` means in `scope`; -1: none of this file's. */
  resolve(name: string, scope: number): number;
  /** The scope itself declares the name. */
  declares(scope: number, name: string): boolean;
  /** The binding that stands for the variable: `var x` twice, or beside a parameter `x`, is one. */
  variableOf(binding: number): number;
  /** The function that a binding belongs to; -1 at file level. */
  functionOf(binding: number): number;
  /** Inner functions use the binding (or could, through `eval`). */
  isCaptured(binding: number): boolean;
  /** Inner functions (or an `eval`) assign to the binding: its value is known only by reading it. */
  isWrittenElsewhere(binding: number): boolean;
  /** Indexes of the bindings that a write assigns, of the function it stands in only. */
  ownTargets(write: number): readonly number[];
  /** The functions directly inside a function, the bindings of a function or scope, the writes that stand in a function: indexes in order. */
  innerFunctions(fn: number): readonly number[];
  bindingsOf(fn: number): readonly number[];
  bindingsIn(scope: number): readonly number[];
  writesIn(fn: number): readonly number[];
  /** A direct `eval` stands in the function itself. */
  evaluates(fn: number): boolean;
  /** A `with` stands in the file. */
  readonly hasWith: boolean;
}

export function createScopeIndex(facts: FileFacts): ScopeIndex {
  const { scopes, bindings, writes } = facts;
  const names = createDeclaredNames(facts);
  const resolve = (name: string, scope: number): number => names.resolve(scope, name);
  const functionOf = (binding: number): number => scopes[(bindings[binding] as BindingFacts).scope]?.function ?? -1;

  const captured = new Uint8Array(bindings.length);
  const writtenElsewhere = new Uint8Array(bindings.length);
  const evaluating = new Set<number>();
  let hasWith = false;
  for (let index = 0; index < scopes.length; index++) {
    const scope = scopes[index] as ScopeFacts;
    if (scope.kind === 'with') hasWith = true;
    for (const name of scope.names) {
      const binding = names.resolve(index, name);
      if (binding >= 0 && functionOf(binding) !== scope.function) captured[binding] = 1;
    }
    if (scope.eval) evaluating.add(scope.function);
  }
  // A direct eval sees and may assign everything around it (H29).
  if (evaluating.size > 0) {
    const seen = new Set<number>();
    for (let index = 0; index < scopes.length; index++)
      if (scopes[index]?.eval === true) for (let at = index; at >= 0; at = scopes[at]?.parent ?? -1) seen.add(at);
    for (let binding = 0; binding < bindings.length; binding++) {
      const { scope, name } = bindings[binding] as BindingFacts;
      if (!seen.has(scope) || names.find(scope, name) !== binding) continue;
      captured[binding] = 1;
      writtenElsewhere[binding] = 1;
    }
  }
  // What an assignment inside `with` means is known only by running it (H30).
  if (hasWith) {
    scopes.forEach((scope, index) => {
      if (!isInsideWith(scopes, index)) return;
      for (const name of scope.names) {
        const binding = names.resolve(index, name);
        if (binding >= 0) writtenElsewhere[binding] = 1;
      }
    });
  }
  const ownTargets = writes.map((write): readonly number[] => {
    let own = NONE;
    for (const name of write.names) {
      const binding = names.resolve(write.scope, name);
      if (binding < 0) continue;
      if (functionOf(binding) !== scopes[write.scope]?.function) writtenElsewhere[binding] = 1;
      else own = own.length === 0 ? [binding] : [...own, binding];
    }
    return own;
  });

  const innerFunctions = groupBy(facts.functions, (fn) => fn.parent);
  const ofFunction = groupBy(bindings, (_, index) => functionOf(index));
  const inScope = groupBy(bindings, (binding) => binding.scope);
  const writesByFunction = groupBy(writes, (write) => scopes[write.scope]?.function ?? -1);
  const variables = Int32Array.from(bindings, ({ scope, name }) => names.find(scope, name));

  return {
    resolve,
    declares: (scope, name) => names.find(scope, name) >= 0,
    variableOf: (binding) => variables[binding] ?? binding,
    functionOf,
    isCaptured: (binding) => captured[binding] === 1,
    isWrittenElsewhere: (binding) => writtenElsewhere[binding] === 1,
    ownTargets: (write) => ownTargets[write] ?? NONE,
    innerFunctions: (fn) => innerFunctions[fn + 1] ?? NONE,
    bindingsOf: (fn) => ofFunction[fn + 1] ?? NONE,
    bindingsIn: (scope) => inScope[scope + 1] ?? NONE,
    writesIn: (fn) => writesByFunction[fn + 1] ?? NONE,
    evaluates: (fn) => evaluating.has(fn),
    hasWith,
  };
}

const NONE: readonly number[] = [];

/** Also of functions around. */
export function isInsideWith(scopes: FileFacts['scopes'], scope: number): boolean {
  for (let at = scope; at >= 0; at = scopes[at]?.parent ?? -1) if (scopes[at]?.kind === 'with') return true;
  return false;
}

/** Indexes of `items` by key plus one (keys begin at -1), so that planning a file stays linear in its size. Each list is as long as it needs to be. */
function groupBy<T>(items: readonly T[], key: (item: T, index: number) => number): readonly (readonly number[] | undefined)[] {
  const keys = Int32Array.from(items, (item, index) => key(item, index) + 1);
  const counts = new Int32Array(keys.reduce((most, at) => Math.max(most, at), -1) + 1);
  for (const at of keys) counts[at] = (counts[at] as number) + 1;
  const groups = Array.from(counts, (count) => (count === 0 ? undefined : new Array<number>(count)));
  // From behind, so that what is left of a count is where the next one goes.
  for (let index = keys.length - 1; index >= 0; index--) {
    const at = keys[index] as number;
    const left = (counts[at] as number) - 1;
    counts[at] = left;
    (groups[at] as number[])[left] = index;
  }
  return groups;
}
