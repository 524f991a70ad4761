/**
 * ESTree and Babel's dialect to facts. No opinion: nothing here decides what is instrumented, how it is called or which variables
 * matter. The meaning of every field is that of `FileFacts`; the TypeScript reader answers the same for the same text.
 */
import { type BindingFacts, FACTS_VERSION, type FileFacts, type ScopeFacts, type WriteFacts } from '../facts.ts';
import { childKeys } from './children.ts';
import type { Collector } from './collector.ts';
import type { Mutable, OpenFunction, Place } from '../open-facts.ts';
import type { Node, Syntax } from './node.ts';
import { readComments } from './read-comments.ts';
import { createFunctionReader } from './read-functions.ts';
import { outermost } from './read-names.ts';
import { createStatementReader } from './read-statements.ts';
import { countPrologue, innermost, isFunction, isOperation, readDirectives, statementsOf, targetNames } from './syntax.ts';
import { skipTrivia } from './trivia.ts';

export interface ReadInput {
  /** What the file is once emitted. */
  readonly kind: FileFacts['kind'];
  /** All comments of the file; asked for only where the text holds a word of ours. */
  readonly comments: readonly { readonly start: number; readonly end: number }[];
}

/** `program`: a `Program` or Babel's `File`, as the parser made it. `source`: the text its offsets count in. */
export function readProgram(program: Node, source: string, input: ReadInput): FileFacts {
  const root = (program as Syntax).program ?? (program as Syntax);
  const scopes: Mutable<ScopeFacts & { names: string[] }>[] = [];
  const bindings: BindingFacts[] = [];
  const writes: WriteFacts[] = [];
  const functions: OpenFunction[] = [];
  const ancestors: Syntax[] = [];

  const collector: Collector = {
    source,
    ancestors,
    functions,
    addScope(kind, start, end, place, fn = place.fn) {
      return scopes.push({ parent: place.scope, kind, function: fn, start, end, names: [], eval: false }) - 1;
    },
    markEval(scope) {
      (scopes[scope] as Mutable<ScopeFacts>).eval = true;
    },
    markName,
    addBindings(pattern, kind, scope) {
      // Most patterns are one name.
      if (pattern.type === 'Identifier') return [addName(pattern, kind, scope, true)];
      const indexes: number[] = [];
      addBindings(pattern, kind, scope, indexes, true);
      return indexes;
    },
    addWrite: (write) => void writes.push(write),
    visit,
    visitEach,
    visitChildren,
    visitPattern,
    readFunction: (node, place) => functionReader.readFunction(node, place),
    readClass: (node, place) => functionReader.readClass(node, place),
    readStatements: (list, place) => statementReader.readStatements(list, place),
  };
  const statementReader = createStatementReader(collector);
  const functionReader = createFunctionReader(collector, statementReader);

  const filePlace: Place = { scope: -1, fn: -1, varScope: 0, underFinally: false, underAwait: false, underWith: false };
  const fileScope = collector.addScope('file', 0, source.length, filePlace);
  const directives = readDirectives(root);
  const statements = statementsOf(root);
  statementReader.readStatements(statements, { ...filePlace, scope: fileScope }, false, countPrologue(statements));
  for (const scope of scopes) scope.names = sortOnce(scope.names);
  return {
    v: FACTS_VERSION,
    kind: input.kind,
    headEnd: directives.at(-1)?.end ?? /^\uFEFF?(?:#!.*(?:\r\n?|\n|$))?/.exec(source)?.[0].length ?? 0,
    directives: directives.map(({ text }) => text),
    scopes,
    bindings,
    writes,
    functions,
    comments: readComments(source, () => input.comments),
  };

  function markName(scope: number, name: string): void {
    scopes[scope]?.names.push(name);
  }

  function addName(node: Syntax, kind: BindingFacts['kind'], scope: number, isWhole: boolean): number {
    const type = isWhole && kind !== 'catch' ? readType(node) : undefined;
    const { name, start } = node as Syntax & { readonly name: string };
    return bindings.push(type === undefined ? { scope, name, start, kind } : { scope, name, start, kind, type }) - 1;
  }

  function addBindings(
    pattern: Syntax | null | undefined,
    kind: BindingFacts['kind'],
    scope: number,
    indexes: number[],
    isWhole: boolean,
  ): void {
    switch (pattern?.type) {
      case 'Identifier':
        indexes.push(addName(pattern, kind, scope, isWhole));
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements ?? []) addBindings(element, kind, scope, indexes, false);
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties ?? [])
          addBindings(property.type === 'RestElement' ? property : (property.value as Syntax), kind, scope, indexes, false);
        return;
      case 'AssignmentPattern':
        addBindings(pattern.left, kind, scope, indexes, isWhole);
        return;
      case 'RestElement': {
        const { argument } = pattern;
        const type = isWhole && argument?.type === 'Identifier' ? readType(pattern) : undefined;
        const first = bindings.length;
        addBindings(argument, kind, scope, indexes, false);
        if (type !== undefined) bindings[first] = { ...(bindings[first] as BindingFacts), type };
        return;
      }
      case 'TSParameterProperty':
        addBindings(pattern.parameter, kind, scope, indexes, isWhole);
        return;
    }
  }

  /** Declared type of a name, parameter or function as written. */
  function readType(node: Syntax): string | undefined {
    const annotation = node.typeAnnotation;
    return annotation === null || annotation === undefined
      ? undefined
      : source.slice(skipTrivia(source, skipColon(annotation.start)), annotation.end);
  }

  function skipColon(start: number): number {
    return source[start] === ':' ? start + 1 : start;
  }

  function visitEach(nodes: readonly (Syntax | null | undefined)[] | null | undefined, place: Place): void {
    if (nodes === null || nodes === undefined) return;
    for (const node of nodes) visit(node, place);
  }

  function visit(node: Syntax | null | undefined, place: Place): void {
    if (node === null || node === undefined) return;
    switch (node.type) {
      case 'Identifier':
        markName(place.scope, node.name as string);
        return;
      case 'Literal':
      case 'StringLiteral':
      case 'ThisExpression':
        return;
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        ancestors.push(node);
        visit(node.object, place);
        if (node.computed === true) visit(node.property, place);
        ancestors.pop();
        return;
      case 'CallExpression':
      case 'OptionalCallExpression': {
        const callee = innermost(node.callee as Syntax);
        if (callee.type === 'Identifier' && callee.name === 'eval') collector.markEval(place.scope);
        ancestors.push(node);
        visit(node.callee, place);
        visitEach(node.arguments, place);
        ancestors.pop();
        return;
      }
      case 'BinaryExpression':
      case 'LogicalExpression':
        return visitOperation(node, place);
      case 'Property':
      case 'ObjectProperty':
        if (isFunction(node)) return functionReader.readFunction(node, place);
        ancestors.push(node);
        if (node.computed === true) visit(node.key, place);
        visit(node.value as Syntax, place);
        ancestors.pop();
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ObjectMethod':
        return functionReader.readFunction(node, place);
      case 'ClassDeclaration':
      case 'ClassExpression':
        return functionReader.readClass(node, place);
      case 'AssignmentExpression':
        addAssignment(node, place);
        break;
      case 'UpdateExpression':
        addWrite(node, node.argument as Syntax, node.prefix === true ? 'prefix' : 'postfix', place);
        break;
      case 'AwaitExpression':
        addPause(node, 'await', place);
        break;
      case 'YieldExpression':
        addPause(node, node.delegate === true ? 'delegate' : 'yield', place);
        break;
      case 'JSXIdentifier':
        if (node.name !== 'this') markName(place.scope, node.name as string);
        return;
      case 'JSXMemberExpression':
        visit(node.object, place);
        return;
      case 'JSXAttribute':
        ancestors.push(node);
        if ((node.name as Syntax).type === 'JSXNamespacedName') visit(node.name as Syntax, place);
        visit(node.value as Syntax | null, place);
        ancestors.pop();
        return;
    }
    visitChildren(node, place);
  }

  function visitChildren(node: Syntax, place: Place): void {
    const keys = childKeys(node);
    if (keys.length === 0) return;
    ancestors.push(node);
    for (const key of keys) {
      const child = (node as unknown as Record<string, unknown>)[key];
      if (Array.isArray(child)) {
        for (const element of child as readonly unknown[]) if (isNode(element)) visit(element, place);
      } else if (isNode(child)) visit(child, place);
    }
    ancestors.pop();
  }

  /** `a + b + c …` from the left: sums of thousands of terms are deeper than the stack. */
  function visitOperation(node: Syntax, place: Place): void {
    ancestors.push(node);
    const left = node.left as Syntax;
    if (!isOperation(left)) {
      visit(left, place);
      visit(node.right, place);
    } else {
      const operands: (Syntax | undefined)[] = [];
      let at = node;
      for (; isOperation(at); at = at.left as Syntax) operands.push(at.right);
      visit(at, place);
      for (const operand of operands.reverse()) visit(operand, place);
    }
    ancestors.pop();
  }

  function visitPattern(pattern: Syntax | null | undefined, place: Place): void {
    switch (pattern?.type) {
      case 'ArrayPattern':
        for (const element of pattern.elements ?? []) visitPattern(element, place);
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties ?? []) {
          if (property.computed === true) visit(property.key, place);
          visitPattern(property.type === 'RestElement' ? property : (property.value as Syntax), place);
        }
        return;
      case 'AssignmentPattern':
        visitPattern(pattern.left, place);
        ancestors.push(pattern);
        visit(pattern.right, place);
        ancestors.pop();
        return;
      case 'RestElement':
        visitPattern(pattern.argument, place);
        return;
    }
  }

  function addPause(node: Syntax, kind: 'await' | 'yield' | 'delegate', place: Place): void {
    if (place.fn < 0 || place.underWith) return;
    const hasArgument = (node.argument ?? undefined) !== undefined;
    functions[place.fn]?.pauses.push({ kind, start: node.start, end: node.end, hasArgument });
  }

  function addAssignment(node: Syntax, place: Place): void {
    const target = innermost(node.left as Syntax);
    addWrite(node, target, target.type === 'Identifier' ? 'assign' : 'pattern', place);
  }

  function addWrite(node: Syntax, target: Syntax, kind: WriteFacts['kind'], place: Place): void {
    if (place.underWith) return;
    const names = targetNames(target);
    if (names.length === 0) return;
    writes.push({ scope: place.scope, start: node.start, end: node.end, names, kind, discarded: isDiscarded(node) });
  }

  function isDiscarded(node: Syntax): boolean {
    let value = node;
    let at = ancestors.length - 1;
    for (;;) {
      ({ at, node: value } = outermost(ancestors, at, value));
      const parent = ancestors[at];
      switch (parent?.type) {
        case 'ExpressionStatement':
          return true;
        case 'UnaryExpression':
          return parent.operator === 'void';
        case 'ForStatement':
          return parent.init === value || parent.update === value;
        case 'SequenceExpression':
          if (parent.expressions?.at(-1) !== value) return true;
          value = parent;
          at--;
          break;
        default:
          return false;
      }
    }
  }
}

function isNode(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as Syntax).type === 'string';
}

/** Most scopes hold few names: putting each where it belongs is three times as fast as a set and a sort. */
function sortOnce(names: string[]): string[] {
  if (names.length < 2) return names;
  if (names.length > FEW) return [...new Set(names)].sort();
  let count = 1;
  for (let k = 1; k < names.length; k++) {
    const name = names[k] as string;
    let at = count;
    while (at > 0 && (names[at - 1] as string) > name) at--;
    if (at > 0 && names[at - 1] === name) continue;
    for (let move = count++; move > at; move--) names[move] = names[move - 1] as string;
    names[at] = name;
  }
  return names.slice(0, count);
}

const FEW = 24;
