/**
 * How inserted code names variables. From ES2015 on, TypeScript keeps every name that a function declares, so a name is its text. For
 * ES5 it renames (a `let` that an inner block hides, the catch parameter of a generator), so a name is a node that is renamed with it (H83).
 */
import { type Code, type Edit, lowerBound, type Plan } from '@captureflow/core';
import type ts from 'typescript';
import type { HoleFillers } from './code-to-ast.ts';
import { desync } from './desync.ts';

type TS = typeof ts;

export interface Naming {
  readonly fillers: HoleFillers;
  /** The parameter of a `catch` that we add, and what fills code that names it. `text` is unique in the file. */
  error(text: string): { readonly name: ts.Identifier; readonly fillers: HoleFillers };
}

export function createNaming(ts: TS, sourceFile: ts.SourceFile, plan: Plan, context: ts.TransformationContext): Naming {
  const { factory } = context;
  if (!renamesVariables(ts, context.getCompilerOptions()))
    return { fillers: AS_TEXT, error: (text) => ({ name: factory.createIdentifier(text), fillers: AS_TEXT }) };
  const declarations = collectIdentifiers(ts, sourceFile, plan);
  const errors = new Map<string, ts.Identifier>();
  const binding = (offset: number): ts.Expression => {
    const name = declarations.get(offset);
    if (name === undefined) throw desync(sourceFile, 'a variable', offset);
    return ts.setOriginalNode(factory.createIdentifier(name.text), name);
  };
  return {
    fillers: { binding },
    error(text) {
      // oxlint-disable-next-line no-restricted-properties -- core still chooses the name; only a generated one is renamed in a generator
      const name = errors.get(text) ?? factory.createUniqueName(text, ts.GeneratedIdentifierFlags.Optimistic);
      errors.set(text, name);
      return { name, fillers: { binding, name } };
    },
  };
}

const AS_TEXT: HoleFillers = {};

type Internals = { readonly getEmitScriptTarget?: (options: ts.CompilerOptions) => ts.ScriptTarget };

function renamesVariables(ts: TS, options: ts.CompilerOptions): boolean {
  // The compiler's own rule for what is left out of the options, where it exports it.
  const target = (ts as Internals).getEmitScriptTarget?.(options) ?? options.target ?? ts.ScriptTarget.ES5;
  return target < ts.ScriptTarget.ES2015;
}

/** The declaring identifiers that binding holes of the plan name. */
function collectIdentifiers(ts: TS, sourceFile: ts.SourceFile, plan: Plan): ReadonlyMap<number, ts.Identifier> {
  const wanted = new Set<number>();
  const want = (code: Code): void => {
    for (const piece of code) if (typeof piece !== 'string' && 'binding' in piece) wanted.add(piece.binding);
  };
  for (const fn of plan.functions) {
    for (const code of [fn.prologue, fn.epilogue, fn.handler]) want(code);
    for (const edit of fn.edits as readonly Edit[]) if (edit.at !== 'hoist') want(edit.code);
  }
  const places = Int32Array.from(wanted).sort();
  const found = new Map<number, ts.Identifier>();
  const visit = (node: ts.Node): void => {
    if ((places[lowerBound(places, node.pos)] ?? Infinity) >= node.end) return;
    if (ts.isIdentifier(node)) {
      const at = node.getStart(sourceFile);
      if (wanted.has(at) && !found.has(at)) found.set(at, node);
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  return found;
}
