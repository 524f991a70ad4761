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

  const functionsOfBindings = new Int32Array(bindings.length);
  const scopesOfBindings = new Int32Array(bindings.length);
  const variables = new Int32Array(bindings.length);
  for (let index = 0; index < bindings.length; index++) {
    const { scope, name } = bindings[index] as BindingFacts;
    functionsOfBindings[index] = scopes[scope]?.function ?? -1;
    scopesOfBindings[index] = scope;
    variables[index] = names.find(scope, name);
  }
  const innerFunctions = groupByKey(Int32Array.from(facts.functions, (fn) => fn.parent));
  const ofFunction = groupByKey(functionsOfBindings);
  const inScope = groupByKey(scopesOfBindings);
  const writesByFunction = groupByKey(Int32Array.from(writes, (write) => scopes[write.scope]?.function ?? -1));

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

/** Indexes of `keys` by key plus one (keys begin at -1), so that planning a file stays linear in its size. Each list is as long as it needs to be. */
function groupByKey(keys: Int32Array): readonly (readonly number[] | undefined)[] {
  let most = -1;
  for (let k = 0; k < keys.length; k++) most = Math.max(most, keys[k] as number);
  const counts = new Int32Array(most + 2);
  for (let k = 0; k < keys.length; k++) {
    const at = (keys[k] as number) + 1;
    counts[at] = (counts[at] as number) + 1;
  }
  const groups = new Array<number[] | undefined>(counts.length);
  // From behind, so that what is left of a count is where the next one goes.
  for (let k = keys.length - 1; k >= 0; k--) {
    const at = (keys[k] as number) + 1;
    const left = (counts[at] as number) - 1;
    counts[at] = left;
    (groups[at] ??= new Array<number>(left + 1))[left] = k;
  }
  return groups;
}
