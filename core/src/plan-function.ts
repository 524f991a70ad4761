/**
 * Plans one function: the frame around its body, and what its returns, pauses and assignments become.
 * All code that emitted functions contain is spelled here and in plan-statements.ts; must not know any host.
 *
 * @example direct form, level `locals`
 * ```js
 * function f(a) { const x = g(a); return x * 2; }
 * function f(a) {
 *   const S0 = G()[3]-- < 1 ? R.enter1(M(3), 0, a) : 0; let V, x0, P = 0;
 *   try { const x = g(a); x0 = x; P = 1; return (V = x * 2, S0 && (R.values1(S0, 0, x), R.exit(S0, V)), V); }
 *   catch (E) { throw S0 ? (R.values1(S0, 1, x0), R.thrown(S0, E, P)) : E; }
 * }
 * ```
 * @example finally form: generators, `using`, returns under a user's `finally` (H40, H41, H68, H73)
 * ```js
 * function* g() { yield 1; return 2; }
 * function* g() {
 *   const S0 = G()[0]-- < 1 ? R.enter0(M(0), 0) : 0; let V;
 *   try { R.resume(S0, yield R.suspendYield(S0, 1)); return (V = 2, S0 && R.hold(S0, V), V); S0 && R.hold(S0, void 0); }
 *   catch (E) { throw S0 ? R.caught(S0, E, 0) : E; } finally { S0 && R.end(S0); }
 * }
 * ```
 */
import { FunctionFlag, type FunctionRecord, LEVELS, type Level, SiteKind } from '@captureflow/trace/metadata';
import type { BindingFacts, FileFacts, FunctionFacts, ListFacts, ReturnFacts } from './facts.ts';
import type { FrameTexts } from './frame-texts.ts';
import type { InjectedNames } from './injected-names.ts';
import type { LineIndex } from './line-index.ts';
import { collectLocals, isRedacted, type Local } from './locals.ts';
import type { Code, Edit, FunctionPlan, Piece } from './plan.ts';
import { awaitsAfter, holdsAwaitUsing } from './pauses-in-statements.ts';
import { addJoined, joinCalls, planStatements } from './plan-statements.ts';
import type { NameRules } from './name-rules.ts';
import type { Pragmas } from './pragmas.ts';
import { MAX_PROBE_VALUES } from './probe-abi.ts';
import { createRecordBuilder, type SiteValue } from './record-builder.ts';
import type { ScopeIndex } from './scope-index.ts';

export interface FunctionContext {
  readonly facts: FileFacts;
  readonly scopes: ScopeIndex;
  readonly names: InjectedNames;
  readonly lines: LineIndex;
  readonly pragmas: Pragmas;
  readonly nameRules: NameRules;
  /** Index in the facts. */
  readonly functionIndex: number;
  /** Index in the module's record. */
  readonly recordIndex: number;
  readonly name: string;
  readonly level: Exclude<Level, 'off'>;
  /** How many functions stand around it. */
  readonly depth: number;
  /** Of that depth. */
  readonly texts: FrameTexts;
  /** Name by which the enclosing function's token is reached; undefined: it is not. */
  readonly parentToken: string | undefined;
  /** Inner functions name this function's token, directly or through the alias. */
  readonly isLexicalParent: boolean;
  /** Declare the alias at the body's top level, where the variables are that inner functions close over anyway. */
  readonly alias: string | undefined;
  readonly types: boolean;
  /** Every function declaration of the body would change its name inside a block, whether or not it conflicts. */
  readonly hoistsFunctions: boolean;
}

