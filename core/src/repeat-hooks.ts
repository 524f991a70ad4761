/**
 * Fast Refresh in compilers behind us (swc, oxc) knows a component by the hooks that it calls at the top of its body, where ours stand
 * in a `try`. They are called once more there, behind the `try`, where control never comes: what they say changes when the program's
 * hooks change, and a custom hook is named, so that its own changes count.
 */
import type { FileFacts, FunctionFacts } from './facts.ts';
import type { ScopeIndex } from './scope-index.ts';

/**
 * Code behind the function's `try`, which must not end by itself; empty when it calls no hooks.
 *
 * @example
 * ```js
 * const [n, set] = useState(3); useCart();     // in the body
 * useState("useState(3)\nuseCart");useCart();  // the answer
 * ```
 */
export function repeatHooks(source: string, facts: FileFacts, scopes: ScopeIndex, index: number): string {
  const fn = facts.functions[index] as FunctionFacts;
  if (fn.async || fn.generator || !/^(?:declaration|expression|arrow|method)$/.test(fn.form)) return '';
  const body = ownText(source, facts, index);
  const hooks = [...body.matchAll(HOOK_CALL)].map(({ index: at, 0: call, 1: object = '', 2: name = '' }) => ({
    isPlain: object === '',
    name,
    // What a state begins with is part of what the component is.
    text: STATES.has(name) ? `${name}${/.*/.exec(body.slice(at + call.length - 1))?.[0]}` : name,
  }));
  if (hooks.length === 0) return '';
  const own = new Set(scopes.bindingsOf(index).map((binding) => facts.bindings[binding]?.name));
  const named = hooks.filter(({ isPlain, name }) => isPlain && !own.has(name) && !STATES.has(name)).map(({ name }) => `${name}();`);
  const key = JSON.stringify(hooks.map(({ text }) => text).join('\n'))
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `useState(${key});${[...new Set(named)].join('')}`;
}

const STATES: ReadonlySet<string> = new Set(['useState', 'useReducer']);

/** A call by a hook's name, up to its parenthesis. */
const HOOK_CALL = /(?<![\w$])((?:[\w$]+\.)*)(use[A-Z][\w$]*)\s*(?:<[\s\S]{0,500}?>)?\(/g;

/** The body without the functions in it: their hooks are theirs. */
function ownText(source: string, facts: FileFacts, index: number): string {
  const { bodyStart, bodyEnd } = facts.functions[index] as FunctionFacts;
  let text = '';
  let from = bodyStart;
  for (const inner of facts.functions) {
    if (inner.parent !== index || inner.start < from) continue;
    text += source.slice(from, inner.start);
    from = inner.bodyEnd;
  }
  return text + source.slice(from, bodyEnd);
}
