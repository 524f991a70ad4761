/**
 * Plan to TypeScript AST: puts code k at place k. No opinion: no `if` on names, options or kinds of functions; every edit must
 * find its place or the build fails with PLAN_DESYNC. Updates nodes (never re-creates classes, members or parameters), so that the
 * transformations after us still see their original nodes (H52, H59, H99).
 */
import { type Code, createEditIndex, type FunctionPlan, type Plan, type WrapTarget } from '@captureflow/core';
import type ts from 'typescript';
import { createCodeToAst, type HoleFillers } from './code-to-ast.ts';
import { desync } from './desync.ts';
import { formatLiteral } from './format-literal.ts';
import { createNaming } from './naming.ts';
import { nodeRoles, Role } from './node-roles.ts';
import { countPrologue, type FunctionNode, peelParentheses } from './syntax.ts';

type TS = typeof ts;

export function emit(ts: TS, sourceFile: ts.SourceFile, plan: Plan, context: ts.TransformationContext): ts.SourceFile {
  if (plan.functions.length === 0) return sourceFile;
  const { factory } = context;
  const toAst = createCodeToAst(ts, factory);
  const start = (node: ts.Node): number => node.getStart(sourceFile);
  const edits = createEditIndex(plan);
  const { roles, statements: isStatement } = nodeRoles(ts);
  const naming = createNaming(ts, sourceFile, plan, context);

  const statements = visitStatements(sourceFile.statements.slice(countPrologue(ts, sourceFile.statements)));
  const prologue = sourceFile.statements.slice(0, countPrologue(ts, sourceFile.statements));
  const all = ts.setTextRange(factory.createNodeArray([...prologue, ...buildHeader(), ...statements]), sourceFile.statements);
  const result = factory.updateSourceFile(sourceFile, all);
  const missed = edits.firstUnused();
  if (missed !== undefined) throw desync(sourceFile, missed.what, missed.offset);
  return result;

  function visit(node: ts.Node): ts.Node {
    // Most of a file is left alone, and a sum of thousands of terms is deeper than the stack.
    // What stands behind a label is placed by the label's start.
    const from = node.parent !== undefined && ts.isLabeledStatement(node.parent) ? labelledStart(node) : node.pos;
    if (!edits.reaches(from, node.end)) return node;
    switch (roles[node.kind]) {
      case Role.FUNCTION:
        return visitFunction(node as FunctionNode);
      case Role.BLOCK:
        return visitBlock(node as ts.Block | ts.ModuleBlock);
      case Role.CLAUSE:
        return visitClause(node as ts.CaseOrDefaultClause);
      case Role.RETURN:
        return visitReturn(node as ts.ReturnStatement);
      case Role.PAUSE:
        return visitPause(node as ts.AwaitExpression | ts.YieldExpression);
      case Role.FOR_OF:
        return visitForOf(node as ts.ForOfStatement);
      case Role.BINARY:
      case Role.UNARY:
        return wrap('write', start(node), ts.visitEachChild(node, visit, context));
    }
    return ts.visitEachChild(node, visitEmbedded, context);
  }

  /** A child of a statement: where it is a single statement with insertions around it, it becomes a block (H34). */
  function visitEmbedded(node: ts.Node): ts.Node {
    if (isStatement[node.kind] === 0) return visit(node);
    const at = start(node);
    if (!edits.touches(at)) return visit(node);
    return cover(
      factory.createBlock(
        [...build(edits.take('head', at)), ...visitStatement(node as ts.Statement), ...build(edits.take('tail', at))],
        true,
      ),
      node,
    );
  }

  function visitStatements(list: readonly ts.Statement[]): ts.Statement[] {
    return list.flatMap(visitStatement);
  }

  function visitStatement(node: ts.Statement): ts.Statement[] {
    const at = start(node);
    const before = build(edits.take('before', at));
    const after = edits.take('after', at);
    return [...before, ...(ts.isVariableStatement(node) ? visitVariables(node) : [visit(node) as ts.Statement]), ...build(after)];
  }

  /** `const a = 1, b = 2` is split where code must run between two declarators. */
  function visitVariables(node: ts.VariableStatement): ts.Statement[] {
    const pieces: { declarations: ts.VariableDeclaration[]; code: Code }[] = [{ declarations: [], code: [] }];
    for (const declaration of node.declarationList.declarations) {
      const code = edits.take('split', start(declaration));
      (pieces.at(-1) as { declarations: ts.VariableDeclaration[] }).declarations.push(visit(declaration) as ts.VariableDeclaration);
      if (code.length > 0) {
        (pieces.at(-1) as { code: Code }).code = code;
        pieces.push({ declarations: [], code: [] });
      }
    }
    return pieces.flatMap(({ declarations: group, code }, k): ts.Statement[] => {
      const list = factory.updateVariableDeclarationList(node.declarationList, group);
      if (pieces.length === 1) return [factory.updateVariableStatement(node, node.modifiers, list)];
      const range = { pos: group[0]?.pos ?? -1, end: group.at(-1)?.end ?? -1 };
      const statement = cover(
        factory.createVariableStatement(
          node.modifiers,
          cover(factory.createVariableDeclarationList(group, node.declarationList.flags), range),
        ),
        range,
      );
      ts.setOriginalNode(ts.setSourceMapRange(statement, group[0] as ts.Node), node);
      if (k === 0) ts.setCommentRange(statement, node);
      return [statement, ...build(code)];
    });
  }

  function visitBlock<T extends ts.Block | ts.ModuleBlock>(node: T): T {
    const at = start(node);
    const inside = [...build(edits.take('head', at)), ...visitStatements(node.statements), ...build(edits.take('tail', at))];
    const array = ts.setTextRange(factory.createNodeArray(inside), node.statements);
    return (ts.isBlock(node) ? factory.updateBlock(node, array) : factory.updateModuleBlock(node as ts.ModuleBlock, array)) as T;
  }

  function visitClause(node: ts.CaseOrDefaultClause): ts.Node {
    const at = start(node);
    const inside = [...build(edits.take('head', at)), ...visitStatements(node.statements), ...build(edits.take('tail', at))];
    return ts.isCaseClause(node)
      ? factory.updateCaseClause(node, visit(node.expression) as ts.Expression, inside)
      : factory.updateDefaultClause(node, inside);
  }

  function visitReturn(node: ts.ReturnStatement): ts.Node {
    if (node.expression === undefined) return node;
    const at = labelledStart(node);
    if (!edits.has('return', at)) return ts.visitEachChild(node, visit, context);
    // Created, not updated: an updated node would print the comments between `return` and its argument twice (H107).
    const expression = keepComments(visit(node.expression) as ts.Expression, node.expression.pos);
    const statement = cover(factory.createReturnStatement(wrap('return', at, expression)), node);
    ts.setSourceMapRange(statement, node);
    return ts.setCommentRange(statement, node);
  }

  /** Comments behind `return` belong to the keyword; `@__PURE__` must stay with the call (H136). */
  function keepComments(expression: ts.Expression, offset: number): ts.Expression {
    for (const { kind, pos, end } of ts.getTrailingCommentRanges(sourceFile.text, offset) ?? []) {
      if (kind === ts.SyntaxKind.MultiLineCommentTrivia)
        ts.addSyntheticLeadingComment(expression, kind, sourceFile.text.slice(pos + 2, end - 2));
    }
    return expression;
  }

  function visitPause(node: ts.AwaitExpression | ts.YieldExpression): ts.Node {
    const at = start(node);
    if (!edits.has('pause', at)) return ts.visitEachChild(node, visit, context);
    const operand = node.expression === undefined ? undefined : (visit(node.expression) as ts.Expression);
    const wrapped = wrap('operand', at, operand) as ts.Expression;
    // Created, not updated, for the same reason as a return: comments between the keyword and its operand stay with the operand.
    const pause = ts.isAwaitExpression(node)
      ? factory.createAwaitExpression(wrapped)
      : createYield(node.asteriskToken !== undefined, wrapped);
    return ts.setCommentRange(wrap('pause', at, ts.setSourceMapRange(cover(pause, node), node)), node);
  }

  function createYield(delegates: boolean, operand: ts.Expression): ts.YieldExpression {
    return delegates
      ? factory.createYieldExpression(factory.createToken(ts.SyntaxKind.AsteriskToken), operand)
      : factory.createYieldExpression(undefined, operand);
  }

  function visitForOf(node: ts.ForOfStatement): ts.Node {
    const at = labelledStart(node);
    if (!edits.has('iterated', at)) return ts.visitEachChild(node, visitEmbedded, context);
    const iterated = wrap('iterated', at, visit(node.expression) as ts.Expression);
    const body = visitEmbedded(node.statement) as ts.Statement;
    return factory.updateForOfStatement(node, node.awaitModifier, visit(node.initializer) as ts.ForInitializer, iterated, body);
  }

  function visitFunction(node: FunctionNode): ts.Node {
    const { body } = node;
    const key = body === undefined ? undefined : ts.isBlock(body) ? body : peelParentheses(ts, body);
    const planned = key === undefined ? undefined : edits.takeFunction(start(key));
    if (body === undefined || key === undefined || planned === undefined) return ts.visitEachChild(node, visit, context);
    return ts.visitEachChild(node, (child) => (child === body ? emitBody(body, key, planned) : visit(child)), context);
  }

  function emitBody(body: ts.ConciseBody, key: ts.Node, planned: FunctionPlan): ts.Block {
    const opening = { pos: start(key), end: start(key) + 1 };
    const inject = (code: Code, fillers?: HoleFillers): ts.Statement[] =>
      build(code, fillers).map((statement) => ts.setSourceMapRange(statement, opening));
    const directives = ts.isBlock(body) ? body.statements.slice(0, countPrologue(ts, body.statements)) : [];
    const guarded = ts.isBlock(body) ? emitStatements(body, directives.length) : [emitConcise(key as ts.Expression, key !== body)];
    const error = naming.error(planned.error);
    const handler = factory.createCatchClause(
      factory.createVariableDeclaration(error.name),
      factory.createBlock(inject(planned.handler, error.fillers)),
    );
    const finalizer = planned.finalizer === undefined ? undefined : factory.createBlock(inject(planned.finalizer));
    const range = ts.isBlock(body) ? body.statements : body;
    const guard = cover(
      factory.createTryStatement(cover(factory.createBlock([...guarded, ...inject(planned.epilogue)], true), range), handler, finalizer),
      range,
    );
    const statements = [...directives, ...inject(planned.prologue), guard];
    if (!ts.isBlock(body)) return ts.setTextRange(factory.createBlock(statements, true), body);
    return factory.updateBlock(body, ts.setTextRange(factory.createNodeArray(statements), body.statements));
  }

  function emitStatements(body: ts.Block, directives: number): ts.Statement[] {
    const at = start(body);
    const hoisted: ts.Statement[] = [];
    const rest = body.statements.slice(directives).flatMap((statement) => {
      if (!ts.isFunctionDeclaration(statement) || !edits.takeHoist(start(statement))) return visitStatement(statement);
      hoisted.push(emitHoisted(statement));
      return [];
    });
    return [...hoisted, ...build(edits.take('head', at)), ...rest, ...build(edits.take('tail', at))];
  }

  function emitConcise(expression: ts.Expression, isParenthesized: boolean): ts.Statement {
    const visited = visit(expression) as ts.Expression;
    // Comments behind the arrow are printed with the arrow.
    if (isParenthesized) keepComments(visited, expression.pos);
    const statement = cover(factory.createReturnStatement(wrap('return', start(expression), visited)), expression);
    return ts.setSourceMapRange(statement, expression);
  }

  /**
   * @example
   * ```js
   * function g() {}      // before
   * var g = function () {};  // after, at the top of the try
   * ```
   */
  function emitHoisted(node: ts.FunctionDeclaration): ts.Statement {
    const visited = visitFunction(node) as ts.FunctionDeclaration;
    const value = factory.createFunctionExpression(
      visited.modifiers?.filter(ts.isModifier),
      visited.asteriskToken,
      undefined,
      undefined,
      visited.parameters,
      undefined,
      visited.body as ts.Block,
    );
    ts.setOriginalNode(ts.setTextRange(value, node), node);
    const name = node.name as ts.Identifier;
    const variable = ts.setSourceMapRange(ts.setOriginalNode(factory.createIdentifier(name.text), name), name);
    const declaration = factory.createVariableDeclaration(variable, undefined, undefined, value);
    return ts.setSourceMapRange(factory.createVariableStatement(undefined, [declaration]), node);
  }

  function wrap<T extends ts.Expression | ts.Node | undefined>(of: WrapTarget, at: number, expression: T): ts.Expression {
    const code = edits.takeWrap(of, at);
    if (code === undefined) return expression as ts.Expression;
    const wrapped = toAst.expression(code, naming.fillers, expression as ts.Expression | undefined);
    if (expression === undefined) return wrapped;
    coverPath(wrapped, expression as ts.Expression);
    return wrapped;
  }

  /**
   * TypeScript finds `import('./x.ts')` by its offset when it rewrites the extension, from the file downwards: what stands around
   * the user's code must have its range. Comments and mappings stay those of the user's own nodes.
   */
  function cover<T extends ts.Node>(node: T, { pos, end }: ts.TextRange): T {
    ts.setCommentRange(node, NOWHERE);
    ts.setSourceMapRange(node, NOWHERE);
    return ts.setTextRange(node, { pos, end });
  }

  function coverPath(node: ts.Node, inner: ts.Expression): boolean {
    if (node === inner) return true;
    const holds = ts.forEachChild(node, (child) => coverPath(child, inner) || undefined) === true;
    if (holds) cover(node, inner);
    return holds;
  }

  function build(code: Code, fillers: HoleFillers = naming.fillers): ts.Statement[] {
    return code.length === 0 ? [] : toAst.statements(code, fillers);
  }

  function buildHeader(): ts.Statement[] {
    const [before = '', data = '', after = ''] = plan.header as readonly string[];
    const literal = factory.createIdentifier(formatLiteral(ts, factory, data));
    return toAst.statements([before, { hole: 'expression' }, after], naming.fillers, literal);
  }

  function labelledStart(node: ts.Node): number {
    let at = node;
    while (at.parent !== undefined && ts.isLabeledStatement(at.parent)) at = at.parent;
    return start(at);
  }
}

const NOWHERE: ts.TextRange = { pos: -1, end: -1 };
