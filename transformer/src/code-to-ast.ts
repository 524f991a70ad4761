/**
 * Plan code (text pieces and typed holes) to synthetic TypeScript nodes. Numbers, names and holes are taken out of a text, so that the
 * functions of a build share few texts; each is read once and becomes a template that makes fresh nodes at every use.
 * Only joins texts and keeps templates; what nodes they make is code-template.ts.
 */
import type { Code } from '@captureflow/core';
import type ts from 'typescript';
import { type Build, createTemplateReader, type Filling, HOLE, INNER, TEXT } from './code-template.ts';

type TS = typeof ts;

/** Names that are more than their text. */
export interface HoleFillers {
  /** A use of the user's variable declared at that offset. Absent: its name. */
  readonly binding?: (offset: number) => ts.Expression;
  /** An injected name. */
  readonly name?: ts.Identifier;
}

/** `expression`: what the expression hole becomes; absent where the code has none. */
export interface CodeToAst {
  statements(code: Code, fillers: HoleFillers, expression?: ts.Expression): ts.Statement[];
  expression(code: Code, fillers: HoleFillers, expression?: ts.Expression): ts.Expression;
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
    statements(code, fillers, expression) {
      const { text, filling } = takeHoles(code, fillers, expression);
      return templates.statements(text, fillers.name?.text).map((build) => build(filling));
    },
    expression(code, fillers, expression) {
      const { text, filling } = takeHoles(code, fillers, expression);
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

function takeHoles(
  code: Code,
  fillers: HoleFillers,
  expression: ts.Expression | undefined,
): { readonly text: string; readonly filling: Filling } {
  const texts: string[] = [];
  const bindings: number[] = [];
  let text = '';
  for (const piece of code) {
    if (typeof piece === 'string') text += takeNumbers(piece, texts);
    else if ('hole' in piece) text += INNER;
    else if (fillers.binding === undefined) {
      texts.push(piece.name);
      text += TEXT;
    } else text += `${HOLE}${bindings.push(piece.binding) - 1}`;
  }
  return { text, filling: { fillers, expression, texts, bindings } };
}

/** What stands in quotes is no code of ours. */
function takeNumbers(piece: string, texts: string[]): string {
  if (!/\b\d/.test(piece) || piece.includes('"')) return piece;
  return piece.replace(/\b\d+\b/g, (digits) => {
    texts.push(digits);
    return TEXT;
  });
}
