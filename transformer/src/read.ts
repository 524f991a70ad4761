/**
 * TypeScript AST to facts. No opinion: nothing here decides what is instrumented, how it is called or which variables matter.
 * Works on parse-tree nodes only (H113). Uses the `ts` instance the host was handed, never its own.
 */
import { type BindingFacts, FACTS_VERSION, type FileFacts, type FunctionFacts, type ScopeFacts, type WriteFacts } from '@captureflow/core';
import type ts from 'typescript';
import type { Collector } from './collector.ts';
import type { Mutable, OpenFunction, Place } from '@captureflow/core';
import { nodeRoles, Role } from './node-roles.ts';
import { readComments } from './read-comments.ts';
import { readChain, readName } from './read-names.ts';
import { createStatementReader } from './read-statements.ts';
import {
  countPrologue,
  type FunctionNode,
  hasModifier,
  innermost,
  isAnonymous,
  isAssignment,
  isDiscarded,
  isPatternDefault,
  isTarget,
  isUpdate,
  outermost,
  peelParentheses,
  readDirectives,
  targetNames,
} from './syntax.ts';

type TS = typeof ts;

/** `kind`: what the file is once emitted. */
export function read(ts: TS, sourceFile: ts.SourceFile, kind: FileFacts['kind']): FileFacts {
  const scopes: Mutable<ScopeFacts>[] = [];
  /** Names used, by scope. */
  const seen: (Set<string> | undefined)[] = [];
  const { roles, named } = nodeRoles(ts);
  const bindings: BindingFacts[] = [];
  const writes: WriteFacts[] = [];
  const functions: OpenFunction[] = [];
  const start = (node: ts.Node): number => node.getStart(sourceFile);

  const collector: Collector = {
    sourceFile,
    functions,
    start,
    addScope(scopeKind, range, place, fn = place.fn) {
      return (
        scopes.push({
          parent: place.scope,
          kind: scopeKind,
          function: fn,
          start: range.start,
          end: range.end,
          names: [],
          eval: false,
        }) - 1
      );
    },
    addBindings(name, bindingKind, scope, type) {
      if (ts.isIdentifier(name)) {
        return [
          bindings.push({ scope, name: name.text, start: start(name), kind: bindingKind, ...(type === undefined ? {} : { type }) }) - 1,
        ];
      }
      return name.elements.flatMap((element) =>
        ts.isBindingElement(element) ? collector.addBindings(element.name, bindingKind, scope) : [],
      );
    },
    addWrite: (write) => void writes.push(write),
    visit,
    visitEach: (node, place) => ts.forEachChild(node, (child) => visit(child, place)),
  };
  const statements = createStatementReader(ts, collector);

  const filePlace: Place = { scope: -1, fn: -1, varScope: 0, underFinally: false, underAwait: false, underWith: false };
  const fileScope = collector.addScope('file', { start: 0, end: sourceFile.end }, filePlace);
  const prologue = countPrologue(ts, sourceFile.statements);
  statements.readStatements(sourceFile.statements.slice(prologue), { ...filePlace, scope: fileScope });
  seen.forEach((names, scope) => {
    if (names !== undefined) (scopes[scope] as Mutable<ScopeFacts>).names = [...names].sort();
  });
  const lastDirective = sourceFile.statements[prologue - 1];
  return {
    v: FACTS_VERSION,
    kind,
    headEnd: lastDirective?.end ?? /^\uFEFF?(?:#!.*(?:\r\n?|\n|$))?/.exec(sourceFile.text)?.[0].length ?? 0,
    directives: readDirectives(sourceFile.statements, prologue),
    scopes,
    bindings,
    writes,
    functions,
    comments: readComments(ts, sourceFile),
  };

  function visit(node: ts.Node | undefined, place: Place): void {
    if (node === undefined) return;
    switch (roles[node.kind]) {
      case Role.TYPE:
        return;
      case Role.FUNCTION:
        return readFunction(node as FunctionNode, place);
      case Role.CLASS:
        return readClass(node as ts.ClassLikeDeclaration, place);
      case Role.IDENTIFIER:
        return readIdentifier(node as ts.Identifier, place);
      case Role.BINARY: {
        const binary = node as ts.BinaryExpression;
        if (ts.isBinaryExpression(binary.left) && !isAssignment(ts, binary)) return readOperands(binary, place);
        readWrite(node, place);
        break;
      }
      case Role.UNARY:
        readWrite(node, place);
        break;
      case Role.PAUSE:
        readPause(node as ts.AwaitExpression | ts.YieldExpression, place);
        break;
      case Role.CALL: {
        const callee = innermost(ts, (node as ts.CallExpression).expression);
        if (ts.isIdentifier(callee) && callee.text === 'eval') (scopes[place.scope] as { eval: boolean }).eval = true;
      }
    }
    ts.forEachChild(node, (child) => visit(child, place));
  }

  function readPause(node: ts.AwaitExpression | ts.YieldExpression, place: Place): void {
    if (place.fn < 0 || place.underWith || isTarget(ts, node)) return;
    const delegates = ts.isYieldExpression(node) && node.asteriskToken !== undefined;
    const kindOf = ts.isAwaitExpression(node) ? 'await' : delegates ? 'delegate' : 'yield';
    functions[place.fn]?.pauses.push({ kind: kindOf, start: start(node), end: node.end, hasArgument: node.expression !== undefined });
  }

  /** `a + b + c …` from the left: sums of thousands of terms are deeper than the stack. */
  function readOperands(node: ts.BinaryExpression, place: Place): void {
    const operands: ts.Expression[] = [];
    let at: ts.Expression = node;
    for (; ts.isBinaryExpression(at) && !isAssignment(ts, at); at = at.left) operands.push(at.right);
    visit(at, place);
    for (const operand of operands.reverse()) visit(operand, place);
  }

  function readIdentifier(node: ts.Identifier, place: Place): void {
    const { parent } = node;
    if (named[parent.kind] === 1) {
      if ((parent as ts.NamedDeclaration).name === node) return;
      if (ts.isBindingElement(parent) && parent.propertyName === node) return;
    }
    (seen[place.scope] ??= new Set()).add(node.text);
  }

  function readWrite(node: ts.Node, place: Place): void {
    if (place.underWith) return;
    const base = { scope: place.scope, start: start(node), end: node.end };
    if (ts.isBinaryExpression(node) && isAssignment(ts, node)) {
      if (isPatternDefault(ts, node)) return;
      const target = innermost(ts, node.left);
      const names = targetNames(ts, target);
      if (names.length > 0)
        writes.push({ ...base, names, kind: ts.isIdentifier(target) ? 'assign' : 'pattern', discarded: isDiscarded(ts, node) });
    } else if (ts.isPostfixUnaryExpression(node) || (ts.isPrefixUnaryExpression(node) && isUpdate(ts, node.operator))) {
      const names = targetNames(ts, innermost(ts, node.operand));
      if (names.length > 0)
        writes.push({ ...base, names, kind: ts.isPostfixUnaryExpression(node) ? 'postfix' : 'prefix', discarded: isDiscarded(ts, node) });
    }
  }

  function readClass(node: ts.ClassLikeDeclaration, place: Place): void {
    if (hasModifier(ts, node, ts.SyntaxKind.DeclareKeyword)) return;
    if (ts.isClassDeclaration(node) && node.name !== undefined) collector.addBindings(node.name, 'class', place.scope);
    for (const modifier of node.modifiers ?? []) visit(modifier, place);
    const scope = collector.addScope('class', { start: start(node), end: node.end }, place);
    if (node.name !== undefined) collector.addBindings(node.name, 'class', scope);
    const inside = { ...place, scope };
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token === ts.SyntaxKind.ExtendsKeyword) for (const type of clause.types) visit(type.expression, inside);
    }
    for (const member of node.members) {
      if (hasModifier(ts, member, ts.SyntaxKind.DeclareKeyword)) continue;
      visit(member, inside);
    }
  }

  function readFunction(node: FunctionNode, outer: Place): void {
    if (node.body === undefined || hasModifier(ts, node, ts.SyntaxKind.DeclareKeyword)) return;
    let place = outer;
    if (ts.isFunctionExpression(node) && node.name !== undefined) {
      place = { ...place, scope: collector.addScope('block', { start: start(node), end: node.end }, place) };
      collector.addBindings(node.name, 'other', place.scope);
    }
    if (!ts.isClassStaticBlockDeclaration(node)) {
      for (const modifier of node.modifiers ?? []) if (ts.isDecorator(modifier)) visit(modifier, outer);
      if (node.name !== undefined && ts.isComputedPropertyName(node.name)) visit(node.name, outer);
    }
    const concise = !ts.isBlock(node.body);
    const body = concise ? peelParentheses(ts, node.body) : node.body;
    const index = functions.length;
    const scope = collector.addScope('function', { start: start(node), end: node.end }, place, index);
    const bodyStart = start(body);
    const facts: OpenFunction = {
      bodyStart,
      bodyEnd: body.end,
      start: functionStart(node),
      parent: outer.fn,
      scope,
      form: formOf(ts, node),
      async: hasModifier(ts, node, ts.SyntaxKind.AsyncKeyword),
      generator: 'asteriskToken' in node && node.asteriskToken !== undefined,
      static: hasModifier(ts, node, ts.SyntaxKind.StaticKeyword),
      ...classFlags(node),
      concise,
      name: readName(ts, node),
      parameters: [],
      directives: [],
      directivesEnd: bodyStart,
      body: { start: bodyStart, end: body.end, form: 'single', role: 'body', scope, entry: [], statements: [] },
      returns: [],
      pauses: [],
      ...readArgument(node),
      ...('type' in node && node.type !== undefined ? { returnType: node.type.getText(sourceFile) } : {}),
    };
    functions.push(facts);
    const inside: Place = { scope, fn: index, varScope: scope, underFinally: false, underAwait: false, underWith: outer.underWith };
    if (!ts.isClassStaticBlockDeclaration(node)) facts.parameters = node.parameters.map((parameter) => readParameter(parameter, inside));
    if (!ts.isBlock(body)) {
      facts.returns.push({
        start: facts.bodyStart,
        end: body.end,
        hasArgument: true,
        anonymous: isAnonymous(ts, body as ts.Expression),
        scope,
        underFinally: false,
        underAwait: false,
        underWith: inside.underWith,
      });
      visit(body, inside);
      return;
    }
    const prologueLength = ts.isClassStaticBlockDeclaration(node) ? 0 : countPrologue(ts, body.statements);
    facts.directives = readDirectives(body.statements, prologueLength);
    facts.directivesEnd = body.statements[prologueLength - 1]?.end ?? bodyStart + 1;
    facts.body = statements.readBody(body, prologueLength, inside);
  }

  function readParameter(parameter: ts.ParameterDeclaration, place: Place) {
    const type = parameter.type?.getText(sourceFile);
    const isThis = ts.isIdentifier(parameter.name) && parameter.name.text === 'this';
    const declared = isThis ? [] : collector.addBindings(parameter.name, 'parameter', place.scope, type);
    for (const modifier of parameter.modifiers ?? []) if (ts.isDecorator(modifier)) visit(modifier, place);
    visit(parameter.name, place);
    visit(parameter.initializer, place);
    const kindOf = isThis
      ? 'this'
      : parameter.dotDotDotToken !== undefined
        ? 'rest'
        : ts.isIdentifier(parameter.name)
          ? 'identifier'
          : 'pattern';
    return {
      bindings: declared,
      kind: kindOf,
      hasDefault: parameter.initializer !== undefined,
      ...(type === undefined ? {} : { type }),
    } as const;
  }

  /** First token after decorators, `export` and `default`. */
  function functionStart(node: FunctionNode): number {
    const own = ts.isClassStaticBlockDeclaration(node)
      ? undefined
      : node.modifiers?.find(
          (modifier) =>
            !ts.isDecorator(modifier) && modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DefaultKeyword,
        );
    if (own !== undefined) return start(own);
    const last = ts.isClassStaticBlockDeclaration(node) ? undefined : node.modifiers?.at(-1);
    if (last === undefined) return start(node);
    return last.end + (/^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/.exec(sourceFile.text.slice(last.end))?.[0].length ?? 0);
  }

  function classFlags(node: FunctionNode): { derived: boolean; initialises: boolean } {
    if (!ts.isConstructorDeclaration(node)) return { derived: false, initialises: false };
    return {
      derived: node.parent.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword) === true,
      initialises:
        node.parameters.some((parameter) => ts.isParameterPropertyDeclaration(parameter, node)) ||
        node.parent.members.some(
          (member) =>
            ts.isPropertyDeclaration(member) &&
            !hasModifier(ts, member, ts.SyntaxKind.StaticKeyword) &&
            !hasModifier(ts, member, ts.SyntaxKind.DeclareKeyword),
        ),
    };
  }

  function readArgument(node: FunctionNode): { argumentOf?: string } {
    const value = outermost(ts, node);
    if (value.parent === undefined || !ts.isCallExpression(value.parent) || !value.parent.arguments.includes(value as ts.Expression))
      return {};
    const callee = readChain(ts, value.parent.expression);
    return callee === undefined ? {} : { argumentOf: callee };
  }
}

function formOf(ts: TS, node: FunctionNode): FunctionFacts['form'] {
  if (ts.isFunctionDeclaration(node)) return 'declaration';
  if (ts.isArrowFunction(node)) return 'arrow';
  if (ts.isMethodDeclaration(node)) return 'method';
  if (ts.isGetAccessorDeclaration(node)) return 'getter';
  if (ts.isSetAccessorDeclaration(node)) return 'setter';
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  return ts.isClassStaticBlockDeclaration(node) ? 'static-block' : 'expression';
}
