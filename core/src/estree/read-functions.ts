/**
 * Functions and classes to facts. The part of the reader between expressions (read-program.ts) and statements (read-statements.ts).
 */
import type { FunctionFacts, ListFacts, ParameterFacts } from '../facts.ts';
import type { Collector } from './collector.ts';
import type { OpenFunction, Place } from '../open-facts.ts';
import type { Syntax } from './node.ts';
import { outermost, readChain, readName } from './read-names.ts';
import type { StatementReader } from './read-statements.ts';
import { functionParts, isAnonymous, peelParentheses, readDirectives } from './syntax.ts';
import { findBrace, skipTrivia } from './trivia.ts';

export interface FunctionReader {
  readFunction(node: Syntax, place: Place): void;
  readClass(node: Syntax, place: Place): void;
}

const FIELDS: ReadonlySet<string> = new Set([
  'PropertyDefinition',
  'TSAbstractPropertyDefinition',
  'AccessorProperty',
  'TSAbstractAccessorProperty',
  'ClassProperty',
  'ClassPrivateProperty',
  'ClassAccessorProperty',
]);

const METHODS: ReadonlySet<string> = new Set(['MethodDefinition', 'ClassMethod', 'ClassPrivateMethod']);

const NO_NAMES: readonly string[] = [];
const NO_PARAMETERS: readonly ParameterFacts[] = [];
const NO_DIRECTIVES: ReturnType<typeof readDirectives> = [];
const NO_FLAGS = { derived: false, initialises: false };
/** Until it is read. */
const NO_BODY: ListFacts = { start: 0, end: 0, form: 'block', role: 'body', scope: -1, entry: [], statements: [] };

