/**
 * Questions to Babel nodes that only the emitter asks; the shared ones are core's. Syntax only, no opinion.
 */
import type { types } from '@babel/core';
import { findBrace, functionBody, isFunction, type Node, peelParentheses } from '@captureflow/core/estree';

export type FunctionNode = types.Function | types.StaticBlock;

export function isFunctionNode(node: types.Node): node is FunctionNode {
  return isFunction(node as Node);
}

/** Of a node that the parser made. */
export function startOf(node: types.Node): number {
  return node.start as number;
}

/** The key of a function between facts, plan and AST: the offset of its body's `{`, or of its expression without parentheses. */
export function bodyStart(node: FunctionNode, source: string): number {
  if (node.type === 'StaticBlock') return findBrace(source, startOf(node));
  return (functionBody(node as Node) as Node).start;
}

/** The expression that an arrow function's body is, without its parentheses. */
export function conciseBody(node: FunctionNode): types.Expression {
  return peelParentheses(node.body as types.Expression & Node);
}
