/**
 * Statements to facts: lists, scopes of blocks, declarations, returns, jumps. Expressions and functions are read elsewhere.
 */
import type { DeclaratorFacts, ListFacts, StatementFacts } from '../facts.ts';
import type { Collector } from './collector.ts';
import type { Place } from '../open-facts.ts';
import type { Syntax } from './node.ts';
import { readModuleStatement } from './read-modules.ts';
import { countPrologue, isAnonymous, literalText, statementsOf, targetNames } from './syntax.ts';
import { findBrace } from './trivia.ts';

export interface StatementReader {
  readStatements(statements: readonly Syntax[], place: Place): readonly StatementFacts[];
  /** A function body, from its first statement after the directives. `start`: its brace. */
  readBody(block: Syntax, start: number, place: Place): ListFacts;
}

type Base = Pick<StatementFacts, 'start' | 'end' | 'labels' | 'lists'>;

const NO_LISTS: readonly ListFacts[] = [];

export function createStatementReader(collector: Collector): StatementReader {
  const { source, ancestors, functions, addScope, addBindings, visit, visitPattern } = collector;

  function readStatements(statements: readonly Syntax[], place: Place, isTop = false): readonly StatementFacts[] {
    const facts: StatementFacts[] = [];
    for (const statement of statements) {
      const read = readStatement(statement, place, isTop);
      if (read !== undefined) facts.push(read);
    }
    return facts;
  }

  function readBody(block: Syntax, start: number, place: Place): ListFacts {
    const scope = addScope('block', start, block.end, place);
    const statements = statementsOf(block);
    const isStaticBlock = block.type === 'StaticBlock';
    const inside = { ...place, scope, underAwait: statements.some(isAwaitUsing) };
    return {
      start,
      end: block.end,
      form: 'block',
      role: 'body',
      scope,
      entry: [],
      statements: readStatements(isStaticBlock ? statements : statements.slice(countPrologue(statements)), inside, !isStaticBlock),
    };
  }

  function readList(statement: Syntax, role: ListFacts['role'], place: Place, entry: readonly number[] = []): ListFacts {
    const { start, end } = statement;
    if (statement.type !== 'BlockStatement')
      return { start, end, form: 'single', role, scope: place.scope, entry, statements: readStatements([statement], place) };
    const scope = addScope('block', start, end, place);
    const statements = statementsOf(statement);
    const underAwait = place.underAwait || statements.some(isAwaitUsing);
    return { start, end, form: 'block', role, scope, entry, statements: readStatements(statements, { ...place, scope, underAwait }) };
  }

  function readStatement(outer: Syntax, place: Place, isTop: boolean): StatementFacts | undefined {
    const labels: string[] = [];
    let statement = outer;
    while (statement.type === 'LabeledStatement') {
      labels.push(statement.label?.name as string);
      statement = statement.body as Syntax;
    }
    const base: Base = { start: startOf(outer), end: outer.end, labels, lists: NO_LISTS };
    switch (statement.type) {
      // These look at their ancestors themselves.
      case 'ClassDeclaration':
        if (statement.declare === true) return undefined;
        collector.readClass(statement, place);
        return { ...base, kind: 'class' };
      case 'FunctionDeclaration':
        return readFunctionDeclaration(statement, place, base, isTop && statement === outer);
    }
    ancestors.push(statement);
    const facts = readKind(statement, place, base);
    ancestors.pop();
    return facts;
  }

  function readKind(statement: Syntax, place: Place, base: Base): StatementFacts | undefined {
    switch (statement.type) {
      case 'ExpressionStatement':
        visit(statement.expression as Syntax, place);
        return { ...base, kind: 'expression' };
      case 'VariableDeclaration':
        if (statement.declare === true) return undefined;
        return { ...base, ...readDeclarations(statement, place, place.scope) };
      case 'ReturnStatement':
        return readReturn(statement, place, base);
      case 'IfStatement': {
        visit(statement.test, place);
        const lists = [readList(statement.consequent as Syntax, 'branch', place)];
        if (statement.alternate !== null && statement.alternate !== undefined) lists.push(readList(statement.alternate, 'branch', place));
        return { ...base, kind: 'if', lists };
      }
      case 'BlockStatement':
        return { ...base, kind: 'block', lists: [readList(statement, 'block', place)] };
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        return readFor(statement, place, base);
      case 'WhileStatement':
      case 'DoWhileStatement':
        return readWhile(statement, place, base);
      case 'TryStatement':
        return readTry(statement, place, base);
      case 'SwitchStatement':
        return readSwitch(statement, place, base);
      case 'BreakStatement':
      case 'ContinueStatement': {
        const target = statement.label === null || statement.label === undefined ? {} : { target: statement.label.name as string };
        return { ...base, kind: statement.type === 'BreakStatement' ? 'break' : 'continue', ...target };
      }
      case 'ThrowStatement':
        visit(statement.argument, place);
        return { ...base, kind: 'throw' };
      case 'EmptyStatement':
        return { ...base, kind: 'empty' };
      case 'DebuggerStatement':
        return { ...base, kind: 'other' };
      case 'WithStatement': {
        visit(statement.object, place);
        const body = statement.body as Syntax;
        const scope = addScope('with', body.start, statement.end, place);
        return { ...base, kind: 'with', lists: [readList(body, 'with', { ...place, scope, underWith: true })] };
      }
      default:
        return readModuleStatement(collector, readStatement, statement, place, base);
    }
  }

  function readDeclarations(node: Syntax, place: Place, scope: number): Pick<StatementFacts, 'kind' | 'declarators' | 'disposes'> {
    const awaits = node.kind === 'await using';
    const kind = awaits ? 'using' : (node.kind as 'var' | 'let' | 'const' | 'using');
    const declarators = (node.declarations ?? []).map((declaration): DeclaratorFacts => {
      const bindings = addBindings(declaration.id as Syntax, kind, kind === 'var' ? place.varScope : scope);
      ancestors.push(declaration);
      visitPattern(declaration.id, place);
      visit(declaration.init, place);
      ancestors.pop();
      return { start: declaration.start, end: declaration.end, bindings, awaits };
    });
    return { kind: kind === 'var' ? 'var' : 'lexical', declarators, ...(kind === 'using' ? { disposes: true } : {}) };
  }

  function readFunctionDeclaration(node: Syntax, place: Place, base: Base, isTop: boolean): StatementFacts | undefined {
    if (node.declare === true || node.body === null || node.body === undefined) return undefined;
    // A declaration at the top of a body is a variable of the function; in a block it is the block's (H21, H22).
    const { id } = node;
    const [binding] = id === null || id === undefined ? [] : addBindings(id, 'function', isTop ? place.varScope : place.scope);
    collector.readFunction(node, place);
    return { ...base, kind: 'function', ...(binding === undefined ? {} : { binding }) };
  }

  function readReturn(node: Syntax, place: Place, base: Base): StatementFacts {
    const argument = node.argument ?? undefined;
    functions[place.fn]?.returns.push({
      start: base.start,
      end: base.end,
      hasArgument: argument !== undefined,
      anonymous: argument !== undefined && isAnonymous(argument),
      scope: place.scope,
      underFinally: place.underFinally,
      underAwait: place.underAwait,
      underWith: place.underWith,
    });
    visit(argument, place);
    return { ...base, kind: 'return' };
  }

  function readWhile(node: Syntax, place: Place, base: Base): StatementFacts {
    const test = node.test as Syntax;
    const isDo = node.type === 'DoWhileStatement';
    if (!isDo) visit(test, place);
    const lists = [readList(node.body as Syntax, 'loop', place)];
    if (isDo) visit(test, place);
    return { ...base, kind: 'loop', loop: isDo ? 'do' : 'while', headCanThrow: !isSimple(test), lists };
  }

  function readFor(node: Syntax, outer: Place, base: Base): StatementFacts {
    const scope = addScope('loop', node.start, node.end, outer);
    const place = { ...outer, scope };
    const body = node.body as Syntax;
    const isFor = node.type === 'ForStatement';
    const initializer = (isFor ? node.init : node.left) ?? undefined;
    let entry: readonly number[] = [];
    let disposal: Pick<StatementFacts, 'declarators' | 'disposes'> = {};
    if (initializer?.type === 'VariableDeclaration') {
      const { kind, declarators = [], disposes } = readDeclarations(initializer, place, scope);
      if (kind === 'lexical') entry = declarators.flatMap((declarator) => declarator.bindings);
      if (disposes === true) disposal = { declarators, disposes };
    } else if (initializer !== undefined) {
      visit(initializer, place);
      const names = isFor ? [] : targetNames(initializer);
      if (names.length > 0) collector.addWrite({ scope, names, kind: 'head', start: body.start, end: node.end, discarded: true });
    }
    if (isFor) {
      visit(node.test, place);
      visit(node.update, place);
      const headCanThrow = [node.test, node.update].some((part) => part !== null && part !== undefined && !isSimple(part));
      return { ...base, kind: 'loop', loop: 'for', headCanThrow, ...disposal, lists: [readList(body, 'loop', place, entry)] };
    }
    visit(node.right, place);
    const awaits = node.await === true;
    const loop = node.type === 'ForInStatement' ? 'for-in' : awaits ? 'for-await' : 'for-of';
    const inside = {
      ...place,
      underAwait: place.underAwait || awaits || disposal.declarators?.some((declarator) => declarator.awaits) === true,
    };
    return { ...base, kind: 'loop', loop, headCanThrow: true, ...disposal, lists: [readList(body, 'loop', inside, entry)] };
  }

  function readTry(node: Syntax, place: Place, base: Base): StatementFacts {
    const finalizer = node.finalizer ?? undefined;
    const guarded = { ...place, underFinally: place.underFinally || finalizer !== undefined };
    const lists = [readList(node.block as Syntax, 'try', guarded)];
    const { handler } = node;
    if (handler !== null && handler !== undefined) {
      const scope = addScope('catch', handler.start, handler.end, place);
      const inside = { ...guarded, scope };
      const entry = handler.param === null || handler.param === undefined ? [] : addBindings(handler.param, 'catch', scope);
      visitPattern(handler.param, inside);
      lists.push(readList(handler.body as Syntax, 'catch', inside, entry));
    }
    if (finalizer !== undefined) lists.push(readList(finalizer, 'finally', place));
    return { ...base, kind: 'try', lists };
  }

  function readSwitch(node: Syntax, place: Place, base: Base): StatementFacts {
    const discriminant = node.discriminant as Syntax;
    visit(discriminant, place);
    const scope = addScope('switch', findBrace(source, discriminant.end), node.end, place);
    const inside = { ...place, scope };
    const lists = (node.cases ?? []).map((clause): ListFacts => {
      visit(clause.test, inside);
      const { start, end } = clause;
      const statements = readStatements(clause.consequent as readonly Syntax[], inside);
      return { start, end, form: 'clause', role: 'case', scope, entry: [], statements };
    });
    return { ...base, kind: 'switch', lists };
  }

  return { readStatements, readBody };
}

/** Decorators included; in some versions of the syntax a class starts behind them. */
function startOf(statement: Syntax): number {
  return Math.min(statement.start, statement.decorators?.[0]?.start ?? statement.start);
}

function isAwaitUsing(statement: Syntax): boolean {
  return statement.type === 'VariableDeclaration' && statement.kind === 'await using';
}

/** Only identifiers, literals and operators: what cannot call anything. */
function isSimple(node: Syntax): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BigIntLiteral':
    case 'RegExpLiteral':
    case 'BooleanLiteral':
      return true;
    case 'Literal':
      return node.raw !== 'null';
    case 'TemplateLiteral':
      return literalText(node) !== undefined;
    case 'ParenthesizedExpression':
      return isSimple(node.expression as Syntax);
    case 'UpdateExpression':
      return isSimple(node.argument as Syntax);
    case 'UnaryExpression':
      return /^[-+!~]$/.test(node.operator ?? '') && isSimple(node.argument as Syntax);
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return isSimple(node.left as Syntax) && isSimple(node.right as Syntax);
    case 'SequenceExpression':
      return (node.expressions ?? []).every(isSimple);
    default:
      return false;
  }
}
