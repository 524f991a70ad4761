/**
 * Plans one function: the frame around its body, and what its returns, pauses and assignments become.
 * All code that emitted functions contain is spelled here and in plan-statements.ts; must not know any host.
 *
 * @example direct form, level `locals`
 * ```js
 * function f(a) { const x = g(a); return x * 2; }
 * function f(a) {
 *   const S0 = R.on ? R.enter1(M() + 3, 0, a) : 0; let V, x0, P = 0;
 *   try { const x = g(a); x0 = x; P = 1; return (V = x * 2, S0 && (R.values1(S0, 0, x), R.exit(S0, V)), V); }
 *   catch (E) { throw S0 ? (R.values1(S0, 1, x0), R.thrown(S0, E, P)) : E; }
 * }
 * ```
 * @example finally form: generators, `using`, returns under a user's `finally` (H40, H41, H68, H73)
 * ```js
 * function* g() { yield 1; return 2; }
 * function* g() {
 *   const S0 = R.on ? R.enter0(M(), 0) : 0; let V;
 *   try { R.resume(S0, yield R.suspendYield(S0, 1)); return (V = 2, S0 && R.hold(S0, V), V); S0 && R.hold(S0, void 0); }
 *   catch (E) { throw S0 ? R.caught(S0, E, 0) : E; } finally { S0 && R.end(S0); }
 * }
 * ```
 */
