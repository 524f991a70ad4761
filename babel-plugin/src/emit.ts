/**
 * Plan to Babel AST, in place: puts code k at place k. No opinion: no `if` on names, options or kinds of functions; every edit must
 * find its place or the build fails with PLAN_DESYNC. The user's nodes stay the objects they were, with their positions and
 * comments; what is added has no position.
 */
import {
  CaptureFlowError,
  type Code,
  createEditIndex,
  createLineIndex,
  type FunctionPlan,
  type Plan,
  type WrapTarget,
} from '@captureflow/core';
import type { types } from '@babel/core';
import type { Babel } from './babel.ts';
import { createCodeToAst } from './code-to-ast.ts';
import { literalToAst } from './literal-to-ast.ts';
import { bodyStart, conciseBody, type FunctionNode, isFunctionNode, startOf } from './syntax.ts';

type Node = types.Node;
type Statement = types.Statement;
type Expression = types.Expression;

export interface EmitInput {
  readonly program: types.Program;
  readonly source: string;
  readonly fileName: string;
}

/** Changes `program`. Scopes must be crawled afterwards. */
export function emit(babel: Babel, input: EmitInput, plan: Plan): void {
  if (plan.functions.length === 0) return;
  const { program, source, fileName } = input;
  const { types: t } = babel;
  const toAst = createCodeToAst(babel);
  const edits = createEditIndex(plan);
  const build = toAst.statements;

  program.body = [...(emitHeader(plan.header) as types.Program['body']), ...visitList(program.body)];
  const missed = edits.firstUnused();
  if (missed !== undefined) throw desync(missed.what, missed.offset);

  function emitHeader([access = '', metadata, rest = '']: Code): Statement[] {
    return build([access, { hole: 'expression' }, rest], literalToAst(metadata as string));
  }

  /** `label`: start of the outermost label that stands before `node`, which is where the plan places it. */
  function visit<T extends Node>(node: T, label?: number): T {
    return change(node, label) as T;
  }

  function change(node: Node, label: number | undefined): Node {
    // Most of a file is left alone.
    if (!edits.reaches(label ?? startOf(node), node.end as number)) return node;
    if (isFunctionNode(node)) return visitFunction(node);
    switch (node.type) {
      case 'BlockStatement':
      case 'TSModuleBlock':
        node.body = visitBlock(startOf(node), node.body);
        return node;
      case 'SwitchCase':
        if (isThere(node.test)) node.test = visit(node.test);
        node.consequent = visitBlock(startOf(node), node.consequent);
        return node;
      case 'LabeledStatement':
        node.body = visit(node.body, label ?? startOf(node));
        return node;
      case 'ReturnStatement':
        if (isThere(node.argument)) node.argument = wrap('return', label ?? startOf(node), visit(node.argument));
        return node;
      case 'AwaitExpression':
      case 'YieldExpression':
        return visitPause(node);
      case 'ForOfStatement':
        visitChildren(node);
        node.right = wrap('iterated', label ?? startOf(node), node.right);
        return node;
      case 'AssignmentExpression':
      case 'UpdateExpression':
        visitChildren(node);
        return wrap('write', startOf(node), node);
      default:
        visitChildren(node);
        return node;
    }
  }

  function visitChildren(node: Node): void {
    const fields = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>;
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = fields[key];
      if (Array.isArray(child)) fields[key] = child.map((item) => (item === null ? null : visit(item)));
      else if (isThere(child)) fields[key] = visitEmbedded(child);
    }
  }

  /** A child of a statement: where it is a single statement with insertions around it, it becomes a block (H34). */
  function visitEmbedded(node: Node): Node {
    const at = startOf(node);
    if (!t.isStatement(node) || t.isBlockStatement(node) || !edits.touches(at)) return visit(node);
    return t.blockStatement([...build(edits.take('head', at)), ...visitStatement(node), ...build(edits.take('tail', at))]);
  }

  function visitBlock(at: number, list: readonly Statement[]): Statement[] {
    const head = build(edits.take('head', at));
    return [...head, ...visitList(list), ...build(edits.take('tail', at))];
  }

  function visitList<T extends Statement>(list: readonly T[]): T[] {
    return list.flatMap((statement) => visitStatement(statement) as T[]);
  }

  function visitStatement(node: Statement): Statement[] {
    const at = startOf(node);
    const before = build(edits.take('before', at));
    const after = edits.take('after', at);
    return [...before, ...(t.isVariableDeclaration(node) ? visitVariables(node) : [visit(node)]), ...build(after)];
  }

  /** `const a = 1, b = 2` is split where code must run between two declarators. */
  function visitVariables(node: types.VariableDeclaration): Statement[] {
    const pieces: { declarators: types.VariableDeclarator[]; code: Code }[] = [{ declarators: [], code: [] }];
    for (const declarator of node.declarations) {
      const piece = pieces.at(-1) as { declarators: types.VariableDeclarator[]; code: Code };
      const code = edits.take('split', startOf(declarator));
      piece.declarators.push(visit(declarator));
      if (code.length === 0) continue;
      piece.code = code;
      pieces.push({ declarators: [], code: [] });
    }
    if (pieces.length === 1) return [node];
    const { leadingComments, trailingComments, ...bare } = node;
    const last = pieces.length - 1;
    return pieces.flatMap(({ declarators, code }, k) => {
      const [first, final] = [declarators[0], declarators.at(-1)] as [types.VariableDeclarator, types.VariableDeclarator];
      const statement: types.VariableDeclaration = {
        ...bare,
        declarations: declarators,
        start: first.start ?? null,
        end: final.end ?? null,
      };
      if (isThere(first.loc) && isThere(final.loc)) statement.loc = { ...first.loc, end: final.loc.end };
      if (k === 0 && isThere(leadingComments)) statement.leadingComments = leadingComments;
      if (k === last && isThere(trailingComments)) statement.trailingComments = trailingComments;
      return [statement, ...build(code)];
    });
  }

  function visitPause(node: types.AwaitExpression | types.YieldExpression): Node {
    const at = startOf(node);
    const operand = isThere(node.argument) ? visit(node.argument) : undefined;
    const wrapped = wrap('operand', at, operand);
    if (wrapped !== undefined) node.argument = wrapped;
    return wrap('pause', at, node);
  }

  function visitFunction(node: FunctionNode): Node {
    const at = bodyStart(node, source);
    const planned = edits.takeFunction(at);
    if (planned === undefined) {
      visitChildren(node);
      return node;
    }
    const fields = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>;
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      if (key === 'body') continue;
      const child = fields[key];
      if (Array.isArray(child)) fields[key] = child.map((item) => (item === null ? null : visit(item)));
      else if (isThere(child)) fields[key] = visit(child);
    }
    emitBody(node, at, planned);
    return node;
  }

  function emitBody(node: FunctionNode, at: number, planned: FunctionPlan): void {
    const guarded = Array.isArray(node.body)
      ? emitStatements(node.body, at)
      : t.isBlockStatement(node.body)
        ? emitStatements(node.body.body, at)
        : [emitConcise(conciseBody(node))];
    const guard = t.tryStatement(
      t.blockStatement([...guarded, ...build(planned.epilogue)]),
      t.catchClause(t.identifier(planned.error), t.blockStatement(build(planned.handler))),
      planned.finalizer === undefined ? null : t.blockStatement(build(planned.finalizer)),
    );
    const statements = [...build(planned.prologue), guard];
    if (Array.isArray(node.body)) node.body = statements;
    else if (t.isBlockStatement(node.body)) node.body.body = statements;
    else {
      // It stands where the expression stood; what measures functions asks it.
      node.body = placeAt(t.blockStatement(statements), node.body);
      if (node.type === 'ArrowFunctionExpression') node.expression = false;
    }
  }

  function emitStatements(list: readonly Statement[], at: number): Statement[] {
    const hoisted: Statement[] = [];
    const rest = list.flatMap((statement) => {
      if (!t.isFunctionDeclaration(statement) || !edits.takeHoist(startOf(statement))) return visitStatement(statement);
      hoisted.push(emitHoisted(statement));
      return [];
    });
    return [...hoisted, ...build(edits.take('head', at)), ...rest, ...build(edits.take('tail', at))];
  }

  function emitConcise(expression: Expression): Statement {
    const at = startOf(expression);
    return placeAt(t.returnStatement(wrap('return', at, visit(expression))), expression);
  }

  /**
   * @example
   * ```js
   * function g() {}      // before
   * var g = function () {};  // after, at the top of the try
   * ```
   */
  function emitHoisted(node: types.FunctionDeclaration): Statement {
    const {
      type: _,
      id,
      leadingComments,
      trailingComments,
      innerComments: __,
      ...parts
    } = visitFunction(node) as types.FunctionDeclaration;
    const value = { ...parts, type: 'FunctionExpression', id: null } as types.FunctionExpression;
    const statement = t.variableDeclaration('var', [t.variableDeclarator(id as types.Identifier, value)]);
    if (isThere(leadingComments)) statement.leadingComments = leadingComments;
    if (isThere(trailingComments)) statement.trailingComments = trailingComments;
    return statement;
  }

  function wrap<T extends Expression | undefined>(of: WrapTarget, at: number, expression: T): T | Expression {
    const code = edits.takeWrap(of, at);
    if (code === undefined) return expression;
    const wrapped = toAst.expression(code, expression);
    // Istanbul counts an initialiser where the declarator has one with a place.
    return expression === undefined ? wrapped : placeAt(wrapped, expression);
  }

  function desync(what: string, offset: number): CaptureFlowError {
    return new CaptureFlowError('PLAN_DESYNC', { what }, { file: fileName, ...createLineIndex(source).at(offset) });
  }
}

function placeAt<T extends Node>(node: T, { start, end, loc }: Node): T {
  return Object.assign(node, { start, end, loc });
}

/** Babel says "none" as null or undefined. */
function isThere<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