export function planFunction(context: FunctionContext): { readonly plan: FunctionPlan; readonly record: FunctionRecord } {
  const { facts, scopes, names, lines, functionIndex, level, texts, pragmas, nameRules } = context;
  const fn = facts.functions[functionIndex] as FunctionFacts;
  const { runtime: R, error: E, position: P } = names;
  const { token, value: V, guard } = texts;
  const record = createRecordBuilder(texts.values);
  const isFinally = needsFinally(fn);
  const outcome = isFinally ? texts.held : texts.direct;
  const withLocals = level === 'locals' || level === 'lines';
  const locals: ReadonlyMap<number, Local> = withLocals
    ? collectLocals(facts, fn, functionIndex, scopes, pragmas, nameRules, (k) => names.shadow(context.depth, k))
    : NO_LOCALS;
  const all: readonly Local[] = locals.size === 0 ? NONE : [...locals.values()];
  for (const local of all) record.bindings.push(local.redacted ? `*${local.name}` : local.name);

  // Most functions have nothing to say between their statements.
  const isSilent = locals.size === 0 && level !== 'lines' && !fn.async && fn.pauses.length === 0;
  const statements = isSilent
    ? undefined
    : planStatements({ facts, fn, functionIndex, scopes, names, lines, token, locals, record, withLines: level === 'lines' });
  const edits: Edit[] = statements?.edits ?? [];
  let usesValue = false;

  for (const exit of fn.returns) if (!exit.underWith) planReturn(exit);
  planPauses();
  if (all.length > 0) planWrites();
  addConflictingDeclarations(facts, functionIndex, scopes, context.hoistsFunctions, edits);

  const epilogue = planEnd();
  const handler = planHandler();
  const parameters = planParameters();
  const declared = planDeclarations();
  if (context.alias !== undefined) edits.unshift({ at: 'head', start: fn.body.start, code: [`const ${context.alias}=${token};`] });

  parameters.code.push(declared);
  const { line, column } = lines.at(fn.start);
  const { bodyStart, concise } = fn;
  const { bindings, sites, positions } = record;
  const flagBits = flags(fn, level, context.isLexicalParent);
  const endLine = lines.at(fn.bodyEnd - 1).line;
  const plan = { bodyStart, index: context.recordIndex, concise, prologue: parameters.code, epilogue, error: E, handler, edits };
  return {
    plan: isFinally ? { ...plan, finalizer: [`${guard}${R}.end(${token});`] } : plan,
    record: context.types
      ? [
          context.name,
          line,
          column,
          flagBits,
          parameters.names,
          bindings,
          sites,
          positions,
          endLine,
          [...parameters.types, fn.returnType ?? null],
        ]
      : [context.name, line, column, flagBits, parameters.names, bindings, sites, positions, endLine],
  };

  function planReturn(exit: ReturnFacts): void {
    usesValue ||= exit.hasArgument;
    const calls = leave(exit.hasArgument, exit.scope, exit.start, statements?.aliveAtReturn.get(exit.start) ?? NONE, exit);
    if (!exit.hasArgument)
      edits.push({ at: 'before', start: exit.start, code: calls === undefined ? outcome.end : [guard, ...calls, ';'] });
    else if (calls === undefined && !exit.anonymous) edits.push({ at: 'wrap', of: 'return', start: exit.start, code: outcome.wrap });
    else {
      const argument: Code = exit.anonymous ? ['(0,', { hole: 'expression' }, ')'] : EXPRESSION;
      const code = [`(${V}=`, ...argument, `,${guard}`, ...(calls ?? outcome.value), `,${V})`];
      edits.push({ at: 'wrap', of: 'return', start: exit.start, code });
    }
  }

  function planEnd(): Code {
    if (fn.concise || endsAbruptly(fn.body)) return NO_CODE;
    const calls = leave(false, fn.body.scope, fn.bodyEnd - 1, statements?.aliveAtEnd ?? NONE, undefined);
    return calls === undefined ? outcome.end : [guard, ...calls, ';'];
  }

  /**
   * What reports that the function leaves, with its value or without, as one expression; undefined: `outcome` says it all.
   * `at`: where it does.
   */
  function leave(withValue: boolean, scope: number, at: number, alive: readonly Local[], exit: ReturnFacts | undefined): Code | undefined {
    const awaits = exit === undefined ? fn.async && holdsAwaitUsing(fn.body) : awaitsAfter(fn, exit);
    if (all.length === 0 && !awaits) return undefined;
    const readable = all.filter((local) => (local.always || alive.includes(local)) && scopes.resolve(local.name, scope) === local.binding);
    // In the finally form a later outcome replaces an earlier one, so it must also say that it has no locals.
    const reports = readable.length > 0 || (isFinally && all.length > 0);
    if (!reports && !awaits) return undefined;
    const calls: Code[] = reports ? [...record.addSite(SiteKind.EXIT, lines.at(at).line, readable)] : [];
    calls.push(withValue ? outcome.value : outcome.nothing);
    // What an iterator's return() or a disposal calls before the engine awaits it hangs under this span.
    if (awaits) calls.push([`${R}.${exit?.underAwait === false ? 'suspend' : 'suspendLoop'}(${token},void 0)`]);
    return inParentheses(calls);
  }

  function planHandler(): Code {
    if (all.length === 0) return outcome.handler;
    const values = all.map((local): SiteValue => {
      if (local.shadow === undefined) return local;
      return { index: local.index, read: [local.byClosure ? `${local.shadow}&&${local.shadow}()` : local.shadow] };
    });
    const calls: Code[] = [...record.addSite(SiteKind.THROW, lines.at(fn.bodyStart).line, values)];
    calls.push([record.positions.length > 1 ? outcome.errorAtPosition : outcome.error]);
    return [`throw ${token}?`, ...inParentheses(calls), `:${E};`];
  }

  function planParameters(): { code: Piece[]; names: readonly string[]; types: readonly (string | null)[] } {
    const passed: SiteValue[] = [];
    const declared: string[] = [];
    const types: (string | null)[] = [];
    for (const parameter of fn.parameters) {
      for (const binding of parameter.bindings) {
        if (context.types) types.push(parameter.type ?? null);
        if (level === 'calls') continue;
        const { name, start } = facts.bindings[binding] as BindingFacts;
        const redacted = isRedacted(facts.bindings[binding] as BindingFacts, functionIndex, pragmas, nameRules);
        if (!redacted) passed.push({ index: declared.length, read: [{ binding: start, name }] });
        declared.push(redacted ? `*${name}` : name);
      }
    }
    const first = Math.min(passed.length, MAX_PROBE_VALUES);
    const code: Piece[] = [entry(first)];
    for (let k = 0; k < first; k++) code.push(',', ...((passed[k] as SiteValue).read as Code));
    code.push('):0;');
    if (passed.length > first) {
      const more = record.addSite(SiteKind.MORE_PARAMETERS, lines.at(fn.start).line, passed.slice(first));
      code.push(guard, '(', ...joinCalls(more), ');');
    }
    return { code, names: declared, types };
  }

  /** Up to the first value. */
  function entry(values: number): string {
    const k = context.recordIndex;
    return `const ${token}=${names.gates}()[${k}]--<1?${texts.enter[values]}${k}),${context.parentToken ?? '0'}`;
  }

  function planDeclarations(): string {
    let list = usesValue ? `,${V}` : '';
    for (const { shadow } of all) if (shadow !== undefined) list += `,${shadow}`;
    if (record.positions.length > 1) list += `,${P}=0`;
    for (const name of statements?.saved ?? []) list += `,${name}`;
    return list === '' ? '' : `let ${list.slice(1)};`;
  }

  function planPauses(): void {
    for (const pause of fn.pauses) {
      // In a parameter list none is legal, and some parsers let it pass (H25).
      if (pause.start < fn.bodyStart) continue;
      const before = pause.kind === 'await' ? 'suspend' : pause.kind === 'yield' ? 'suspendYield' : 'delegate';
      const operand: Code = pause.hasArgument ? EXPRESSION : ['void 0'];
      edits.push({ at: 'wrap', of: 'operand', start: pause.start, code: [`${R}.${before}(${token},`, ...operand, ')'] });
      edits.push({ at: 'wrap', of: 'pause', start: pause.start, code: [`${R}.resume(${token},`, { hole: 'expression' }, ')'] });
    }
    if (!fn.async) return;
    visitForAwait(fn.body, (start) => {
      edits.push({ at: 'wrap', of: 'iterated', start, code: [`${R}.suspendLoop(${token},`, { hole: 'expression' }, ')'] });
    });
  }

  /** A variable that has a shadow takes it along on every assignment of this function; the value stays what it was. */
  function planWrites(): void {
    for (const k of scopes.writesIn(functionIndex)) {
      const write = facts.writes[k] as FileFacts['writes'][number];
      if (write.kind === 'head') continue;
      const targets = scopes
        .ownTargets(k)
        .flatMap((binding) => locals.get(binding) ?? [])
        .filter((local) => local.shadow !== undefined && !local.byClosure);
      const [target] = targets;
      if (target === undefined) continue;
      const copies = targets.flatMap((local): Piece[] => [`,${local.shadow}=`, ...local.use]);
      let code: Code;
      if (write.kind === 'assign' || write.kind === 'prefix') code = [`(${target.shadow}=`, { hole: 'expression' }, ')'];
      else if (write.discarded) code = ['(', { hole: 'expression' }, ...copies, ')'];
      else {
        usesValue = true;
        code = [`(${V}=`, { hole: 'expression' }, ...copies, `,${V})`];
      }
      edits.push({ at: 'wrap', of: 'write', start: write.start, code });
    }
  }
}

