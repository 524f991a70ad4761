/**
 * Walks the statements of one function and plans everything that stands between them: shadows and scope positions of block-scoped
 * variables, line probes, and resumes and suspends where an await can reach without an expression of its own.
 * Must not know the frame around the body (plan-function.ts) or any host.
 *
 * Scope positions: an integer `p` says which variables are initialised and in scope. It is set after declarations, at loop
 * body starts, after statements that hold blocks, before jumps and at catch and finally heads, so whatever throws between two settings
 * throws at the position set last; a `finally` that ends gives the position back, for the error that goes on. Unknown cases (a
 * fall-through in a `switch`) leave variables out, never in.
 *
 * @example at level `locals`
 * ```js
 * const a = f(); for (const b of a) { g(b); } h();
 * const a = f(); x0 = a; P = 1; for (const b of a) { x1 = b; P = 2; g(b); P = 1; x1 = void 0; } P = 1; x1 = void 0; h();
 * ```
 */
import { SiteKind } from '@captureflow/trace/metadata';
import type { DeclaratorFacts, FileFacts, FunctionFacts, ListFacts, StatementFacts } from './facts.ts';
import type { InjectedNames } from './injected-names.ts';
import type { LineIndex } from './line-index.ts';
import type { Local } from './locals.ts';
import {
  awaitsBehind,
  awaitsInHead,
  entersFinally,
  holdsAwaitUsing,
  holdsPause,
  leavesBehind,
  listsAround,
} from './pauses-in-statements.ts';
import type { Code, Edit, Piece } from './plan.ts';
import type { RecordBuilder, SiteValue } from './record-builder.ts';
import type { ScopeIndex } from './scope-index.ts';
import { readVariableChanges, type VariableChanges } from './variable-changes.ts';

export interface StatementsContext {
  readonly facts: FileFacts;
  readonly fn: FunctionFacts;
  readonly functionIndex: number;
  readonly scopes: ScopeIndex;
  readonly names: InjectedNames;
  readonly lines: LineIndex;
  /** Name of the span token. */
  readonly token: string;
  readonly locals: ReadonlyMap<number, Local>;
  readonly record: RecordBuilder;
  readonly withLines: boolean;
}

export interface StatementsPlan {
  /** The function's to go on with. */
  readonly edits: Edit[];
  /** Block-scoped locals alive at a place where the function returns, by start of the return statement. */
  readonly aliveAtReturn: ReadonlyMap<number, readonly Local[]>;
  readonly aliveAtEnd: readonly Local[];
  /** Names that the function declares to keep a position, or how it was reached, over a `finally`. */
  readonly saved: readonly string[];
}

/** What holds at a place: the position that `p` has there, and the block-scoped locals that are alive. */
interface State {
  position: number;
  alive: readonly Local[];
}

/** A statement that `break` or `continue` can name. */
interface Jump {
  readonly statement: StatementFacts;
  /** What runs before the loop's head does: at the end of the body and before `continue`. */
  readonly tail: Code;
  /** Behind it, unless a `finally` comes between, which may still need the shadows. */
  readonly clearing: Code;
  /** Around the statement. */
  readonly outer: State;
}

const NO_LOCALS: readonly Local[] = [];
const NO_INDEXES: readonly number[] = [];
const NO_CHANGES: VariableChanges = () => NO_INDEXES;
const NO_CODE: Code = [];

