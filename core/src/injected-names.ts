/**
 * The names that emitted code may declare: unique in the file, without `$` (H100), beginning with `cov` so that jest-hoist lets
 * them pass (H121), short because they are a fifth of what instrumenting adds. Chosen from the source text, so that an `eval` string
 * cannot collide either (H29).
 */

export interface InjectedNames {
  /** The runtime's namespace. */
  readonly runtime: string;
  /** Hoisted function that registers the module and returns the id of its function `k` (H90). */
  readonly module: string;
  /** Hoisted function that returns the module's gates (H90). */
  readonly gates: string;
  /** The caught error. */
  readonly error: string;
  /** The scope position. */
  readonly position: string;
  /** Keeps the scope position over a `finally` at that nesting depth. */
  saved(depth: number): string;
  /** Whether a `finally` at that nesting depth is left for another place than the next statement. */
  leaving(depth: number): string;
  /** The stub's identity function. */
  readonly identity: string;
  /** The span token of a function at that nesting depth; inner functions name the outer one's. */
  token(depth: number): string;
  /** The same token in the scope of the body's own variables, for inner functions that close over those. */
  alias(depth: number): string;
  /** The value on its way out of a return, or of an assignment whose target is shadowed. */
  value(depth: number): string;
  /**
   * Shadow number k of a function's locals. Like `value` named after the depth: compilers move field initialisers, with the outer
   * function's names in them, into constructors (H53).
   */
  shadow(depth: number, k: number): string;
}

export function chooseNames(source: string): InjectedNames {
  let prefix = 'cov';
  for (let k = 0; holdsName(source, prefix); k++) prefix = `cov${k}_`;
  const shadows: ((k: number) => string)[] = [];
  return {
    runtime: `${prefix}R`,
    module: `${prefix}M`,
    gates: `${prefix}G`,
    error: `${prefix}E`,
    position: `${prefix}P`,
    identity: `${prefix}I`,
    saved: numbered(`${prefix}Q`),
    leaving: numbered(`${prefix}W`),
    token: numbered(`${prefix}S`),
    alias: numbered(`${prefix}L`),
    value: numbered(`${prefix}V`),
    shadow: (depth, k) => (shadows[depth] ??= numbered(`${prefix}x${depth}_`))(k),
  };
}

/** The same few names, used over and over, are made once. */
function numbered(prefix: string): (k: number) => string {
  const made: string[] = [];
  return (k) => (made[k] ??= prefix + String(k));
}

/** `covers` or `discoverS1` are no names of ours. */
function holdsName(source: string, prefix: string): boolean {
  for (let at = source.indexOf(prefix); at >= 0; at = source.indexOf(prefix, at + 1)) {
    if (/^(?:[RMGEPI]|[QWSLV]\d|x\d)/.test(source.slice(at + prefix.length, at + prefix.length + 2))) return true;
  }
  return false;
}
