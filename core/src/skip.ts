/**
 * What is never instrumented, with the reason (R11). Decisions about one function or file; the level is decided elsewhere.
 */
import { PROBE_SUBPATH } from './probe-abi.ts';
import type { BindingFacts, FileFacts, FunctionFacts, ListFacts } from './facts.ts';
import type { ResolvedOptions } from './options.ts';
import type { SkipReason } from './plan.ts';
import type { ScopeIndex } from './scope-index.ts';

/** What the host can say beyond the facts. */
export interface HostLimits {
  /** Constructors that initialise parameter properties or fields are emitted wrongly when `super()` stands in a `try` (TypeScript below 5.2, H55). */
  readonly derivedInitialisersBreak: boolean;
  /** Function declarations in blocks get another name where code is sloppy (esbuild: `let f2 = function …; var f = f2`). */
  readonly blockFunctionsRenamed?: boolean;
  /** Hooks are looked for at the top of a component's body only (Fast Refresh in swc and oxc). */
  readonly hooksAtTop?: boolean;
}

/** Why a whole file is left alone, as far as its text tells without being parsed; `undefined`: it is not. */
export function skipText(source: string, options: ResolvedOptions): SkipReason | undefined {
  if (source.includes(options.runtime + PROBE_SUBPATH)) return 'ALREADY_INSTRUMENTED';
  return isMinifiedBundle(source) ? 'MINIFIED' : undefined;
}

/** Why a whole file is left alone, as far as text and facts tell; `undefined`: it is not. */
export function skipFile(source: string, facts: FileFacts, options: ResolvedOptions): SkipReason | undefined {
  const reason = skipText(source, options);
  if (reason !== undefined) return reason;
  if (facts.kind === 'script') return 'SCRIPT';
  // A bundle that brings its own `require` along would be asked for the runtime.
  if (facts.kind === 'cjs' && facts.bindings.some((binding) => binding.scope === 0 && binding.name === 'require')) return 'SCRIPT';
  if (facts.directives.includes('use asm')) return 'ASM';
  return undefined;
}

/** Somebody else's program on one line: its names say nothing, and its size is somebody's choice. */
function isMinifiedBundle(source: string): boolean {
  if (source.length < MINIFIED_LENGTH) return false;
  const most = source.length / MINIFIED_LINE;
  let lines = 1;
  for (let at = source.indexOf('\n'); at >= 0 && lines <= most; at = source.indexOf('\n', at + 1)) lines++;
  return lines <= most;
}

/** UTF-16 units: of a file, and of its average line. Written code averages 20 to 50 a line. */
const MINIFIED_LENGTH = 1_000_000;
const MINIFIED_LINE = 500;

export function skipFunction(
  source: string,
  facts: FileFacts,
  index: number,
  scopes: ScopeIndex,
  options: ResolvedOptions,
  limits: HostLimits,
): SkipReason | undefined {
  const fn = facts.functions[index] as FunctionFacts;
  // Most functions stand inside nothing that says anything; asking so once is half of the work.
  const says = isInside(facts, fn, saysSomething);
  if (says && isInside(facts, fn, (outer) => outer.directives.includes('use asm'))) return 'ASM';
  if (says && isInside(facts, fn, (outer) => outer.directives.includes('worklet'))) return 'WORKLET';
  if (scopes.hasWith && isInWith(facts, fn)) return 'IN_WITH';
  if (says && isInside(facts, fn, (outer) => MOCK_CALLEES.test(outer.argumentOf ?? ''))) return 'MOCK_FACTORY';
  if (says && isInside(facts, fn, (outer) => SERIALISING_CALLEES.test(outer.argumentOf ?? ''))) return 'SENT_ELSEWHERE';
  if (redeclares(facts, fn, scopes) || holdsLoneDeclaration(fn.body)) return 'EARLY_ERROR';
  if (limits.derivedInitialisersBreak && fn.derived && fn.initialises) return 'CONSTRUCTOR_TOO_OLD';
  if (fn.bodyEnd - fn.bodyStart < options.minSize && isLeaf(source, fn, scopes.innerFunctions(index))) return 'MIN_SIZE';
  return undefined;
}

/** Moved above the imports, where our own import is not initialised yet (H120). */
const MOCK_CALLEES = /^(?:jest|vi|vitest)\.(?:mock|doMock|unstable_mockModule|hoisted)$/;

/** Their function arguments run as text in another realm (H140). */
const SERIALISING_CALLEES =
  /\.(?:evaluate|evaluateHandle|\$eval|\$\$eval|waitForFunction|addInitScript|evaluateOnNewDocument|executeScript|executeAsyncScript)$/;

function saysSomething(fn: FunctionFacts): boolean {
  return fn.directives.length > 0 || fn.argumentOf !== undefined;
}

function isInside(facts: FileFacts, fn: FunctionFacts, test: (fn: FunctionFacts) => boolean): boolean {
  for (let at: FunctionFacts | undefined = fn; at !== undefined; at = facts.functions[at.parent]) if (test(at)) return true;
  return false;
}

/** Annex B holds: no module, no class, no `"use strict"` around. */
export function isSloppy(facts: FileFacts, fn: FunctionFacts): boolean {
  if (facts.kind === 'esm' || facts.directives.includes('use strict')) return false;
  if (isInside(facts, fn, (outer) => outer.directives.includes('use strict'))) return false;
  for (let at = fn.scope; at >= 0; at = facts.scopes[at]?.parent ?? -1) if (facts.scopes[at]?.kind === 'class') return false;
  return true;
}

function isInWith(facts: FileFacts, fn: FunctionFacts): boolean {
  for (let at = fn.scope; at >= 0; at = facts.scopes[at]?.parent ?? -1) if (facts.scopes[at]?.kind === 'with') return true;
  return false;
}

/**
 * `function f(a) { let a }` is an early error that the `try` around the body would make legal (H25), and so is
 * `static { let a; var a }`, which V8 finds at the top of a static block only.
 */
function redeclares(facts: FileFacts, fn: FunctionFacts, scopes: ScopeIndex): boolean {
  if (fn.body.scope === fn.scope) return false;
  if (scopes.bindingsIn(fn.body.scope).length === 0) return false;
  for (const index of scopes.bindingsIn(fn.scope)) {
    const { kind, name } = facts.bindings[index] as BindingFacts;
    if (kind !== 'function' && scopes.declares(fn.body.scope, name)) return true;
  }
  return false;
}

/** TypeScript's parser takes `while (a) let\n[b] = 0` for a declaration without a block, which nothing may run (H25); ours would be one. */
function holdsLoneDeclaration(list: ListFacts): boolean {
  for (const statement of list.statements) {
    if (list.form === 'single' && statement.kind === 'lexical') return true;
    for (const inner of statement.lists) if (holdsLoneDeclaration(inner)) return true;
  }
  return false;
}

/** No call, no loop, no function inside: text is enough to say so on the safe side. */
function isLeaf(source: string, fn: FunctionFacts, inner: readonly number[]): boolean {
  return inner.length === 0 && !/\(|\bfor\b|\bwhile\b|\bdo\b|`/.test(source.slice(fn.bodyStart, fn.bodyEnd));
}