export function planStatements(context: StatementsContext): StatementsPlan {
  const { facts, fn, scopes, names, lines, token, locals, record, withLines } = context;
  const { runtime, position: P } = names;
  const edits: Edit[] = [];
  const aliveAtReturn = new Map<number, readonly Local[]>();
  const jumps: Jump[] = [];
  const saved = new Set<string>();
  let finallyDepth = 0;
  /** A jump lands behind these or in their heads while the span is suspended. */
  const resumed = new Set<StatementFacts>();
  /** By statement with a `finally`: the jumps that run it, and whether the engine awaits behind it. */
  const ways = new Map<StatementFacts, { readonly jump: StatementFacts; readonly awaits: boolean }[]>();
  let tryDepth = 0;
  let crossedSoFar = 0;

  const all = locals.size === 0 ? NO_LOCALS : [...locals.values()];
  const always = all.length === 0 ? NO_LOCALS : all.filter((local) => local.always);
  const changesIn = withLines ? readVariableChanges(context) : NO_CHANGES;
  const hasPositions = all.length > always.length;
  const canHide = always.length > 0 && hasPositions && hidesOne(all);
  const headWrites =
    locals.size === 0 ? NO_INDEXES : scopes.writesIn(context.functionIndex).filter((write) => facts.writes[write]?.kind === 'head');
  /** Nothing else suspends; most functions need not be searched. */
  const canPause = fn.async || fn.pauses.length > 0;
  if (locals.size > 0) newPosition([]);

  const end: State = { position: 0, alive: [] };
  walkList(fn.body, end, []);
  return { edits, aliveAtReturn, aliveAtEnd: end.alive, saved: [...saved] };

  function newPosition(alive: readonly Local[]): number {
    let outer = always;
    if (canHide) {
      const hidden = new Set(alive.map((local) => local.name));
      outer = always.filter((local) => !hidden.has(local.name));
    }
    return record.positions.push((outer.length === 0 ? alive : outer.concat(alive)).map(indexOf)) - 1;
  }

  /** Makes `bindings` alive in `state`; the code that tells the catch so. */
  function declare(bindings: readonly number[], state: State): Code {
    if (!hasPositions) return NO_CODE;
    let fresh: readonly Local[] = NO_LOCALS;
    for (const binding of bindings) {
      const local = locals.get(binding);
      if (local !== undefined && !local.always) fresh = fresh.length === 0 ? [local] : [...fresh, local];
    }
    if (fresh.length === 0) return NO_CODE;
    state.alive = state.alive.filter((local) => !holdsName(fresh, local.name)).concat(fresh);
    state.position = newPosition(state.alive);
    const code: Piece[] = [];
    for (const local of fresh) addShadow(local, code);
    code.push(setPosition(state));
    return code;
  }

  function addShadow(local: Local, code: Piece[]): void {
    if (local.shadow === undefined) return;
    code.push(local.byClosure ? `${local.shadow}=${token}?()=>` : `${local.shadow}=`, ...local.use, local.byClosure ? ':void 0;' : ';');
  }

  /** What a shadow holds would live on. */
  function addClearing(left: readonly Local[], code: Piece[]): void {
    let shadows = '';
    for (const local of left) if (local.shadow !== undefined) shadows += `${local.shadow}=`;
    if (shadows !== '') code.push(`${shadows}void 0;`);
  }

  function setPosition(state: State): string {
    return `${P}=${state.position};`;
  }

  function resume(): Code {
    return [`${token}&&${runtime}.resume(${token},void 0);`];
  }

  function suspendLoop(): string {
    return `${token}&&${runtime}.suspendLoop(${token},void 0);`;
  }

  function add(at: 'before' | 'after' | 'head' | 'tail', start: number, code: Code): void {
    if (code.length > 0) edits.push({ at, start, code });
  }

  function walkList(list: ListFacts, state: State, changedBefore: readonly number[]): void {
    const { statements } = list;
    let changed = withLines ? [...changedBefore, ...list.entry] : NO_INDEXES;
    for (let k = 0; k < statements.length; k++) {
      const statement = statements[k] as StatementFacts;
      if (withLines && hasLine(statement)) {
        add('before', statement.start, lineProbe(statement, list, state, changed));
        changed = NO_INDEXES;
      }
      walkStatement(statement, list, state, k === statements.length - 1);
      if (withLines) changed = [...changed, ...changesIn(statement.start, statement.end)];
    }
  }

  function walkStatement(statement: StatementFacts, list: ListFacts, state: State, isLast: boolean): void {
    switch (statement.kind) {
      case 'lexical':
        declareEach(statement, state);
        return;
      case 'return':
        if (state.alive.length > 0) aliveAtReturn.set(statement.start, visible(state.alive, list.scope));
        return;
      case 'break':
      case 'continue':
        planJump(statement);
        return;
      case 'with':
        return;
    }
    if (statement.lists.length > 0) walkNested(statement, list, state, isLast);
  }

  function declareEach(statement: StatementFacts, state: State): void {
    const { declarators } = statement;
    if (declarators === undefined) return;
    for (let k = 0; k < declarators.length; k++) {
      const declarator = declarators[k] as DeclaratorFacts;
      const code = declare(declarator.bindings, state);
      if (code.length === 0) continue;
      if (k === declarators.length - 1) add('after', statement.start, code);
      else edits.push({ at: 'split', start: declarator.start, code });
    }
  }

  function walkNested(statement: StatementFacts, around: ListFacts, state: State, isLast: boolean): void {
    const { lists } = statement;
    const inner = hasPositions ? all.filter((local) => !local.always && isInside(statement, local)) : NO_LOCALS;
    const holdsUsing = canPause && lists.some(holdsAwaitUsing);
    const pausesInHead = canPause && (awaitsInHead(statement) || (statement.kind === 'loop' && holdsUsing));
    let earlierPauses = false;
    if (statement.kind === 'try') tryDepth++;
    if (statement.kind !== 'loop')
      jumps.push({ statement, tail: NO_CODE, clearing: NO_CODE, outer: { position: state.position, alive: state.alive } });
    for (const list of lists) {
      const listState: State = { position: state.position, alive: state.alive };
      if (list.role === 'with') continue;
      const head: Piece[] = [];
      const handles = list.role === 'catch' || list.role === 'finally';
      const crosses = canPause && list.role === 'finally' && leadsToAwait(statement);
      if ((handles && earlierPauses) || pausesInHead || crosses) head.push(...resume());
      if (list.role === 'finally' && inner.length > 0) head.push(`${savePosition()}=${P};`);
      const declared = declare(list.entry, listState);
      for (const piece of declared) head.push(piece);
      if (handles && declared.length === 0 && inner.length > 0) head.push(setPosition(state));
      if (headWrites.length > 0) addHeadWrites(list, head);
      add('head', list.start, head);
      const crossedBefore = crossedSoFar;
      if (list.role === 'loop') walkLoopBody(statement, list, state, listState, inner);
      else if (list.role === 'finally') walkFinally(list, listState, inner.length > 0);
      else walkList(list, listState, NO_INDEXES);
      if (canPause) {
        if (holdsAwaitUsing(list)) add('tail', list.start, [suspendLoop()]);
        if (crosses) planLeaving(statement, list);
        earlierPauses ||= holdsPause(fn, list) || crossedSoFar > crossedBefore;
      }
    }
    if (statement.kind === 'try') tryDepth--;
    if (statement.kind !== 'loop') jumps.pop();
    const after: Piece[] = pausesInHead || holdsUsing || resumed.has(statement) ? [...resume()] : [];
    if (inner.length > 0 && !(isLast && around.form !== 'clause' && !around.statements.some((other) => other.disposes === true))) {
      after.push(setPosition(state));
      addClearing(inner, after);
    }
    add('after', statement.start, after);
  }

  /** Whether the statement's `finally` may run on the way to where the engine awaits: a disposal, an iterator's next() or return(). */
  function leadsToAwait(statement: StatementFacts): boolean {
    if (ways.get(statement)?.some(({ awaits }) => awaits) === true) return true;
    if (!leavesBehind(fn, statement)) return false;
    return holdsAwaitUsing(fn.body) || awaitsBehind(statementsOf(jumps.slice(0, -1)), statement.start);
  }

  /**
   * Such a `finally` runs resumed, and its end suspends again, unless it goes on behind the statement, or to where a jump leads without an await. Said of
   * these, since a consumer's return() and an error cannot be announced.
   */
  function planLeaving(statement: StatementFacts, last: ListFacts): void {
    crossedSoFar++;
    const name = names.leaving(tryDepth);
    saved.add(name);
    for (const list of statement.lists) {
      if (list === last) continue;
      add('head', list.start, [`${name}=1;`]);
      add('tail', list.start, [`${name}=0;`]);
    }
    for (const { jump, awaits } of ways.get(statement) ?? []) if (!awaits) add('before', jump.start, [`${name}=0;`]);
    add('tail', last.start, [`${name}&&${suspendLoop()}`]);
  }

  function addHeadWrites(list: ListFacts, code: Piece[]): void {
    for (const write of headWrites) {
      if (facts.writes[write]?.start !== list.start) continue;
      for (const binding of scopes.ownTargets(write)) {
        const local = locals.get(binding);
        if (local !== undefined && hasPositions) addShadow(local, code);
      }
    }
  }

  /** An error that goes on after the block was thrown at the position that held before it. */
  function walkFinally(list: ListFacts, state: State, declares: boolean): void {
    finallyDepth++;
    walkList(list, state, NO_INDEXES);
    finallyDepth--;
    if (declares) add('tail', list.start, [`${P}=${savePosition()};`]);
  }

  function savePosition(): string {
    const name = names.saved(finallyDepth);
    saved.add(name);
    return name;
  }

  /**
   * Shadows are cleared before the next round: one that a round hands to the next is a value of the loop, and what it holds is made for real, every
   * object that the engine would do without, every number in a box (valibot, off: 2.76 times plain; cleared 1.1).
   */
  function walkLoopBody(statement: StatementFacts, list: ListFacts, outer: State, inside: State, inner: readonly Local[]): void {
    const declares = inner.length > 0;
    // A `for (let …)` head runs with its variables alive; an iterator's step runs outside them.
    const headState = statement.loop === 'for' ? leaveHead(list, inside, declares) : outer;
    const tail: Piece[] = [];
    if (awaitsInHead(statement)) tail.push(suspendLoop());
    if (declares && (statement.headCanThrow === true || list.entry.length === 0)) tail.push(setPosition(headState));
    const clearing: Piece[] = [];
    addClearing(
      inner.filter((local) => !headState.alive.includes(local)),
      clearing,
    );
    jumps.push({ statement, tail, clearing, outer: { position: outer.position, alive: outer.alive } });
    const last = list.statements.at(-1);
    const carried =
      withLines && last !== undefined ? [...changesIn(last.start, last.end), ...changesIn(statement.start, list.start)] : NO_INDEXES;
    walkList(list, inside, carried);
    jumps.pop();
    add('tail', list.start, [...tail, ...clearing]);
  }

  /** The closure that reads a variable reads the copy of its iteration; between two bodies there is a new one already. */
  function leaveHead(list: ListFacts, inside: State, declares: boolean): State {
    const stale = declares ? inside.alive.filter((local) => local.byClosure && list.entry.includes(local.binding)) : NO_LOCALS;
    if (stale.length === 0) return { position: inside.position, alive: inside.alive };
    const alive = inside.alive.filter((local) => !stale.includes(local));
    return { position: newPosition(alive), alive };
  }

  function planJump(statement: StatementFacts): void {
    const isBreak = statement.kind === 'break';
    const index = jumps.findLastIndex(({ statement: { kind, labels } }) =>
      statement.target === undefined ? kind === 'loop' || (isBreak && kind === 'switch') : labels.includes(statement.target),
    );
    const target = jumps[index];
    if (target === undefined) return;
    const left = jumps.slice(isBreak ? index : index + 1);
    if (canPause) {
      for (const [k, { statement: way }] of jumps.entries()) {
        if (k < jumps.length - left.length || !entersFinally(way, statement.start)) continue;
        const awaits = awaitsBehind(statementsOf(jumps.slice(index, k)), statement.start);
        ways.set(way, [...(ways.get(way) ?? []), { jump: statement, awaits }]);
      }
    }
    const code: Piece[] = isBreak ? [] : [...target.tail];
    if (!isBreak && !left.some(({ statement: { lists } }) => lists.some(({ role }) => role === 'finally'))) code.push(...target.clearing);
    if (!isBreak && !canPause) return add('before', statement.start, code);
    const awaitsOnTheWay =
      canPause &&
      (left.some((jump) => awaitsInHead(jump.statement)) || listsAround(target.statement, statement.start).some(holdsAwaitUsing));
    if (awaitsOnTheWay && (isBreak || !awaitsInHead(target.statement))) {
      code.unshift(suspendLoop());
      resumed.add(target.statement);
      const [body] = target.statement.lists;
      if (!isBreak && body !== undefined) add('head', body.start, resume());
    }
    // Closing an iterator runs its code after the body's variables are gone.
    if (isBreak && hasPositions && left.some(({ statement: { loop } }) => loop === 'for-of' || loop === 'for-await'))
      code.push(setPosition(target.outer));
    add('before', statement.start, code);
  }

  function lineProbe(statement: StatementFacts, list: ListFacts, state: State, changed: readonly number[]): Code {
    const alive = new Set([...always, ...visible(state.alive, list.scope)]);
    const values = [...new Set(changed)].flatMap((binding): SiteValue[] => {
      const local = locals.get(binding);
      if (local === undefined || !alive.has(local) || scopes.resolve(local.name, list.scope) !== binding) return [];
      return [local];
    });
    const calls = record.addSite(SiteKind.LINE, lines.at(statement.start).line, values);
    return [`${token}&&(`, ...joinCalls(calls), ');'];
  }

  function visible(alive: readonly Local[], scope: number): readonly Local[] {
    return alive.filter((local) => scopes.resolve(local.name, scope) === local.binding);
  }

  function isInside({ start, end }: StatementFacts, local: Local): boolean {
    const at = facts.bindings[local.binding]?.start ?? -1;
    return at >= start && at < end;
  }
}

/** Statements that a `line` event announces (H155). */
function hasLine(statement: StatementFacts): boolean {
  return statement.kind !== 'function' && statement.kind !== 'empty' && statement.kind !== 'class';
}

/** As one expression, without parentheses. */
export function joinCalls(calls: readonly Code[]): Code {
  if (calls.length === 1) return calls[0] as Code;
  const code: Piece[] = [];
  addJoined(calls, code);
  return code;
}

export function addJoined(calls: readonly Code[], code: Piece[]): void {
  for (let k = 0; k < calls.length; k++) {
    if (k > 0) code.push(',');
    for (const piece of calls[k] as Code) code.push(piece);
  }
}

function statementsOf(jumps: readonly Jump[]): readonly StatementFacts[] {
  return jumps.map((jump) => jump.statement);
}

function indexOf(local: Local): number {
  return local.index;
}

/** A block's variable is called as one of the function's. */
function hidesOne(locals: readonly Local[]): boolean {
  const names = new Set(locals.flatMap((local) => (local.always ? local.name : [])));
  return locals.some((local) => !local.always && names.has(local.name));
}

function holdsName(locals: readonly Local[], name: string): boolean {
  for (const local of locals) if (local.name === name) return true;
  return false;
}
