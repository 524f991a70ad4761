/**
 * Plan to text: puts text k at place k of the source. No opinion: no `if` on names, options or kinds of functions;
 * every edit must find its place or the build fails with PLAN_DESYNC. Inserts no newline, so code stays on its own lines (H150), and
 * changes no character of the user's but those that H21 and a split declaration ask for.
 *
 * At one offset, what closes stands left of what opens: closing texts go to the text before the offset from the inside out, opening
 * texts to the text behind it from the outside in (H152).
 */
import {
  CaptureFlowError,
  createEditIndex,
  createLineIndex,
  type FileFacts,
  type FunctionPlan,
  type Plan,
  type WrapTarget,
} from '@captureflow/core';
import { type Function as OxcFunction, type Node, type Statement, visitorKeys } from 'oxc-parser';
import type { ParsedFile } from './parse.ts';
import { splitAtHole, toText, type Wrap } from './code-text.ts';
import { createEditedText, type EditedText } from './edited-text.ts';
import { createTrivia } from './trivia.ts';

type FunctionNode = OxcFunction | Extract<Node, { type: 'ArrowFunctionExpression' }>;
type Declarations = Extract<Node, { type: 'VariableDeclaration' }>;

/** `facts`, `plan`: of the same source. The result has not changed when the plan has no functions. */
export function emit(file: ParsedFile, facts: FileFacts, plan: Plan): EditedText {
  const { source, program } = file;
  const text = createEditedText(source);
  if (plan.functions.length === 0) return text;
  const edits = createEditIndex(plan);
  const trivia = createTrivia(source, () => file.comments);

  const directives = countDirectives(program.body);
  close(facts.headEnd, endDirectives(program.body, directives) + toText(plan.header));
  visitList(program.body as Statement[], '', directives);
  const missed = edits.firstUnused();
  if (missed !== undefined) throw desync(missed.what, missed.offset);
  return text;

  function take(at: 'before' | 'after' | 'head' | 'tail' | 'split', start: number): string {
    return toText(edits.take(at, start));
  }

  function takeWrap(of: WrapTarget, start: number): Wrap | undefined {
    const code = edits.takeWrap(of, start);
    return code && splitAtHole(code);
  }

  /** Behind all that ends at `offset`. */
  function close(offset: number, inserted: string): void {
    if (inserted !== '') text.insertLeft(offset, inserted);
  }

  /** Before all that starts at `offset`, inside of what was opened there already. */
  function open(offset: number, inserted: string): void {
    if (inserted !== '') text.insertRight(offset, wouldJoin(offset, inserted) ? ` ${inserted}` : inserted);
  }

  /** `await(x)`, `yield[1]`, `of/r/`: what we insert would become part of the keyword. */
  function wouldJoin(offset: number, inserted: string): boolean {
    return isWordAt(inserted, 0) && isWordAt(source, offset - 1);
  }

  /** `from`: what stands behind a label is placed by the label's start. */
  function visit(node: Node, from: number = node.start): void {
    // Most of a file is left alone.
    if (!edits.reaches(from, node.end)) return;
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return visitFunction(node);
      case 'StaticBlock':
        return visitStaticBlock(node);
      case 'BlockStatement':
      case 'TSModuleBlock':
        return visitBlock(node, node.start, node.body as Statement[]);
      case 'SwitchCase':
        return visitClause(node);
      case 'LabeledStatement':
        return visit(node.body, from);
      case 'ReturnStatement':
        return visitReturn(node, from);
      case 'AwaitExpression':
      case 'YieldExpression':
        return visitPause(node);
      case 'AssignmentExpression':
      case 'UpdateExpression':
        return visitWrite(node);
      case 'VariableDeclaration':
        return visitVariables(node);
      case 'IfStatement':
        visit(node.test);
        visitEmbedded(node.consequent);
        if (node.alternate !== null) visitEmbedded(node.alternate);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'WithStatement':
        visitEachChild(node, 'body');
        return visitEmbedded(node.body);
      case 'ForOfStatement':
        return visitForOf(node, from);
      case 'BinaryExpression':
      case 'LogicalExpression':
        return visitOperands(node);
      default:
        return visitEachChild(node);
    }
  }

  function visitEachChild(node: Node, except?: string): void {
    for (const key of visitorKeys[node.type] as readonly string[]) {
      if (key === except) continue;
      const child = (node as unknown as Record<string, Node | null | readonly (Node | null)[]>)[key];
      if (Array.isArray(child)) {
        for (const element of child as readonly (Node | null)[]) if (element !== null) visit(element);
      } else if (child !== null && child !== undefined) visit(child as Node);
    }
  }

  /** `a + b + c …` from the left: sums of thousands of terms are deeper than the stack. */
  function visitOperands(node: Extract<Node, { type: 'BinaryExpression' | 'LogicalExpression' }>): void {
    let at: Node = node;
    for (; at.type === 'BinaryExpression' || at.type === 'LogicalExpression'; at = at.left) visit(at.right);
    visit(at);
  }

  /** `from`: index of the first. */
  function visitList(statements: readonly Statement[], tail: string, from = 0): void {
    for (let k = from; k < statements.length; k++) {
      const statement = statements[k] as Statement;
      const next = statements[k + 1];
      const reaches = edits.reaches(statement.start, statement.end);
      if (reaches) {
        open(statement.start, take('before', statement.start));
        visit(statement);
      }
      const after = reaches ? take('after', statement.start) : '';
      const follows = after !== '' || (next === undefined ? tail !== '' : edits.reaches(next.start, next.start + 1));
      if (follows && lacksSemicolon(statement)) close(statement.end, ';');
      close(statement.end, after);
    }
  }

  /** A child of a statement: where it is a single statement with insertions around it, it becomes a block (H34). */
  function visitEmbedded(node: Statement): void {
    const at = node.start;
    if (node.type === 'BlockStatement' || !edits.touches(at)) return visit(node);
    open(at, `{${take('head', at)}${take('before', at)}`);
    visit(node);
    const behind = take('after', at) + take('tail', at);
    if (behind !== '' && lacksSemicolon(node)) close(node.end, ';');
    close(node.end, `${behind}}`);
  }

  function lacksSemicolon(statement: Statement): boolean {
    let at: Node = statement;
    for (;;) {
      if (at.type === 'IfStatement') at = at.alternate ?? at.consequent;
      else if (at.type === 'LabeledStatement' || at.type === 'WithStatement' || (at.type.startsWith('For') && 'body' in at))
        at = at.body as Node;
      else if (at.type === 'WhileStatement') at = at.body;
      else return !ENDS_WITH_BRACE.has(at.type) && source[at.end - 1] !== ';';
    }
  }

  /** `const a = 1, b = 2` is split where code must run between two declarators. */
  function visitVariables(node: Declarations): void {
    node.declarations.forEach((declarator, k) => {
      visit(declarator);
      const code = take('split', declarator.start);
      const next = node.declarations[k + 1];
      if (code === '' || next === undefined) return;
      const comma = trivia.after(declarator.end);
      if (source[comma] !== ',') throw desync('the end of a declaration', declarator.end);
      text.replace(comma, comma + 1, `;${code}`);
      // Before the name: no newline may stand between `using` and what it declares.
      open(next.start, `${node.kind} `);
    });
  }

  function visitBlock(node: Node, at: number, statements: readonly Statement[]): void {
    close(at + 1, take('head', at));
    const tail = take('tail', at);
    visitList(statements, tail);
    close(node.end - 1, tail);
  }

  function visitClause(node: Extract<Node, { type: 'SwitchCase' }>): void {
    if (node.test !== null) visit(node.test);
    const head = take('head', node.start);
    const [first] = node.consequent;
    if (first === undefined) close(node.end, head);
    else open(first.start, head);
    const tail = take('tail', node.start);
    visitList(node.consequent, tail);
    close(node.end, tail);
  }

  function visitReturn(node: Extract<Node, { type: 'ReturnStatement' }>, from: number): void {
    if (node.argument !== null) visitWrapped(node.argument, takeWrap('return', from));
  }

  function visitPause(node: Extract<Node, { type: 'AwaitExpression' | 'YieldExpression' }>): void {
    const pause = takeWrap('pause', node.start);
    const operand = takeWrap('operand', node.start);
    open(node.start, pause?.open ?? '');
    if (node.argument === null) close(node.end, operand === undefined ? '' : ` ${operand.open}`);
    else visitWrapped(node.argument, operand);
    close(node.end, pause?.close ?? '');
  }

  function visitForOf(node: Extract<Node, { type: 'ForOfStatement' }>, from: number): void {
    visit(node.left);
    visitWrapped(node.right, takeWrap('iterated', from));
    visitEmbedded(node.body);
  }

  function visitWrite(node: Extract<Node, { type: 'AssignmentExpression' | 'UpdateExpression' }>): void {
    const wrap = takeWrap('write', node.start);
    open(node.start, wrap?.open ?? '');
    visitEachChild(node);
    close(node.end, wrap?.close ?? '');
  }

  /** Holes stand where an assignment expression may: only a comma expression binds weaker. */
  function visitWrapped(node: Node, wrap: Wrap | undefined): void {
    if (wrap === undefined) return visit(node);
    const [left, right] = node.type === 'SequenceExpression' ? ['(', ')'] : ['', ''];
    openBeforeComments(node, wrap.open + left);
    visit(node);
    close(node.end, right + wrap.close);
  }

  /** `@__PURE__` stays immediately before its call (H136), and a line comment must not hide what is inserted. */
  function openBeforeComments(node: Node, inserted: string): void {
    const at = trivia.beforeComments(node.start);
    if (at === node.start) open(at, inserted);
    else close(at, ` ${inserted}`);
  }

  function visitFunction(node: FunctionNode): void {
    visitEachChild(node, 'body');
    const { body } = node;
    if (body === null) return;
    const key = body.type === 'BlockStatement' ? body : peelParentheses(body);
    const planned = edits.takeFunction(key.start);
    if (planned === undefined) visit(body);
    else if (body.type === 'BlockStatement') emitBody(body, body.start, body.body as Statement[], planned);
    else emitConcise(body, key, planned);
  }

  function visitStaticBlock(node: Extract<Node, { type: 'StaticBlock' }>): void {
    const at = trivia.after(node.start + 'static'.length);
    const planned = edits.takeFunction(at);
    if (planned === undefined) visitBlock(node, at, node.body);
    else emitBody(node, at, node.body, planned);
  }

  function emitBody(node: Node, at: number, statements: readonly Statement[], planned: FunctionPlan): void {
    const directives = countDirectives(statements);
    const from = directives === 0 ? at + 1 : (statements[directives - 1] as Statement).end;
    close(from, `${endDirectives(statements, directives)}${toText(planned.prologue)}try{${take('head', at)}`);
    const ending = take('tail', at) + toText(planned.epilogue);
    hoist(statements, directives, from);
    visitList(statements, ending, directives);
    close(node.end - 1, ending + frameEnd(planned));
  }

  function emitConcise(body: Node, key: Node, planned: FunctionPlan): void {
    const wrap = takeWrap('return', key.start);
    openBeforeComments(body, `{${toText(planned.prologue)}try{return ${wrap?.open ?? ''}`);
    visit(body);
    close(body.end, `${wrap?.close ?? ''}${frameEnd(planned)}}`);
  }

  function frameEnd(planned: FunctionPlan): string {
    const finalizer = planned.finalizer === undefined ? '' : `finally{${toText(planned.finalizer)}}`;
    return `}catch(${planned.error}){${toText(planned.handler)}}${finalizer}${planned.unreached === undefined ? '' : toText(planned.unreached)}`;
  }

  /**
   * @example
   * ```js
   * function g() {}      // before
   * var g = function () {};  // after, at the top of the try
   * ```
   * The only code that leaves its line.
   */
  function hoist(statements: readonly Statement[], first: number, from: number): void {
    let target = from;
    for (let k = first; k < statements.length; k++) {
      const statement = statements[k] as Statement;
      if (!edits.takeHoist(statement.start)) continue;
      let node: Node = statement;
      while (node.type === 'LabeledStatement') node = node.body;
      if (node.type !== 'FunctionDeclaration' || node.id === null) throw desync('a function declaration', statement.start);
      open(node.start, `var ${node.id.name} = `);
      text.replace(node.id.start, node.id.end, '');
      close(statement.end, ';');
      if (statement.start === target) target = statement.end;
      else text.move(statement.start, statement.end, target);
    }
  }

  /** A directive may end with its line. */
  function endDirectives(statements: readonly Node[], count: number): string {
    const last = statements[count - 1];
    return last === undefined || source[last.end - 1] === ';' ? '' : ';';
  }

  function desync(what: string, offset: number): CaptureFlowError {
    return new CaptureFlowError('PLAN_DESYNC', { what }, { file: file.fileName, ...createLineIndex(source).at(offset) });
  }
}

/** Statements that need no semicolon: one behind them would be a statement of its own. */
const ENDS_WITH_BRACE: ReadonlySet<string> = new Set([
  'BlockStatement',
  'ClassDeclaration',
  'FunctionDeclaration',
  'SwitchStatement',
  'TryStatement',
  'TSEnumDeclaration',
  'TSInterfaceDeclaration',
  'TSModuleDeclaration',
]);

function isWordAt(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95 || unit === 36;
}

function peelParentheses(node: Node): Node {
  return node.type === 'ParenthesizedExpression' ? peelParentheses(node.expression) : node;
}

function countDirectives(statements: readonly Node[]): number {
  let count = 0;
  for (; count < statements.length; count++) {
    const statement = statements[count] as Node;
    if (!('directive' in statement && typeof statement.directive === 'string')) break;
  }
  return count;
}