const EXPRESSION: Code = [{ hole: 'expression' }];
const NO_CODE: Code = [];
const NONE: readonly Local[] = [];
const NO_LOCALS: ReadonlyMap<number, Local> = new Map();

function inParentheses(calls: readonly Code[]): Code {
  if (calls.length === 1) return calls[0] as Code;
  const code: Piece[] = ['('];
  addJoined(calls, code);
  code.push(')');
  return code;
}

function needsFinally(fn: FunctionFacts): boolean {
  if (fn.generator) return true;
  for (const exit of fn.returns)
    if (exit.underFinally || exit.underAwait || exit.underWith || (fn.derived && exit.hasArgument)) return true;
  return holdsUsing(fn.body);
}

function holdsUsing(list: ListFacts): boolean {
  for (const statement of list.statements) {
    if (statement.disposes === true) return true;
    for (const inner of statement.lists) if (holdsUsing(inner)) return true;
  }
  return false;
}

function endsAbruptly(list: ListFacts): boolean {
  const last = list.statements.at(-1)?.kind;
  return last === 'return' || last === 'throw';
}

function visitForAwait(list: ListFacts, visit: (start: number) => void): void {
  for (const statement of list.statements) {
    if (statement.kind === 'with') continue;
    if (statement.loop === 'for-await') visit(statement.start);
    for (const inner of statement.lists) visitForAwait(inner, visit);
  }
}

