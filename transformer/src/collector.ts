/**
 * What the halves of the reader share: where the walk is and where what they find goes. Types only.
 */
import type { BindingFacts, OpenFunction, Place, ScopeFacts, WriteFacts } from '@captureflow/core';
import type ts from 'typescript';

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
