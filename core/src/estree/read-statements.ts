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
  /** `isTop`: of a function's body. `from`: index of the first. */
  readStatements(statements: readonly Syntax[], place: Place, isTop?: boolean, from?: number): readonly StatementFacts[];
  /** A function body, from its first statement after the directives. `start`: its brace. */
  readBody(block: Syntax, start: number, place: Place): ListFacts;
}

interface Declarations {
  readonly kind: 'var' | 'lexical';
  readonly declarators: readonly DeclaratorFacts[];
  readonly disposes?: boolean;
}

type Base = Pick<StatementFacts, 'start' | 'end' | 'labels' | 'lists'>;

const NO_STATEMENTS: readonly StatementFacts[] = [];
const NO_LISTS: readonly ListFacts[] = [];
const NO_LABELS: readonly string[] = [];
const NO_BINDINGS: readonly number[] = [];

export function createStatementReader(collector: Collector): StatementReader {
  const { source, ancestors, functions, addScope, addBindings, visit, visitPattern } = collector;

  function readStatements(statements: readonly Syntax[], place: Place, isTop = false, from = 0): readonly StatementFacts[] {
    if (statements.length === from) return NO_STATEMENTS;
    const facts = new Array<StatementFacts>(statements.length - from);
    let count = 0;
    for (let k = from; k < statements.length; k++) {
      const read = readStatement(statements[k] as Syntax, place, isTop);
      if (read !== undefined) facts[count++] = read;
    }
    facts.length = count;
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
      entry: NO_BINDINGS,
      statements: readStatements(statements, inside, !isStaticBlock, isStaticBlock ? 0 : countPrologue(statements)),
    };
  }

  function readList(statement: Syntax, role: ListFacts['role'], place: Place, entry: readonly number[] = NO_BINDINGS): ListFacts {
    const { start, end } = statement;
    if (statement.type !== 'BlockStatement')
      return { start, end, form: 'single', role, scope: place.scope, entry, statements: readStatements([statement], place) };
    const scope = addScope('block', start, end, place);
    const statements = statementsOf(statement);
    const underAwait = place.underAwait || statements.some(isAwaitUsing);
    return { start, end, form: 'block', role, scope, entry, statements: readStatements(statements, { ...place, scope, underAwait }) };
  }

  function readStatement(outer: Syntax, place: Place, isTop: boolean): StatementFacts | undefined {
    let labels = NO_LABELS;
    let statement = outer;
    while (statement.type === 'LabeledStatement') {
      labels = [...labels, statement.label?.name as string];
      statement = statement.body as Syntax;
    }
    const base: Base = { start: startOf(outer), end: outer.end, labels, lists: NO_LISTS };
    switch (statement.type) {
      // These look at their ancestors themselves.
      case 'ClassDeclaration':
        if (statement.declare === true) return undefined;
        collector.readClass(statement, place);
        return finish(base, 'class');
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
        return finish(base, 'expression');
      case 'VariableDeclaration':
        if (statement.declare === true) return undefined;
        return finishDeclarations(base, readDeclarations(statement, place, place.scope));
      case 'ReturnStatement':
        return readReturn(statement, place, base);
      case 'IfStatement': {
        visit(statement.test, place);
        const lists = [readList(statement.consequent as Syntax, 'branch', place)];
        if (statement.alternate !== null && statement.alternate !== undefined) lists.push(readList(statement.alternate, 'branch', place));
        return finish(base, 'if', lists);
      }
      case 'BlockStatement':
        return finish(base, 'block', [readList(statement, 'block', place)]);
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
        return finish(base, 'throw');
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

  function readDeclarations(node: Syntax, place: Place, scope: number): Declarations {
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
    const shown = kind === 'var' ? 'var' : 'lexical';
    return kind === 'using' ? { kind: shown, declarators, disposes: true } : { kind: shown, declarators };
  }

  function finishDeclarations({ start, end, labels, lists }: Base, declared: Declarations): StatementFacts {
    const { kind, declarators, disposes } = declared;
    const facts = { start, end, labels, lists, kind, declarators };
    return disposes === true ? { ...facts, disposes } : facts;
  }

  function readFunctionDeclaration(node: Syntax, place: Place, base: Base, isTop: boolean): StatementFacts | undefined {
    if (node.declare === true || node.body === null || node.body === undefined) return undefined;
    // A declaration at the top of a body is a variable of the function; in a block it is the block's (H21, H22).
    const { id } = node;
    const [binding] = id === null || id === undefined ? [] : addBindings(id, 'function', isTop ? place.varScope : place.scope);
    collector.readFunction(node, place);
    const facts = finish(base, 'function');
    return binding === undefined ? facts : { ...facts, binding };
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
    return finish(base, 'return');
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
    let entry = NO_BINDINGS;
    let disposal: Pick<StatementFacts, 'declarators' | 'disposes'> = {};
    if (initializer?.type === 'VariableDeclaration') {
      const { kind, declarators, disposes } = readDeclarations(initializer, place, scope);
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
    return finish(base, 'try', lists);
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
      return { start, end, form: 'clause', role: 'case', scope, entry: NO_BINDINGS, statements };
    });
    return finish(base, 'switch', lists);
  }

  return { readStatements, readBody };
}

/** A literal, because a copy of `base` with one more field costs twice the memory, and there is one for each statement. */
function finish({ start, end, labels }: Base, kind: StatementFacts['kind'], lists: readonly ListFacts[] = NO_LISTS): StatementFacts {
  return { start, end, labels, lists, kind };
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