/** Body-level function declarations that would mean something else inside a block (H21 a to f). */
function addConflictingDeclarations(facts: FileFacts, functionIndex: number, scopes: ScopeIndex, all: boolean, edits: Edit[]): void {
  const fn = facts.functions[functionIndex] as FunctionFacts;
  for (const statement of fn.body.statements) {
    if (statement.kind !== 'function') continue;
    const name = facts.bindings[statement.binding ?? -1]?.name;
    if (all || scopes.evaluates(functionIndex) || name === 'arguments' || hasNamesake(facts, functionIndex, scopes, name))
      edits.push({ at: 'hoist', start: statement.start });
  }
}

function hasNamesake(facts: FileFacts, functionIndex: number, scopes: ScopeIndex, name: string | undefined): boolean {
  const { scope } = facts.functions[functionIndex] as FunctionFacts;
  let found = 0;
  for (const index of scopes.bindingsOf(functionIndex)) {
    const binding = facts.bindings[index] as BindingFacts;
    if (binding.name === name && (binding.scope === scope || binding.kind === 'function')) found++;
  }
  return found > 1;
}

const FORM_FLAGS: Readonly<Record<FunctionFacts['form'], number>> = {
  declaration: 0,
  expression: 0,
  arrow: FunctionFlag.ARROW,
  method: FunctionFlag.METHOD,
  getter: FunctionFlag.GETTER,
  setter: FunctionFlag.SETTER,
  constructor: FunctionFlag.CONSTRUCTOR,
  'static-block': FunctionFlag.STATIC_BLOCK,
};

function flags(fn: FunctionFacts, level: Level, isLexicalParent: boolean): number {
  return (
    LEVELS.indexOf(level) |
    FORM_FLAGS[fn.form] |
    (fn.async ? FunctionFlag.ASYNC : 0) |
    (fn.generator ? FunctionFlag.GENERATOR : 0) |
    (fn.static ? FunctionFlag.STATIC : 0) |
    (isLexicalParent ? FunctionFlag.LEXICAL_PARENT : 0)
  );
}
