/**
 * Plan code (text pieces and typed holes) to Babel nodes. Numbers and holes are taken out of a text, so that the functions of a build
 * share few texts; each is read once and becomes a template that makes fresh nodes at every use. Only joins texts and keeps templates;
 * what nodes they make is code-template.ts.
 */
import type { Code } from '@captureflow/core';
import type { types } from '@babel/core';
import type { Babel } from './babel.ts';
import { type Build, createTemplateReader, type Filling, HOLE, INNER, NUMBER } from './code-template.ts';

/** `expression`: what the expression hole becomes; absent where the code has none. */
export interface CodeToAst {
  statements(code: Code, expression?: types.Expression): types.Statement[];
  expression(code: Code, expression?: types.Expression): types.Expression;
}

interface Templates {
  readonly statements: (text: string) => readonly Build[];
  readonly expression: (text: string) => Build;
}

/**
 * By what stays the same while a process lives: Babel hands a new instance to each new object of options, and a host may make one for
 * each file.
 */
const templatesBy = new WeakMap<Babel['types'], Templates>();
const MOST_KEPT = 10_000;

export function createCodeToAst(babel: Babel): CodeToAst {
  const templates = templatesBy.get(babel.types) ?? createTemplates(babel);
  templatesBy.set(babel.types, templates);
  return {
    statements(code, expression) {
      if (code.length === 0) return [];
      const { text, filling } = takeHoles(code, expression);
      return templates.statements(text).map((build) => build(filling) as types.Statement);
    },
    expression(code, expression) {
      const { text, filling } = takeHoles(code, expression);
      return templates.expression(text)(filling) as types.Expression;
    },
  };
}

function createTemplates(babel: Babel): Templates {
  const read = createTemplateReader(babel);
  return { statements: keep(read.statements), expression: keep(read.expression) };
}

function keep<T>(read: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    let template = kept.get(text);
    if (template === undefined) {
      template = read(text);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(text, template);
    }
    return template;
  };
}

function takeHoles(code: Code, expression: types.Expression | undefined): { readonly text: string; readonly filling: Filling } {
  const numbers: string[] = [];
  const names: string[] = [];
  let text = '';
  for (const piece of code) {
    if (typeof piece === 'string') text += takeNumbers(piece, numbers);
    else if ('hole' in piece) text += INNER;
    else text += `${HOLE}${names.push(piece.name) - 1}`;
  }
  return { text, filling: { expression, numbers, names } };
}

/** What stands in quotes is no code of ours. */
function takeNumbers(piece: string, numbers: string[]): string {
  if (!/\b\d/.test(piece) || piece.includes('"')) return piece;
  return piece.replace(/\b\d+\b/g, (digits) => `${NUMBER}${numbers.push(digits) - 1}`);
}
