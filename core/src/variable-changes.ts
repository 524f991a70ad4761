/**
 * Where a function changes its own variables, for line probes, which report what changed since the one before. Reads facts, places nothing.
 */
import type { ListFacts, StatementFacts, WriteFacts } from './facts.ts';
import type { StatementsContext } from './plan-statements.ts';

interface Change {
  readonly start: number;
  readonly bindings: readonly number[];
}

/** Bindings that are changed between two offsets, in source order; one stands there as often as it is changed. */
export type VariableChanges = (start: number, end: number) => readonly number[];

export function readVariableChanges({ facts, fn, functionIndex, scopes, locals }: StatementsContext): VariableChanges {
  const changes = scopes.writesIn(functionIndex).map(
    (write): Change => ({
      start: (facts.writes[write] as WriteFacts).start,
      bindings: scopes.ownTargets(write).filter((binding) => locals.has(binding)),
    }),
  );
  visitStatements(fn.body, (statement) => {
    for (const declarator of statement.declarators ?? [])
      changes.push({ start: declarator.start, bindings: declarator.bindings.map(scopes.variableOf) });
  });
  return (start, end) => changes.flatMap((change) => (change.start >= start && change.start < end ? change.bindings : []));
}

function visitStatements(list: ListFacts, visit: (statement: StatementFacts) => void): void {
  for (const statement of list.statements) {
    visit(statement);
    for (const inner of statement.lists) visitStatements(inner, visit);
  }
}
