/**
 * Scope paths: the display name and, with the module's path, the identity of each function (DESIGN.md section 3).
 * Stable under edits elsewhere in the file: no offsets, no counters over the whole file.
 */
import type { FileFacts, FunctionFacts } from './facts.ts';

/**
 * One name per function, in order, unique in the file.
 *
 * @example
 * ```ts
 * class Cart { total() { return this.items.map((i) => i.price) } }   // Cart.total, Cart.total.<anonymous>
 * const load = async () => { later(() => {}); later(() => {}) };       // load, load.<anonymous>, load.<anonymous>#2
 * ```
 */
export function nameFunctions(facts: FileFacts): readonly string[] {
  const names: string[] = [];
  const used = new Map<string, number>();
  const taken = new Set<string>();
  for (const fn of facts.functions) {
    let path = fn.parent < 0 ? '' : `${names[fn.parent] as string}.`;
    for (const container of fn.name.containers) path += `${container}.`;
    path += ownName(fn);
    let count = used.get(path) ?? 0;
    let name: string;
    // A key may itself read `f#2`.
    do name = ++count === 1 ? path : `${path}#${count}`;
    while (taken.has(name));
    used.set(path, count);
    taken.add(name);
    names.push(name);
  }
  return names;
}

function ownName(fn: FunctionFacts): string {
  const { own, key, target, isDefault } = fn.name;
  if (fn.form === 'constructor') return 'constructor';
  if (fn.form === 'static-block') return '<static>';
  const name = own ?? key ?? target ?? (isDefault ? 'default' : '<anonymous>');
  if (fn.form === 'getter') return `get ${name}`;
  if (fn.form === 'setter') return `set ${name}`;
  return name;
}
