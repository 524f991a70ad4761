/**
 * What the halves of the reader share: where the walk is and where what they find goes. Types only.
 */
import type { BindingFacts, FunctionFacts, PauseFacts, ReturnFacts, ScopeFacts, WriteFacts } from '@captureflow/core';
import type ts from 'typescript';

/** Where the walk is. */
export interface Place {
  readonly scope: number;
  /** -1 at file level. */
  readonly fn: number;
  /** Scope that a `var` declared here belongs to. */
  readonly varScope: number;
  readonly underFinally: boolean;
  readonly underAwait: boolean;
  readonly underWith: boolean;
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type OpenFunction = Mutable<FunctionFacts> & { returns: ReturnFacts[]; pauses: PauseFacts[] };

export interface Collector {
  readonly sourceFile: ts.SourceFile;
  readonly functions: OpenFunction[];
  start(node: ts.Node): number;
  addScope(kind: ScopeFacts['kind'], node: { start: number; end: number }, place: Place, fn?: number): number;
  addBindings(name: ts.BindingName, kind: BindingFacts['kind'], scope: number, type?: string): number[];
  addWrite(write: WriteFacts): void;
  visit(node: ts.Node | undefined, place: Place): void;
  visitEach(node: ts.Node, place: Place): void;
}
