/**
 * Statements of modules and of TypeScript: imports, exports, namespaces, enums. What has no code (types, ambient declarations) is
 * no statement.
 */
import type { StatementFacts } from '../facts.ts';
import type { Collector } from './collector.ts';
import type { Place } from '../open-facts.ts';
import type { Syntax } from './node.ts';
import { namespaceNames } from './read-names.ts';
import { statementsOf } from './syntax.ts';

type Base = Pick<StatementFacts, 'start' | 'end' | 'labels' | 'lists'>;
type ReadStatement = (statement: Syntax, place: Place, isTop: boolean) => StatementFacts | undefined;

/** `node` is the last of the ancestors. */
export function readModuleStatement(
  collector: Collector,
  readStatement: ReadStatement,
  node: Syntax,
  place: Place,
  base: Base,
): StatementFacts | undefined {
  const { addBindings, visit, visitEach } = collector;
  switch (node.type) {
    case 'ImportDeclaration':
      for (const specifier of node.specifiers ?? []) addBindings(specifier.local as Syntax, 'other', place.scope);
      return { ...base, kind: 'other' };
    case 'TSImportEqualsDeclaration':
      addBindings(node.id as Syntax, 'other', place.scope);
      return { ...base, kind: 'other' };
    case 'ExportNamedDeclaration':
      return node.declaration === null || node.declaration === undefined
        ? readExports(collector, node, place, base)
        : around(readStatement(node.declaration, place, false), base);
    case 'ExportAllDeclaration':
      return readExports(collector, node, place, base);
    case 'ExportDefaultDeclaration': {
      const declaration = node.declaration as Syntax;
      if (DECLARATIONS.has(declaration.type)) return around(readStatement(declaration, place, false), base);
      visit(declaration, place);
      return { ...base, kind: 'other' };
    }
    case 'TSNamespaceExportDeclaration':
      visit(node.id, place);
      return { ...base, kind: 'other' };
    case 'TSModuleDeclaration':
      return readNamespace(collector, node, place, base);
    case 'TSEnumDeclaration': {
      if (node.declare === true) return undefined;
      addBindings(node.id as Syntax, 'other', place.scope);
      visit(node.id, place);
      const members = node.members ?? (node.body as Syntax | undefined)?.members;
      visitEach(
        members?.map((member) => member.initializer),
        place,
      );
      return { ...base, kind: 'other' };
    }
    case 'TSGlobalDeclaration':
      return undefined;
  }
  if (NO_CODE.test(node.type)) return undefined;
  // `export = x`, and whatever a later version of the language has.
  collector.visitChildren(node, place);
  return { ...base, kind: 'other' };
}

const DECLARATIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSDeclareFunction',
  'TSInterfaceDeclaration',
]);

/** TypeScript's and Flow's. */
const NO_CODE = /^(?:TS(?:Interface|TypeAlias)Declaration|TSDeclareFunction|InterfaceDeclaration|TypeAlias|OpaqueType|Declare[A-Z].*)$/;

function around(inner: StatementFacts | undefined, base: Base): StatementFacts | undefined {
  return inner === undefined ? undefined : { ...inner, start: base.start, end: base.end };
}

function readExports(collector: Collector, node: Syntax, place: Place, base: Base): StatementFacts {
  const { visit } = collector;
  visit(node.exported, place);
  for (const specifier of node.specifiers ?? []) {
    visit(specifier.local, place);
    visit(specifier.exported, place);
  }
  for (const attribute of node.attributes ?? []) visit(attribute.key, place);
  return { ...base, kind: 'other' };
}

function readNamespace(collector: Collector, node: Syntax, place: Place, base: Base): StatementFacts | undefined {
  const { addBindings, addScope } = collector;
  const body = node.body as Syntax | null | undefined;
  const id = node.id as Syntax;
  if (node.declare === true || body === null || body === undefined || !/^(?:Identifier|TSQualifiedName)$/.test(id.type)) return undefined;
  if (node.kind === 'global') return undefined;
  const around = collector.ancestors.at(-2);
  const start = around?.type === 'ExportNamedDeclaration' ? around.start : node.start;
  let inside = place;
  for (const [k, name] of namespaceNames(id).entries()) {
    addBindings(name, 'other', inside.scope);
    const scope = addScope('namespace', k === 0 ? start : name.start, node.end, inside);
    inside = { ...inside, scope, varScope: scope };
  }
  // `namespace A.B {}` of older Babel: the body is a namespace again.
  if (body.type === 'TSModuleDeclaration') {
    collector.ancestors.push(body);
    readNamespace(collector, body, inside, base);
    collector.ancestors.pop();
  } else collector.readStatements(statementsOf(body), inside);
  return { ...base, kind: 'other' };
}