import { FunctionFlag, type FunctionRecord, LEVELS, type Level, SiteKind } from '@captureflow/trace/metadata';
import type { FileFacts, FunctionFacts, ListFacts, ReturnFacts } from './facts.ts';
import type { InjectedNames } from './injected-names.ts';
import type { LineIndex } from './line-index.ts';
import { collectLocals, isRedacted, type Local } from './locals.ts';
import type { Code, Edit, FunctionPlan, Piece } from './plan.ts';
import { awaitsAfter, joinCalls, planStatements, type StatementsPlan } from './plan-statements.ts';
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
  /** Index in the facts. */
  readonly functionIndex: number;
  /** Index in the module's record. */
  readonly recordIndex: number;
  readonly name: string;
  readonly level: Exclude<Level, 'off'>;
  /** How many functions stand around it. */
  readonly depth: number;
  /** Name of this activation's token. */
  readonly token: string;
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
  const { facts, scopes, names, lines, functionIndex, level, token, pragmas } = context;
  const fn = facts.functions[functionIndex] as FunctionFacts;
  const { runtime: R, error: E, position: P } = names;
  const V = names.value(context.depth);
  const guard = `${token}&&`;
  const record = createRecordBuilder(R, token);
  const isFinally = needsFinally(fn);
  const withLocals = level === 'locals' || level === 'lines';
  const locals: ReadonlyMap<number, Local> = withLocals
    ? collectLocals(facts, fn, functionIndex, scopes, pragmas, (k) => names.shadow(context.depth, k))
    : NO_LOCALS;
  const all = locals.size === 0 ? [] : [...locals.values()];
  for (const local of all) record.bindings.push(local.redacted ? `*${local.name}` : local.name);

  // Most functions have nothing to say between their statements.
  const isSilent = locals.size === 0 && level !== 'lines' && !fn.async && fn.pauses.length === 0;
  const statements = isSilent
    ? NO_STATEMENTS
    : planStatements({ facts, fn, functionIndex, scopes, names, lines, token, locals, record, withLines: level === 'lines' });
  const edits: Edit[] = [...statements.edits];
  let usesValue = false;

  for (const exit of fn.returns) {
    if (exit.underWith) continue;
    const alive = statements.aliveAtReturn.get(exit.start) ?? [];
    const outcome = leave(exit.hasArgument ? V : undefined, exit.scope, lines.at(exit.start).line, alive, exit);
    if (!exit.hasArgument) {
      edits.push({ at: 'before', start: exit.start, code: [guard, ...outcome, ';'] });
      continue;
    }
    usesValue = true;
    const argument: Code = exit.anonymous ? ['(0,', { hole: 'expression' }, ')'] : [{ hole: 'expression' }];
    edits.push({ at: 'wrap', of: 'return', start: exit.start, code: [`(${V}=`, ...argument, `,${guard}`, ...outcome, `,${V})`] });
  }
  planPauses();
  if (all.length > 0) planWrites();
  for (const start of conflictingDeclarations(facts, functionIndex, scopes, context.hoistsFunctions)) edits.push({ at: 'hoist', start });

  const epilogue: Code =
    fn.concise || endsAbruptly(fn.body)
      ? []
      : [guard, ...leave(undefined, fn.body.scope, lines.at(fn.bodyEnd - 1).line, statements.aliveAtEnd, undefined), ';'];
  const handler = planHandler();
  const parameters = planParameters();
  const shadows = all.flatMap((local) => local.shadow ?? []);
  const declared = [...(usesValue ? [V] : []), ...shadows, ...(record.positions.length > 1 ? [`${P}=0`] : []), ...statements.saved];
  const alias: Code = context.alias === undefined ? [] : [`const ${context.alias}=${token};`];
  if (alias.length > 0) edits.unshift({ at: 'head', start: fn.body.start, code: alias });

  return {
    plan: {
      bodyStart: fn.bodyStart,
      index: context.recordIndex,
      concise: fn.concise,
      prologue: [...parameters.code, declared.length > 0 ? `let ${declared.join(',')};` : ''],
      epilogue,
      error: E,
      handler,
      ...(isFinally ? { finalizer: [`${guard}${R}.end(${token});`] } : {}),
      edits,
    },
    record: [
      context.name,
      lines.at(fn.start).line,
      lines.at(fn.start).column,
      flags(fn, level, context.isLexicalParent),
      parameters.names,
      record.bindings,
      record.sites,
      record.positions,
      lines.at(fn.bodyEnd - 1).line,
      ...(context.types ? [[...parameters.types, fn.returnType ?? null]] : []),
    ] as unknown as FunctionRecord,
  };

  /** What reports that the function leaves with `value`, as one expression. */
  function leave(value: string | undefined, scope: number, line: number, alive: readonly Local[], exit: ReturnFacts | undefined): Code {
    const readable = all.filter((local) => (local.always || alive.includes(local)) && scopes.resolve(local.name, scope) === local.binding);
    // In the finally form a later outcome replaces an earlier one, so it must also say that it has no locals.
    const reports = readable.length > 0 || (isFinally && all.length > 0);
    const calls: Code[] = reports ? [...record.addSite(SiteKind.EXIT, line, readable.map(siteValue))] : [];
    calls.push([`${R}.${isFinally ? 'hold' : 'exit'}(${token}${value === undefined ? '' : `,${value}`})`]);
    // What an iterator's return() or a disposal calls before the engine awaits it hangs under this span.
    if (exit !== undefined && awaitsAfter(fn, exit)) calls.push([`${R}.${exit.underAwait ? 'suspendLoop' : 'suspend'}(${token},void 0)`]);
    return calls.length === 1 ? (calls[0] as Code) : ['(', ...joinCalls(calls), ')'];
  }

  function siteValue(local: Local): SiteValue {
    return { index: local.index, read: local.redacted ? undefined : local.use };
  }

  function planHandler(): Code {
    const values = all.map((local): SiteValue => {
      if (local.shadow === undefined) return siteValue(local);
      return { index: local.index, read: [local.byClosure ? `${local.shadow}&&${local.shadow}()` : local.shadow] };
    });
    const calls: Code[] = values.length === 0 ? [] : [...record.addSite(SiteKind.THROW, lines.at(fn.bodyStart).line, values)];
    calls.push([`${R}.${isFinally ? 'caught' : 'thrown'}(${token},${E}${record.positions.length > 1 ? `,${P}` : ''})`]);
    return [`throw ${token}?`, ...(calls.length === 1 ? (calls[0] as Code) : ['(', ...joinCalls(calls), ')']), `:${E};`];
  }

  function planParameters(): { code: Code; names: string[]; types: (string | null)[] } {
    if (fn.parameters.length === 0) return { code: [entry(0), '):0;'], names: [], types: [] };
    const declared = fn.parameters.flatMap((parameter) => parameter.bindings.map((binding) => ({ parameter, binding })));
    const values = declared.map(({ binding }, index) => {
      const facts_ = facts.bindings[binding] as FileFacts['bindings'][number];
      const redacted = isRedacted(facts_, functionIndex, pragmas);
      return { index, name: facts_.name, redacted, read: [{ binding: facts_.start, name: facts_.name }] as Code };
    });
    const passed = level === 'calls' ? [] : values.filter((value) => !value.redacted);
    const first = passed.slice(0, MAX_PROBE_VALUES);
    const more = passed.slice(MAX_PROBE_VALUES);
    const code: Piece[] = [entry(first.length), ...first.flatMap((value): Piece[] => [',', ...value.read]), '):0;'];
    if (more.length > 0) code.push(guard, '(', ...joinCalls(record.addSite(SiteKind.MORE_PARAMETERS, lines.at(fn.start).line, more)), ');');
    return {
      code,
      names: level === 'calls' ? [] : values.map((value) => (value.redacted ? `*${value.name}` : value.name)),
      types: declared.map(({ parameter }) => parameter.type ?? null),
    };
  }

  /** Up to the first value. */
  function entry(values: number): string {
    const id = context.recordIndex === 0 ? `${names.module}()` : `${names.module}()+${context.recordIndex}`;
    return `const ${token}=${R}.on?${R}.enter${values}(${id},${context.parentToken ?? '0'}`;
  }

  function planPauses(): void {
    for (const pause of fn.pauses) {
      // In a parameter list none is legal, and some parsers let it pass (H25).
      if (pause.start < fn.bodyStart) continue;
      const before = pause.kind === 'await' ? 'suspend' : pause.kind === 'yield' ? 'suspendYield' : 'delegate';
      const operand: Code = pause.hasArgument ? [{ hole: 'expression' }] : ['void 0'];
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

const NO_LOCALS: ReadonlyMap<number, Local> = new Map();
const NO_STATEMENTS: StatementsPlan = { edits: [], aliveAtReturn: new Map(), aliveAtEnd: [], saved: [] };

function needsFinally(fn: FunctionFacts): boolean {
  return (
    fn.generator ||
    fn.returns.some((exit) => exit.underFinally || exit.underAwait || exit.underWith || (fn.derived && exit.hasArgument)) ||
    holdsUsing(fn.body)
  );
}

function holdsUsing(list: ListFacts): boolean {
  return list.statements.some((statement) => statement.disposes === true || statement.lists.some(holdsUsing));
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
function conflictingDeclarations(facts: FileFacts, functionIndex: number, scopes: ScopeIndex, all: boolean): readonly number[] {
  const fn = facts.functions[functionIndex] as FunctionFacts;
  return fn.body.statements.flatMap((statement) => {
    if (statement.kind !== 'function') return [];
    const name = facts.bindings[statement.binding ?? -1]?.name;
    const namesakes = scopes.bindingsOf(functionIndex).filter((index) => {
      const binding = facts.bindings[index];
      return binding?.name === name && (binding?.scope === fn.scope || binding?.kind === 'function');
    });
    return all || scopes.evaluates(functionIndex) || name === 'arguments' || namesakes.length > 1 ? [statement.start] : [];
  });
}

function flags(fn: FunctionFacts, level: Level, isLexicalParent: boolean): number {
  const form = {
    declaration: 0,
    expression: 0,
    arrow: FunctionFlag.ARROW,
    method: FunctionFlag.METHOD,
    getter: FunctionFlag.GETTER,
    setter: FunctionFlag.SETTER,
    constructor: FunctionFlag.CONSTRUCTOR,
    'static-block': FunctionFlag.STATIC_BLOCK,
  }[fn.form];
  return (
    LEVELS.indexOf(level) |
    form |
    (fn.async ? FunctionFlag.ASYNC : 0) |
    (fn.generator ? FunctionFlag.GENERATOR : 0) |
    (fn.static ? FunctionFlag.STATIC : 0) |
    (isLexicalParent ? FunctionFlag.LEXICAL_PARENT : 0)
  );
}
