/**
 * What each scope declares, by name. Most scopes declare a handful of names, for which a map of their own costs more memory than all else
 * that planning needs; the few large ones have one.
 */
import type { BindingFacts, FileFacts } from './facts.ts';

export interface DeclaredNames {
  /** Index of the first binding of that name which stands in `scope` itself; -1: none. */
  find(scope: number, name: string): number;
  /** The same, in `scope` or around it. */
  resolve(scope: number, name: string): number;
}

const FEW = 8;

export function createDeclaredNames({ scopes, bindings }: FileFacts): DeclaredNames {
  const first = new Int32Array(scopes.length).fill(-1);
  const next = new Int32Array(bindings.length);
  const counts = new Int32Array(scopes.length);
  const everywhere = new Set<string>();
  // From behind: a chain is in the order of the source, so what is found first is the first declaration.
  for (let k = bindings.length - 1; k >= 0; k--) {
    const { scope, name } = bindings[k] as BindingFacts;
    next[k] = first[scope] ?? -1;
    first[scope] = k;
    counts[scope] = (counts[scope] ?? 0) + 1;
    everywhere.add(name);
  }
  const large = new Map<number, Map<string, number>>();
  for (let scope = 0; scope < counts.length; scope++) {
    if ((counts[scope] as number) <= FEW) continue;
    const names = new Map<string, number>();
    for (let k = first[scope] as number; k >= 0; k = next[k] as number) {
      const { name } = bindings[k] as BindingFacts;
      if (!names.has(name)) names.set(name, k);
    }
    large.set(scope, names);
  }

  function find(scope: number, name: string): number {
    if ((counts[scope] as number) > FEW) return large.get(scope)?.get(name) ?? -1;
    for (let k = first[scope] as number; k >= 0; k = next[k] as number) if (bindings[k]?.name === name) return k;
    return -1;
  }

  return {
    find,
    resolve(scope, name) {
      // Most names that nobody declares are those of the language.
      if (!everywhere.has(name)) return -1;
      for (let at = scope; at >= 0; at = scopes[at]?.parent ?? -1) {
        const found = find(at, name);
        if (found >= 0) return found;
      }
      return -1;
    },
  };
}
