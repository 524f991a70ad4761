/**
 * Questions to ESTree and Babel nodes that reader and emitters both ask. Syntax only, no opinion; nothing here walks a tree.
 */
import type { Node, Syntax } from './node.ts';

/** A function with its own body: a method is its `MethodDefinition` (or Babel's `ClassMethod`, `ObjectMethod`), not the value inside. */
export function isFunction(node: Node): boolean {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
    case 'StaticBlock':
      return true;
    case 'MethodDefinition':
      return functionBody(node) !== undefined;
    case 'Property':
      return isMethodProperty(node as Syntax);
    default:
      return false;
  }
}

/** A method, getter or setter of an object in ESTree: the function is its value. */
export function isMethodProperty(node: Syntax): boolean {
  return node.type === 'Property' && (node.method === true || node.kind === 'get' || node.kind === 'set');
}

/** The node that has parameters and body: the value of a `MethodDefinition` or method `Property`, else the node itself. */
export function functionParts<T extends Node>(node: T): T {
  return node.type === 'MethodDefinition' || node.type === 'Property' ? ((node as Syntax).value as T) : node;
}

/**
 * The body of a function: a `BlockStatement`, or the expression of an arrow with its parentheses peeled off. A static block has
 * no body node: it is itself the answer. Undefined for overloads and abstract methods.
 */
export function functionBody<T extends Node>(node: T): Node | undefined {
  if (node.type === 'StaticBlock') return node;
  const body = (functionParts(node) as Syntax).body as Syntax | null | undefined;
  return body === null || body === undefined ? undefined : peelParentheses(body);
}

export function peelParentheses<T extends Node>(node: T): T {
  let at: Syntax = node as unknown as Syntax;
  while (at.type === 'ParenthesizedExpression') at = at.expression as Syntax;
  return at as unknown as T;
}

/** `"use strict";` at a place where it is one. Babel keeps directives apart. */
export function isDirective(node: Node): boolean {
  return node.type === 'Directive' || (node.type === 'ExpressionStatement' && typeof (node as Syntax).directive === 'string');
}

/** Parentheses and type syntax: gone once the file is emitted. A chain (`a?.b`) wraps nothing that counts. */
export function isTransparent(node: Node): boolean {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TypeCastExpression':
    case 'ChainExpression':
      return true;
    default:
      return false;
  }
}

/** The expression inside parentheses and type syntax. */
export function innermost<T extends Node>(node: T): T {
  let at: Syntax = node as unknown as Syntax;
  while (isTransparent(at)) at = at.expression as Syntax;
  return at as unknown as T;
}

/** An anonymous function or class takes the name of the variable it is assigned to (H5). */
export function isAnonymous(node: Node): boolean {
  const value = innermost(node as Syntax);
  if (value.type === 'ArrowFunctionExpression') return true;
  return (value.type === 'FunctionExpression' || value.type === 'ClassExpression') && (value.id ?? undefined) === undefined;
}

export function isClass(node: Node): boolean {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** A binary or logical operation, which may be thousands deep on its left. */
export function isOperation(node: Node): boolean {
  return node.type === 'BinaryExpression' || node.type === 'LogicalExpression';
}

/** Text of a string literal, of a template without expressions, or of a number; undefined for anything else. */
export function literalText(node: Syntax): string | undefined {
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
      return String(node.value);
    case 'Literal':
      return typeof node.value === 'string' || typeof node.value === 'number' ? String(node.value) : undefined;
    case 'TemplateLiteral': {
      if (node.expressions?.length !== 0) return undefined;
      const { cooked } = (node.quasis?.[0]?.value ?? {}) as { cooked?: string };
      return cooked;
    }
    default:
      return undefined;
  }
}

/** Identifiers that an assignment target assigns, in source order. */
export function targetNames(target: Syntax): readonly string[] {
  const names: string[] = [];
  addTargetNames(target, names);
  return names;
}

function addTargetNames(target: Syntax | null | undefined, names: string[]): void {
  if (target === null || target === undefined) return;
  const at = innermost(target);
  switch (at.type) {
    case 'Identifier':
      names.push(at.name as string);
      return;
    case 'ArrayPattern':
      for (const element of at.elements ?? []) addTargetNames(element, names);
      return;
    case 'ObjectPattern':
      for (const property of at.properties ?? [])
        addTargetNames(property.type === 'RestElement' ? property : (property.value as Syntax), names);
      return;
    case 'AssignmentPattern':
      addTargetNames(at.left, names);
      return;
    case 'RestElement':
      addTargetNames(at.argument, names);
      return;
  }
}

/** Statements of a block, program, static block, class or namespace body. */
export function statementsOf(node: Syntax): readonly Syntax[] {
  return node.body as readonly Syntax[];
}

/** How many of a block's leading statements are directives. Babel's blocks keep them out of their statements. */
export function countPrologue(statements: readonly Syntax[]): number {
  let count = 0;
  while (count < statements.length && isDirective(statements[count] as Syntax)) count++;
  return count;
}

const NONE: readonly { readonly text: string; readonly end: number }[] = [];

/** Directives of a function body or program, in both dialects: text and end of each. */
export function readDirectives(block: Syntax): readonly { readonly text: string; readonly end: number }[] {
  if (block.directives !== undefined) {
    if (block.directives.length === 0) return NONE;
    return block.directives.map((directive) => {
      const literal = directive.value as Syntax;
      // Babel's value has its escapes still in it.
      const text = literal.extra?.expressionValue ?? literal.value;
      return { text: String(text), end: directive.end };
    });
  }
  const statements = statementsOf(block);
  if (statements[0] === undefined || !isDirective(statements[0])) return NONE;
  return statements.slice(0, countPrologue(statements)).map((statement) => ({
    text: String((statement.expression as Syntax).value),
    end: statement.end,
  }));
}
