/**
 * Questions to TypeScript nodes that reader and emitter both ask. Syntax only, no opinion.
 */
import type ts from 'typescript';

type TS = typeof ts;

export type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.AccessorDeclaration
  | ts.ConstructorDeclaration
  | ts.ClassStaticBlockDeclaration;

/** The node that stands where `node` stands once parentheses and type syntax are gone. */
export function outermost(ts: TS, node: ts.Node): ts.Node {
  let at = node;
  while (at.parent !== undefined && isTransparent(ts, at.parent) && at.parent.expression === at) at = at.parent;
  return at;
}

/** The expression inside parentheses and type syntax. */
export function innermost(ts: TS, node: ts.Expression): ts.Expression {
  let at = node;
  while (isTransparent(ts, at)) at = at.expression;
  return at;
}

function isTransparent(
  ts: TS,
  node: ts.Node,
): node is ts.ParenthesizedExpression | ts.AsExpression | ts.SatisfiesExpression | ts.NonNullExpression | ts.TypeAssertion {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  );
}

/** `=`, `+=`, `??=` … */
export function isAssignment(ts: TS, node: ts.BinaryExpression): boolean {
  return node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
}

export function isFunctionNode(ts: TS, node: ts.Node): node is FunctionNode {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isClassStaticBlockDeclaration(node)
  );
}

/** A concise body without its parentheses: its start is the key of the function. */
export function peelParentheses(ts: TS, node: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(node) ? peelParentheses(ts, node.expression) : node;
}

export function hasModifier(ts: TS, node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    (node as ts.Declaration & { modifiers?: readonly ts.ModifierLike[] }).modifiers?.some((modifier) => modifier.kind === kind) === true
  );
}

/** An anonymous function or class takes the name of the variable it is assigned to (H5). */
export function isAnonymous(ts: TS, node: ts.Expression): boolean {
  const value = innermost(ts, node);
  return ts.isArrowFunction(value) || ((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && value.name === undefined);
}

export function countPrologue(ts: TS, statements: readonly ts.Statement[]): number {
  const end = statements.findIndex((statement) => !(ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)));
  return end < 0 ? statements.length : end;
}

export function readDirectives(statements: readonly ts.Statement[], count: number): readonly string[] {
  return statements.slice(0, count).map((statement) => ((statement as ts.ExpressionStatement).expression as ts.StringLiteral).text);
}

/** The `x = 1` inside `[x = 1] = E`: defaults, which are no assignments and cannot be wrapped. */
export function isPatternDefault(ts: TS, node: ts.BinaryExpression): boolean {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
  let at: ts.Node = node;
  for (let { parent } = at; ; { parent } = at) {
    if (ts.isBinaryExpression(parent)) return parent.left === at && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && at !== node;
    if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === at && at !== node;
    const isPart =
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isSpreadAssignment(parent) ||
      (ts.isPropertyAssignment(parent) && parent.initializer === at) ||
      ts.isParenthesizedExpression(parent);
    if (!isPart) return false;
    at = parent;
  }
}

/** Identifiers that an assignment target assigns. */
export function targetNames(ts: TS, target: ts.Expression): readonly string[] {
  const at = innermost(ts, target);
  if (ts.isIdentifier(at)) return [at.text];
  if (ts.isArrayLiteralExpression(at)) return at.elements.flatMap((element) => targetNames(ts, element));
  if (ts.isSpreadElement(at)) return targetNames(ts, at.expression);
  if (ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.EqualsToken) return targetNames(ts, at.left);
  if (!ts.isObjectLiteralExpression(at)) return [];
  return at.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return [property.name.text];
    if (ts.isPropertyAssignment(property)) return targetNames(ts, property.initializer);
    return ts.isSpreadAssignment(property) ? targetNames(ts, property.expression) : [];
  });
}

/** `(yield)++` is an early error; a call in its place would fail at run time only, and this compiler reports it in its checker only (H25). */
export function isTarget(ts: TS, node: ts.Node): boolean {
  const at = outermost(ts, node);
  const { parent } = at;
  if (ts.isPrefixUnaryExpression(parent)) return isUpdate(ts, parent.operator);
  if (ts.isBinaryExpression(parent)) return isAssignment(ts, parent) && parent.left === at;
  return ts.isPostfixUnaryExpression(parent) || ((ts.isForInStatement(parent) || ts.isForOfStatement(parent)) && parent.initializer === at);
}

export function isUpdate(ts: TS, operator: ts.PrefixUnaryOperator): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

export function isDiscarded(ts: TS, node: ts.Expression): boolean {
  const at = outermost(ts, node);
  const { parent } = at;
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  if (ts.isForStatement(parent)) return parent.initializer === at || parent.incrementor === at;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.CommaToken) return false;
  return parent.left === at || isDiscarded(ts, parent);
}
