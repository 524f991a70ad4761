/**
 * What the parts of the reader share: where the walk is, what lies around it and where what they find goes. Types only.
 */
import type { BindingFacts, ScopeFacts, StatementFacts, WriteFacts } from '../facts.ts';
import type { OpenFunction, Place } from '../open-facts.ts';
import type { Syntax } from './node.ts';

export interface Collector {
  readonly source: string;
  /** The nodes around the one that is being read, outermost first. */
  readonly ancestors: Syntax[];
  readonly functions: OpenFunction[];
  addScope(kind: ScopeFacts['kind'], start: number, end: number, place: Place, fn?: number): number;
  /** The scope holds a direct eval. */
  markEval(scope: number): void;
  markName(scope: number, name: string): void;
  /** Indexes of the bindings that a name or pattern declares; `type` belongs to a name only. */
  addBindings(pattern: Syntax, kind: BindingFacts['kind'], scope: number): number[];
  addWrite(write: WriteFacts): void;
  /** An expression (or pattern of an assignment). */
  visit(node: Syntax | null | undefined, place: Place): void;
  visitEach(nodes: readonly (Syntax | null | undefined)[] | null | undefined, place: Place): void;
  visitChildren(node: Syntax, place: Place): void;
  /** Computed keys and defaults of a pattern that declares. */
  visitPattern(pattern: Syntax | null | undefined, place: Place): void;
  readFunction(node: Syntax, place: Place): void;
  readClass(node: Syntax, place: Place): void;
  readStatements(statements: readonly Syntax[], place: Place): readonly StatementFacts[];
}
