/**
 * Children of a node that exist at run time, in source order, for both dialects. Types are not among them. A table for the common
 * nodes (reading keys of an object costs more than everything else the reader does), the node's own fields for the others.
 */
import type { Node } from './node.ts';

const NONE: readonly string[] = [];
const EXPRESSION: readonly string[] = ['expression'];
const ARGUMENT: readonly string[] = ['argument'];
const SIDES: readonly string[] = ['left', 'right'];

/** Fields with child nodes, by type of node. Names that are no variables (`a.name`, labels, keys) are left to `childKeys`' caller. */
const KEYS = new Map<string, readonly string[]>([
  ['ArrayExpression', ['elements']],
  ['ArrayPattern', ['elements']],
  ['AssignmentExpression', SIDES],
  ['AssignmentPattern', SIDES],
  ['AwaitExpression', ARGUMENT],
  ['BigIntLiteral', NONE],
  ['BinaryExpression', SIDES],
  ['BooleanLiteral', NONE],
  ['BreakStatement', NONE],
  ['CallExpression', ['callee', 'arguments']],
  ['ChainExpression', EXPRESSION],
  ['ConditionalExpression', ['test', 'consequent', 'alternate']],
  ['ContinueStatement', NONE],
  ['DebuggerStatement', NONE],
  ['Decorator', EXPRESSION],
  ['Directive', NONE],
  ['EmptyStatement', NONE],
  ['ExpressionStatement', EXPRESSION],
  ['Import', NONE],
  ['ImportExpression', ['source', 'options', 'attributes']],
  ['JSXClosingElement', NONE],
  ['JSXClosingFragment', NONE],
  ['JSXElement', ['openingElement', 'children']],
  ['JSXEmptyExpression', NONE],
  ['JSXExpressionContainer', EXPRESSION],
  ['JSXFragment', ['children']],
  ['JSXNamespacedName', ['namespace', 'name']],
  ['JSXOpeningElement', ['name', 'attributes']],
  ['JSXOpeningFragment', NONE],
  ['JSXSpreadAttribute', ARGUMENT],
  ['JSXSpreadChild', EXPRESSION],
  ['JSXText', NONE],
  ['Literal', NONE],
  ['LogicalExpression', SIDES],
  ['MetaProperty', NONE],
  ['NewExpression', ['callee', 'arguments']],
  ['NullLiteral', NONE],
  ['NumericLiteral', NONE],
  ['ObjectExpression', ['properties']],
  ['ObjectPattern', ['properties']],
  ['OptionalCallExpression', ['callee', 'arguments']],
  ['ParenthesizedExpression', EXPRESSION],
  ['PrivateIdentifier', NONE],
  ['PrivateName', NONE],
  ['RegExpLiteral', NONE],
  ['RestElement', ARGUMENT],
  ['SequenceExpression', ['expressions']],
  ['SpreadElement', ARGUMENT],
  ['StringLiteral', NONE],
  ['Super', NONE],
  ['TSAsExpression', EXPRESSION],
  ['TSExportAssignment', EXPRESSION],
  ['TSIndexSignature', NONE],
  ['TSInstantiationExpression', EXPRESSION],
  ['TSNonNullExpression', EXPRESSION],
  ['TSSatisfiesExpression', EXPRESSION],
  ['TSTypeAssertion', EXPRESSION],
  ['TaggedTemplateExpression', ['tag', 'quasi']],
  ['TemplateElement', NONE],
  ['TemplateLiteral', ['expressions']],
  ['ThisExpression', NONE],
  ['ThrowStatement', ARGUMENT],
  ['TypeCastExpression', EXPRESSION],
  ['UnaryExpression', ARGUMENT],
  ['UpdateExpression', ARGUMENT],
  ['YieldExpression', ARGUMENT],
]);

/** Fields that hold types, comments or positions. */
const NOT_CODE =
  /^(?:type|start|end|loc|range|extra|parent|.*[cC]omments|typeAnnotation|returnType|.*[tT]ypeParameters|.*[tT]ypeArguments|implements|predicate|variance)$/;

/** Names of the fields of `node` that may hold child nodes or lists of them. */
export function childKeys(node: Node): readonly string[] {
  return KEYS.get(node.type) ?? Object.keys(node).filter((key) => !NOT_CODE.test(key));
}
