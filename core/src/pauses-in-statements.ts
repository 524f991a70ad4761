/**
 * Where an async function's statements await without an `await` of their own: heads of loops, disposals, what runs between a return and
 * the end. Only answers questions about facts; what is placed there is plan-statements.ts' and plan-function.ts' to say.
 */
import type { FunctionFacts, ListFacts, ReturnFacts, StatementFacts } from './facts.ts';

/** The engine awaits between a return and the end of the activation: an iterator's return(), a disposal, the value itself. */
export function awaitsAfter(fn: FunctionFacts, exit: ReturnFacts): boolean {
  return exit.underAwait || (fn.async && fn.generator);
}

/** The engine awaits at the end of the list. */
export function holdsAwaitUsing(list: ListFacts): boolean {
  return list.statements.some((statement) => statement.declarators?.some((declarator) => declarator.awaits) === true);
}

/** Each round of the loop awaits before its body. */
export function awaitsInHead(statement: StatementFacts): boolean {
  return (
    statement.loop === 'for-await' || (statement.kind === 'loop' && statement.declarators?.some((declarator) => declarator.awaits) === true)
  );
}

/** Something in the list may suspend `fn`. */
export function holdsPause(fn: FunctionFacts, list: ListFacts): boolean {
  const isInside = ({ start }: { readonly start: number }): boolean => start >= list.start && start < list.end;
  return (
    fn.pauses.some(isInside) ||
    fn.returns.some((exit) => isInside(exit) && awaitsAfter(fn, exit)) ||
    someStatement(list, (s) => s.loop === 'for-await' || s.declarators?.some((declarator) => declarator.awaits) === true)
  );
}

/** The lists of a statement that an offset lies in, from the outside in. */
export function listsAround(statement: StatementFacts, offset: number): readonly ListFacts[] {
  const list = listAt(statement, offset);
  const inner = list?.statements.find(({ start, end }) => start <= offset && offset < end);
  return list === undefined ? [] : [list, ...(inner === undefined ? [] : listsAround(inner, offset))];
}

/** Leaving the innermost of `statements` for what is around them the engine awaits; `offset` lies in all of them. */
export function awaitsBehind(statements: readonly StatementFacts[], offset: number): boolean {
  return statements.some((statement) => {
    const list = listAt(statement, offset);
    return awaitsInHead(statement) || (list !== undefined && holdsAwaitUsing(list));
  });
}

/** What leaves the statement at `offset` runs its `finally`. */
export function entersFinally(statement: StatementFacts, offset: number): boolean {
  return statement.lists.some(({ role }) => role === 'finally') && listAt(statement, offset)?.role !== 'finally';
}

/** A return, or the consumer of a generator at one of its yields, leaves the activation by way of the statement's `finally`. */
export function leavesBehind(fn: FunctionFacts, statement: StatementFacts): boolean {
  const leaves = ({ start }: { readonly start: number }): boolean =>
    start >= statement.start && start < statement.end && entersFinally(statement, start);
  return fn.returns.some(leaves) || fn.pauses.some((pause) => pause.kind !== 'await' && leaves(pause));
}

function listAt(statement: StatementFacts, offset: number): ListFacts | undefined {
  return statement.lists.find(({ start, end }) => start <= offset && offset < end);
}

function someStatement(list: ListFacts, test: (statement: StatementFacts) => boolean): boolean {
  return list.statements.some((statement) => test(statement) || statement.lists.some((inner) => someStatement(inner, test)));
}
