/**
 * Questions to Babel nodes that the emitter asks. Syntax only, no opinion.
 */
import type { types } from '@babel/core';
import type { Babel } from './babel.ts';

export type FunctionNode = types.Function | types.StaticBlock;

export function isFunctionNode(t: Babel['types'], node: types.Node): node is FunctionNode {
  return t.isFunction(node) || node.type === 'StaticBlock';
}

/** Of a node that the parser made. */
export function startOf(node: types.Node): number {
  return node.start as number;
}

/** Where the body's key between facts, plan and AST lies: its `{`, or the first token of an expression without parentheses. */
export function functionBody(node: FunctionNode, source: string): { readonly start: number } {
  if (node.type === 'StaticBlock') {
    const between = /^static(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/.exec(source.slice(startOf(node), firstStart(node)));
    return { start: startOf(node) + (between?.[0].length ?? 0) };
  }
  return { start: startOf(peelParentheses(node.body)) };
}

function firstStart(node: types.StaticBlock): number {
  return node.body[0]?.start ?? (node.end as number);
}

export function peelParentheses<T extends types.Node>(node: T | types.ParenthesizedExpression): T {
  let at: types.Node = node;
  while (at.type === 'ParenthesizedExpression') at = at.expression;
  return at as T;
}
