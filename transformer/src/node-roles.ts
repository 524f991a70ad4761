/**
 * What a node is to reader and emitter, by its kind: one look into a table instead of a chain of questions, which was a third of
 * reading. Built from the compiler's own answers, because the numbers differ between its versions. No opinion.
 */
import type ts from 'typescript';
import { isFunctionNode } from './syntax.ts';

type TS = typeof ts;

export const Role = {
  OTHER: 0,
  TYPE: 1,
  FUNCTION: 2,
  CLASS: 3,
  IDENTIFIER: 4,
  BINARY: 5,
  /** `++x`, `x--`, `!x` … */
  UNARY: 6,
  PAUSE: 7,
  CALL: 8,
  BLOCK: 9,
  CLAUSE: 10,
  RETURN: 11,
  FOR_OF: 12,
} as const;

export interface NodeRoles {
  /** A `Role` for each kind. */
  readonly roles: Uint8Array;
  /** Kinds whose `name` is no use of a variable. */
  readonly named: Uint8Array;
  /** Statements but for blocks. */
  readonly statements: Uint8Array;
}

const tables = new WeakMap<TS, NodeRoles>();

export function nodeRoles(ts: TS): NodeRoles {
  let table = tables.get(ts);
  if (table === undefined) {
    table = createTable(ts);
    tables.set(ts, table);
  }
  return table;
}

function createTable(ts: TS): NodeRoles {
  const kinds = Object.values(ts.SyntaxKind).filter((kind): kind is ts.SyntaxKind => typeof kind === 'number');
  const size = Math.max(...kinds) + 1;
  const table = { roles: new Uint8Array(size), named: new Uint8Array(size), statements: new Uint8Array(size) };
  for (const kind of kinds) {
    // These questions look at the kind alone.
    const node = { kind } as ts.Node;
    table.roles[kind] = roleOf(ts, node);
    table.named[kind] = Number(
      ts.isPropertyAccessExpression(node) ||
        ts.isPropertyAssignment(node) ||
        ts.isMetaProperty(node) ||
        ts.isJsxAttribute(node) ||
        ts.isClassElement(node) ||
        ts.isBindingElement(node) ||
        ts.isVariableDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isEnumMember(node),
    );
    table.statements[kind] = Number(!ts.isBlock(node) && ts.isStatement(node));
  }
  return table;
}

function roleOf(ts: TS, node: ts.Node): number {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return Role.TYPE;
  if (isFunctionNode(ts, node)) return Role.FUNCTION;
  if (ts.isClassLike(node)) return Role.CLASS;
  if (ts.isIdentifier(node)) return Role.IDENTIFIER;
  if (ts.isBinaryExpression(node)) return Role.BINARY;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return Role.UNARY;
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return Role.PAUSE;
  if (ts.isCallExpression(node)) return Role.CALL;
  if (ts.isBlock(node) || ts.isModuleBlock(node)) return Role.BLOCK;
  if (ts.isCaseOrDefaultClause(node)) return Role.CLAUSE;
  if (ts.isReturnStatement(node)) return Role.RETURN;
  return ts.isForOfStatement(node) ? Role.FOR_OF : Role.OTHER;
}
