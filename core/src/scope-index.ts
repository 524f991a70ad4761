/**
 * Names to bindings: resolves identifiers over the scopes of the facts, and tells which bindings inner functions read or write.
 * One implementation for every front end, so that readers report scopes and names and nothing more.
 */
import type { BindingFacts, FileFacts } from './facts.ts';

export interface ScopeIndex {
  /** Index of the binding that `name` means in `scope`; -1: none of this file's. */
  resolve(name: string, scope: number): number;
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
}

export function createScopeIndex(facts: FileFacts): ScopeIndex {
  const { scopes, bindings, writes } = facts;
  const declared: (Map<string, number> | undefined)[] = scopes.map(() => undefined);
  bindings.forEach((binding, index) => {
    const names = (declared[binding.scope] ??= new Map());
    // The first declaration of a name is its binding; `var x` twice is one variable.
    if (!names.has(binding.name)) names.set(binding.name, index);
  });

  const resolve = (name: string, scope: number): number => {
    for (let at = scope; at >= 0; at = scopes[at]?.parent ?? -1) {
      const found = declared[at]?.get(name);
      if (found !== undefined) return found;
    }
    return -1;
  };
  const functionOf = (binding: number): number => scopes[(bindings[binding] as BindingFacts).scope]?.function ?? -1;

  const captured = new Uint8Array(bindings.length);
  const writtenElsewhere = new Uint8Array(bindings.length);
  scopes.forEach((scope, index) => {
    for (const name of scope.names) {
      const binding = resolve(name, index);
      if (binding >= 0 && functionOf(binding) !== scope.function) captured[binding] = 1;
    }
    // A direct eval sees and may assign everything around it (H29).
    if (scope.eval) {
      for (let at = index; at >= 0; at = scopes[at]?.parent ?? -1) {
        for (const binding of declared[at]?.values() ?? []) {
          captured[binding] = 1;
          writtenElsewhere[binding] = 1;
        }
      }
    }
  });
  // What an assignment inside `with` means is known only by running it (H30).
  if (scopes.some((scope) => scope.kind === 'with')) {
    scopes.forEach((scope, index) => {
      if (!isInsideWith(scopes, index)) return;
      for (const name of scope.names) {
        const binding = resolve(name, index);
        if (binding >= 0) writtenElsewhere[binding] = 1;
      }
    });
  }
  const ownTargets = writes.map((write) => {
    const own: number[] = [];
    for (const name of write.names) {
      const binding = resolve(name, write.scope);
      if (binding < 0) continue;
      if (functionOf(binding) === scopes[write.scope]?.function) own.push(binding);
      else writtenElsewhere[binding] = 1;
    }
    return own;
  });

  const innerFunctions = groupBy(facts.functions, (fn) => fn.parent);
  const ofFunction = groupBy(bindings, (_, index) => functionOf(index));
  const inScope = groupBy(bindings, (binding) => binding.scope);
  const writesByFunction = groupBy(writes, (write) => scopes[write.scope]?.function ?? -1);
  const evaluating = new Set(scopes.flatMap((scope) => (scope.eval ? [scope.function] : [])));

  return {
    resolve,
    variableOf: (binding) => declared[(bindings[binding] as BindingFacts).scope]?.get((bindings[binding] as BindingFacts).name) ?? binding,
    functionOf,
    isCaptured: (binding) => captured[binding] === 1,
    isWrittenElsewhere: (binding) => writtenElsewhere[binding] === 1,
    ownTargets: (write) => ownTargets[write] ?? NONE,
    innerFunctions: (fn) => innerFunctions.get(fn) ?? NONE,
    bindingsOf: (fn) => ofFunction.get(fn) ?? NONE,
    bindingsIn: (scope) => inScope.get(scope) ?? NONE,
    writesIn: (fn) => writesByFunction.get(fn) ?? NONE,
    evaluates: (fn) => evaluating.has(fn),
  };
}

const NONE: readonly number[] = [];

function isInsideWith(scopes: FileFacts['scopes'], scope: number): boolean {
  for (let at = scope; at >= 0; at = scopes[at]?.parent ?? -1) if (scopes[at]?.kind === 'with') return true;
  return false;
}

/** Indexes of `items` by key, so that planning a file stays linear in its size. */
function groupBy<T>(items: readonly T[], key: (item: T, index: number) => number): ReadonlyMap<number, number[]> {
  const groups = new Map<number, number[]>();
  items.forEach((item, index) => {
    const at = key(item, index);
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [index]);
    else group.push(index);
  });
  return groups;
}