export function createFunctionReader(collector: Collector, statements: StatementReader): FunctionReader {
  const { source, ancestors, functions, addScope, addBindings, visit, visitEach, visitPattern } = collector;

  function readClass(node: Syntax, place: Place): void {
    if (node.declare === true) return;
    const isDeclaration = node.type === 'ClassDeclaration';
    const id = node.id ?? undefined;
    if (isDeclaration && id !== undefined) addBindings(id, 'class', place.scope);
    const start = fullStart(node);
    ancestors.push(node);
    visitEach(node.decorators, place);
    const scope = addScope('class', start, node.end, place);
    if (id !== undefined) addBindings(id, 'class', scope);
    const inside = { ...place, scope };
    visit(node.superClass, inside);
    for (const member of (node.body as Syntax).body as readonly Syntax[]) readMember(member, inside);
    ancestors.pop();
  }

  function readMember(member: Syntax, place: Place): void {
    if (member.declare === true) return;
    if (member.type === 'StaticBlock' || METHODS.has(member.type)) return readFunction(member, place);
    if (!FIELDS.has(member.type)) return;
    ancestors.push(member);
    visitEach(member.decorators, place);
    if (member.computed === true) visit(member.key, place);
    visit(member.value as Syntax | null, place);
    ancestors.pop();
  }

  function readFunction(node: Syntax, outer: Place): void {
    const parts = functionParts(node);
    const isStaticBlock = node.type === 'StaticBlock';
    const written = isStaticBlock ? node : (parts.body as Syntax | null | undefined);
    if (written === null || written === undefined || parts.declare === true) return;
    const start = fullStart(node);
    let place = outer;
    if (node.type === 'FunctionExpression' && node.id !== null && node.id !== undefined) {
      place = { ...place, scope: addScope('block', node.start, node.end, place) };
      addBindings(node.id, 'other', place.scope);
    }
    const name = readName(ancestors, node);
    const argumentOf = readArgument(node);
    const { derived, initialises } = readClassFlags(node, parts);
    ancestors.push(node);
    visitEach(node.decorators, outer);
    if (node.computed === true) visit(node.key, outer);
    const concise = !isStaticBlock && written.type !== 'BlockStatement';
    const body = concise ? peelParentheses(written) : written;
    const bodyStart = isStaticBlock ? findBrace(source, node.start) : body.start;
    const index = functions.length;
    const scope = addScope('function', start, node.end, place, index);
    const facts: OpenFunction = {
      bodyStart,
      bodyEnd: body.end,
      start: functionStart(node),
      parent: outer.fn,
      scope,
      form: formOf(node),
      async: parts.async === true,
      generator: parts.generator === true,
      static: !isStaticBlock && node.static === true,
      derived,
      initialises,
      concise,
      name,
      parameters: NO_PARAMETERS,
      directives: NO_NAMES,
      directivesEnd: bodyStart,
      body: concise ? { start: bodyStart, end: body.end, form: 'single', role: 'body', scope, entry: [], statements: [] } : NO_BODY,
      returns: [],
      pauses: [],
    };
    if (argumentOf !== undefined) facts.argumentOf = argumentOf;
    if (parts.returnType !== null && parts.returnType !== undefined) facts.returnType = typeText(parts.returnType);
    functions.push(facts);
    const inside: Place = { scope, fn: index, varScope: scope, underFinally: false, underAwait: false, underWith: outer.underWith };
    if (!isStaticBlock) facts.parameters = readParameters(parts.params, inside);
    if (concise) {
      facts.returns.push({
        start: bodyStart,
        end: body.end,
        hasArgument: true,
        anonymous: isAnonymous(body),
        scope,
        underFinally: false,
        underAwait: false,
        underWith: inside.underWith,
      });
      visit(body, inside);
    } else {
      const directives = isStaticBlock ? NO_DIRECTIVES : readDirectives(body);
      if (directives.length > 0) facts.directives = directives.map(({ text }) => text);
      facts.directivesEnd = directives.at(-1)?.end ?? bodyStart + 1;
      facts.body = statements.readBody(body, bodyStart, inside);
    }
    ancestors.pop();
  }

  /** An annotation begins with its colon. */
  function typeText(annotation: Syntax): string {
    const start = source[annotation.start] === ':' ? annotation.start + 1 : annotation.start;
    return source.slice(skipTrivia(source, start), annotation.end);
  }

  function readParameters(parameters: readonly Syntax[] | undefined, place: Place): readonly ParameterFacts[] {
    if (parameters === undefined || parameters.length === 0) return NO_PARAMETERS;
    return parameters.map((parameter) => readParameter(parameter, place));
  }

  function readParameter(parameter: Syntax, place: Place): ParameterFacts {
    const declared = parameter.type === 'TSParameterProperty' ? (parameter.parameter as Syntax) : parameter;
    const target = declared.type === 'AssignmentPattern' ? (declared.left as Syntax) : declared;
    const isThis = target.type === 'Identifier' && target.name === 'this';
    const annotation = target.typeAnnotation;
    const bindings = isThis ? [] : addBindings(declared, 'parameter', place.scope);
    visitEach(parameter.decorators, place);
    if (declared !== parameter) visitEach(declared.decorators, place);
    if (target !== declared) visitEach(target.decorators, place);
    visitPattern(declared, place);
    const kind = isThis ? 'this' : target.type === 'RestElement' ? 'rest' : target.type === 'Identifier' ? 'identifier' : 'pattern';
    const hasDefault = declared.type === 'AssignmentPattern';
    if (annotation === null || annotation === undefined) return { bindings, kind, hasDefault };
    return { bindings, kind, hasDefault, type: typeText(annotation) };
  }

  /** Decorators and `export` included, wherever they stand to each other. */
  function fullStart(node: Syntax): number {
    const around = ancestors.at(-1);
    const isExported = around?.type === 'ExportNamedDeclaration' || around?.type === 'ExportDefaultDeclaration';
    const isDeclared = isExported && node.type.endsWith('Declaration');
    return Math.min(isDeclared ? around.start : node.start, node.decorators?.[0]?.start ?? node.start);
  }

  /** First token after the decorators. */
  function functionStart(node: Syntax): number {
    const last = node.decorators?.at(-1);
    return last === undefined ? node.start : skipTrivia(source, last.end);
  }

  function readClassFlags(node: Syntax, parts: Syntax): { derived: boolean; initialises: boolean } {
    const owner = ancestors.at(-1);
    if (formOf(node) !== 'constructor' || owner === undefined) return NO_FLAGS;
    const members = (owner.body as Syntax).body as readonly Syntax[];
    return {
      derived: owner.superClass !== null && owner.superClass !== undefined,
      initialises:
        (parts.params ?? []).some((parameter) => parameter.type === 'TSParameterProperty') ||
        members.some((member) => FIELDS.has(member.type) && member.static !== true && member.declare !== true),
    };
  }

  /** The callee that the function is an argument of. */
  function readArgument(node: Syntax): string | undefined {
    const { at, node: value } = outermost(ancestors, ancestors.length - 1, node);
    const call = ancestors[at];
    if ((call?.type !== 'CallExpression' && call?.type !== 'OptionalCallExpression') || call.arguments?.includes(value) !== true)
      return undefined;
    return readChain(call.callee as Syntax);
  }

  return { readFunction, readClass };
}

function formOf(node: Syntax): FunctionFacts['form'] {
  switch (node.type) {
    case 'FunctionDeclaration':
      return 'declaration';
    case 'ArrowFunctionExpression':
      return 'arrow';
    case 'FunctionExpression':
      return 'expression';
    case 'StaticBlock':
      return 'static-block';
  }
  if (node.kind === 'get') return 'getter';
  if (node.kind === 'set') return 'setter';
  return node.kind === 'constructor' ? 'constructor' : 'method';
}
