/**
 * Plan code (text pieces and typed holes) to synthetic TypeScript nodes. Numbers and holes are taken out of a text, so that the
 * functions of a build share few texts; each is read once and becomes a template that makes fresh nodes at every use.
 * Only joins texts and keeps templates; what nodes they make is code-template.ts.
 */
import type { Code } from '@captureflow/core';
import type ts from 'typescript';
import { type Build, createTemplateReader, type Filling, HOLE, INNER, NUMBER } from './code-template.ts';

type TS = typeof ts;

export interface HoleFillers {
  /** A use of the user's variable declared at that offset. */
  readonly binding: (offset: number) => ts.Expression;
  readonly expression?: ts.Expression;
  /** An injected name that is more than its text. */
  readonly name?: ts.Identifier;
}

export interface CodeToAst {
  statements(code: Code, fillers: HoleFillers): ts.Statement[];
  expression(code: Code, fillers: HoleFillers): ts.Expression;
}

interface Templates {
  readonly statements: (text: string, name?: string) => readonly Build<ts.Statement>[];
  readonly expression: (text: string, name?: string) => Build<ts.Expression>;
}

/** Files of a build share their texts. */
const templatesBy = new WeakMap<ts.NodeFactory, Templates>();
const MOST_KEPT = 10_000;

export function createCodeToAst(ts: TS, factory: ts.NodeFactory): CodeToAst {
  const templates = templatesBy.get(factory) ?? createTemplates(ts, factory);
  templatesBy.set(factory, templates);
  return {
    statements(code, fillers) {
      const { text, filling } = takeHoles(code, fillers);
      return templates.statements(text, fillers.name?.text).map((build) => build(filling));
    },
    expression(code, fillers) {
      const { text, filling } = takeHoles(code, fillers);
      return templates.expression(text, fillers.name?.text)(filling);
    },
  };
}

function createTemplates(ts: TS, factory: ts.NodeFactory): Templates {
  const read = createTemplateReader(ts, factory);
  return { statements: keep(read.statements), expression: keep(read.expression) };
}

function keep<T>(read: (text: string, name?: string) => T): (text: string, name?: string) => T {
  const kept = new Map<string, T>();
  return (text, name) => {
    const key = name === undefined ? text : `${name} ${text}`;
    let template = kept.get(key);
    if (template === undefined) {
      template = read(text, name);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, template);
    }
    return template;
  };
}

function takeHoles(code: Code, fillers: HoleFillers): { readonly text: string; readonly filling: Filling } {
  const numbers: string[] = [];
  const bindings: number[] = [];
  let text = '';
  for (const piece of code) {
    if (typeof piece === 'string') text += takeNumbers(piece, numbers);
    else if ('binding' in piece) text += `${HOLE}${bindings.push(piece.binding) - 1}`;
    else text += INNER;
  }
  return { text, filling: { fillers, numbers, bindings } };
}

/** What stands in quotes is no code of ours. */
function takeNumbers(piece: string, numbers: string[]): string {
  if (piece.includes('"')) return piece;
  return piece.replace(/\b\d+\b/g, (digits) => {
    numbers.push(digits);
    return NUMBER;
  });
}
