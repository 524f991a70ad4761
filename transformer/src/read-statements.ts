/**
 * Statements of the TypeScript AST to facts: lists, scopes of blocks, declarations, returns, jumps.
 * The other half of read.ts, which reads expressions and functions.
 */
import type { DeclaratorFacts, ListFacts, StatementFacts } from '@captureflow/core';
import type ts from 'typescript';
import type { Collector } from './collector.ts';
import type { Place } from '@captureflow/core';
import { hasModifier, isAnonymous, targetNames } from './syntax.ts';

type TS = typeof ts;

export interface StatementReader {
  readStatements(statements: readonly ts.Statement[], place: Place): readonly StatementFacts[];
  /** A function body, from its first statement after the directives. */
  readBody(block: ts.Block, prologueLength: number, place: Place): ListFacts;
}

export function createStatementReader(ts: TS, collector: Collector): StatementReader {
  const { start, visit, visitEach, addScope, addBindings } = collector;

  function readStatements(statements: readonly ts.Statement[], place: Place): readonly StatementFacts[] {
    return statements.flatMap((statement) => readStatement(statement, place) ?? []);
  }

  function readBody(block: ts.Block, prologueLength: number, place: Place): ListFacts {
    const scope = addScope('block', { start: start(block), end: block.end }, place);
    const inside = { ...place, scope, underAwait: block.statements.some(isAwaitUsing) };
    return {
      start: start(block),
      end: block.end,
      form: 'block',
      role: 'body',
      scope,
      entry: [],
      statements: readStatements(block.statements.slice(prologueLength), inside),
    };
  }

  function readList(statement: ts.Statement, role: ListFacts['role'], place: Place, entry: readonly number[] = []): ListFacts {
    if (!ts.isBlock(statement)) {
      return {
        start: start(statement),
        end: statement.end,
        form: 'single',
        role,
        scope: place.scope,
        entry,
        statements: readStatements([statement], place),
      };
    }
    const scope = addScope('block', { start: start(statement), end: statement.end }, place);
    const underAwait = place.underAwait || statement.statements.some(isAwaitUsing);
    return {
      start: start(statement),
      end: statement.end,
      form: 'block',
      role,
      scope,
      entry,
      statements: readStatements(statement.statements, { ...place, scope, underAwait }),
    };
  }

  function readStatement(outer: ts.Statement, place: Place): StatementFacts | undefined {
    const labels: string[] = [];
    let statement = outer;
    while (ts.isLabeledStatement(statement)) {
      labels.push(statement.label.text);
      statement = statement.statement;
    }
    const base = { start: start(outer), end: outer.end, labels, lists: [] as readonly ListFacts[] };
    if (ts.isExpressionStatement(statement)) {
      visit(statement.expression, place);
      return { ...base, kind: 'expression' };
    }
    if (ts.isVariableStatement(statement)) {
      if (hasModifier(ts, statement, ts.SyntaxKind.DeclareKeyword)) return undefined;
      return { ...base, ...readDeclarations(statement.declarationList, place, place.scope) };
    }
    if (ts.isFunctionDeclaration(statement)) return readFunctionDeclaration(statement, place, base);
    if (ts.isClassDeclaration(statement)) {
      visit(statement, place);
      return hasModifier(ts, statement, ts.SyntaxKind.DeclareKeyword) ? undefined : { ...base, kind: 'class' };
    }
    if (ts.isReturnStatement(statement)) return readReturn(statement, place, base);
    if (ts.isBreakStatement(statement) || ts.isContinueStatement(statement)) {
      const target = statement.label === undefined ? {} : { target: statement.label.text };
      return { ...base, kind: ts.isBreakStatement(statement) ? 'break' : 'continue', ...target };
    }
    if (ts.isBlock(statement)) return { ...base, kind: 'block', lists: [readList(statement, 'block', place)] };
    if (ts.isIfStatement(statement)) {
      visit(statement.expression, place);
      const lists = [readList(statement.thenStatement, 'branch', place)];
      if (statement.elseStatement !== undefined) lists.push(readList(statement.elseStatement, 'branch', place));
      return { ...base, kind: 'if', lists };
    }
    if (ts.isIterationStatement(statement, /* lookInLabeledStatements */ false)) return readLoop(statement, place, base);
    if (ts.isTryStatement(statement)) return readTry(statement, place, base);
    if (ts.isSwitchStatement(statement)) return readSwitch(statement, place, base);
    if (ts.isWithStatement(statement)) {
      visit(statement.expression, place);
      const scope = addScope('with', { start: start(statement.statement), end: statement.end }, place);
      return { ...base, kind: 'with', lists: [readList(statement.statement, 'with', { ...place, scope, underWith: true })] };
    }
    if (ts.isModuleDeclaration(statement)) return readNamespace(statement, place, base);
    if (isTypeOnly(statement)) return undefined;
    if (ts.isEnumDeclaration(statement)) addBindings(statement.name, 'other', place.scope);
    if (ts.isImportDeclaration(statement)) readImport(statement, place);
    else if (ts.isImportEqualsDeclaration(statement)) addBindings(statement.name, 'other', place.scope);
    else visitEach(statement, place);
    if (ts.isEmptyStatement(statement)) return { ...base, kind: 'empty' };
    return { ...base, kind: ts.isThrowStatement(statement) ? 'throw' : 'other' };
  }

  type Base = Pick<StatementFacts, 'start' | 'end' | 'labels' | 'lists'>;

  function readDeclarations(
    list: ts.VariableDeclarationList,
    place: Place,
    scope: number,
  ): Pick<StatementFacts, 'kind' | 'declarators' | 'disposes'> {
    const keyword = list.flags & ts.NodeFlags.BlockScoped;
    const kind = keyword === 0 ? 'var' : keyword === ts.NodeFlags.Let ? 'let' : keyword === ts.NodeFlags.Const ? 'const' : 'using';
    const awaits = keyword === ts.NodeFlags.AwaitUsing;
    const declarators = list.declarations.map((declaration): DeclaratorFacts => {
      const bindings = addBindings(
        declaration.name,
        kind,
        kind === 'var' ? place.varScope : scope,
        declaration.type?.getText(collector.sourceFile),
      );
      visit(declaration.name, place);
      visit(declaration.initializer, place);
      return { start: start(declaration), end: declaration.end, bindings, awaits };
    });
    return { kind: kind === 'var' ? 'var' : 'lexical', declarators, ...(kind === 'using' ? { disposes: true } : {}) };
  }

  function readFunctionDeclaration(node: ts.FunctionDeclaration, place: Place, base: Base): StatementFacts | undefined {
    if (node.body === undefined || hasModifier(ts, node, ts.SyntaxKind.DeclareKeyword)) return undefined;
    // A declaration at the top of a body is a variable of the function; in a block it is the block's (H21, H22).
    const isTop = ts.isBlock(node.parent) && ts.isFunctionLike(node.parent.parent);
    const [binding] = node.name === undefined ? [] : addBindings(node.name, 'function', isTop ? place.varScope : place.scope);
    visit(node, place);
    return { ...base, kind: 'function', ...(binding === undefined ? {} : { binding }) };
  }

  function readReturn(node: ts.ReturnStatement, place: Place, base: Base): StatementFacts {
    collector.functions[place.fn]?.returns.push({
      start: base.start,
      end: base.end,
      hasArgument: node.expression !== undefined,
      anonymous: node.expression !== undefined && isAnonymous(ts, node.expression),
      scope: place.scope,
      underFinally: place.underFinally,
      underAwait: place.underAwait,
      underWith: place.underWith,
    });
    visit(node.expression, place);
    return { ...base, kind: 'return' };
  }

  function readLoop(node: ts.IterationStatement, outer: Place, base: Base): StatementFacts {
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
      if (ts.isWhileStatement(node)) visit(node.expression, outer);
      const lists = [readList(node.statement, 'loop', outer)];
      if (ts.isDoStatement(node)) visit(node.expression, outer);
      return { ...base, kind: 'loop', loop: ts.isDoStatement(node) ? 'do' : 'while', headCanThrow: !isSimple(ts, node.expression), lists };
    }
    const head = node as ts.ForStatement | ts.ForInOrOfStatement;
    const scope = addScope('loop', { start: start(head), end: head.end }, outer);
    const place = { ...outer, scope };
    let entry: readonly number[] = [];
    let disposal: Pick<StatementFacts, 'declarators' | 'disposes'> = {};
    const { initializer } = head;
    if (initializer !== undefined && ts.isVariableDeclarationList(initializer)) {
      const { kind, declarators, disposes } = readDeclarations(initializer, place, scope);
      if (kind === 'lexical') entry = (declarators ?? []).flatMap((declarator) => declarator.bindings);
      if (disposes === true) disposal = { declarators: declarators ?? [], disposes };
    } else if (initializer !== undefined) {
      visit(initializer, place);
      const names = ts.isForStatement(head) ? [] : targetNames(ts, initializer);
      if (names.length > 0)
        collector.addWrite({ scope, names, kind: 'head', start: start(head.statement), end: head.end, discarded: true });
    }
    if (ts.isForStatement(head)) {
      visit(head.condition, place);
      visit(head.incrementor, place);
      const headCanThrow = [head.condition, head.incrementor].some((part) => part !== undefined && !isSimple(ts, part));
      return { ...base, kind: 'loop', loop: 'for', headCanThrow, ...disposal, lists: [readList(head.statement, 'loop', place, entry)] };
    }
    visit(head.expression, place);
    const awaits = ts.isForOfStatement(head) && head.awaitModifier !== undefined;
    const loop = ts.isForInStatement(head) ? 'for-in' : awaits ? 'for-await' : 'for-of';
    const inside = {
      ...place,
      underAwait: place.underAwait || awaits || disposal.declarators?.some((declarator) => declarator.awaits) === true,
    };
    return { ...base, kind: 'loop', loop, headCanThrow: true, ...disposal, lists: [readList(head.statement, 'loop', inside, entry)] };
  }

  function readTry(node: ts.TryStatement, place: Place, base: Base): StatementFacts {
    const guarded = { ...place, underFinally: place.underFinally || node.finallyBlock !== undefined };
    const lists = [readList(node.tryBlock, 'try', guarded)];
    if (node.catchClause !== undefined) {
      const { variableDeclaration, block } = node.catchClause;
      const scope = addScope('catch', { start: start(node.catchClause), end: node.catchClause.end }, place);
      const inside = { ...guarded, scope };
      const entry = variableDeclaration === undefined ? [] : addBindings(variableDeclaration.name, 'catch', scope);
      visit(variableDeclaration?.name, inside);
      lists.push(readList(block, 'catch', inside, entry));
    }
    if (node.finallyBlock !== undefined) lists.push(readList(node.finallyBlock, 'finally', place));
    return { ...base, kind: 'try', lists };
  }

  function readSwitch(node: ts.SwitchStatement, place: Place, base: Base): StatementFacts {
    visit(node.expression, place);
    const scope = addScope('switch', { start: start(node.caseBlock), end: node.caseBlock.end }, place);
    const inside = { ...place, scope };
    const lists = node.caseBlock.clauses.map((clause): ListFacts => {
      if (ts.isCaseClause(clause)) visit(clause.expression, inside);
      return {
        start: start(clause),
        end: clause.end,
        form: 'clause',
        role: 'case',
        scope,
        entry: [],
        statements: readStatements(clause.statements, inside),
      };
    });
    return { ...base, kind: 'switch', lists };
  }

  function readNamespace(node: ts.ModuleDeclaration, place: Place, base: Base): StatementFacts | undefined {
    if (hasModifier(ts, node, ts.SyntaxKind.DeclareKeyword) || node.body === undefined || !ts.isIdentifier(node.name)) return undefined;
    addBindings(node.name, 'other', place.scope);
    const scope = addScope('namespace', { start: start(node), end: node.end }, place);
    const inside = { ...place, scope, varScope: scope };
    if (ts.isModuleBlock(node.body)) readStatements(node.body.statements, inside);
    else readStatement(node.body as ts.NamespaceDeclaration, inside);
    return { ...base, kind: 'other' };
  }

  function readImport(node: ts.ImportDeclaration, place: Place): void {
    const clause = node.importClause;
    if (clause?.name !== undefined) addBindings(clause.name, 'other', place.scope);
    const named = clause?.namedBindings;
    if (named !== undefined && ts.isNamespaceImport(named)) addBindings(named.name, 'other', place.scope);
    else for (const element of named?.elements ?? []) addBindings(element.name, 'other', place.scope);
  }

  function isTypeOnly(statement: ts.Statement): boolean {
    return (
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      hasModifier(ts, statement, ts.SyntaxKind.DeclareKeyword)
    );
  }

  function isAwaitUsing(statement: ts.Statement): boolean {
    return ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing;
  }

  return { readStatements, readBody };
}

/** Only identifiers, literals and operators: what cannot call anything. */
function isSimple(ts: TS, node: ts.Node): boolean {
  if (
    ts.isIdentifier(node) ||
    ts.isLiteralExpression(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  )
    return true;
  if (ts.isParenthesizedExpression(node)) return isSimple(ts, node.expression);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return isSimple(ts, node.operand);
  return ts.isBinaryExpression(node) && isSimple(ts, node.left) && isSimple(ts, node.right);
}
