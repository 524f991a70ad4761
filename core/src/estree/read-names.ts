/**
 * Name hints of functions: own name, property key, assignment target, containers. Reports only; core makes the display name of them.
 */
import type { NameFacts } from '../facts.ts';
import type { Mutable } from '../open-facts.ts';
import type { Syntax } from './node.ts';
import { innermost, isClass, isFunction, isTransparent, literalText } from './syntax.ts';

const METHODS: ReadonlySet<string> = new Set(['MethodDefinition', 'Property', 'ObjectMethod', 'ClassMethod', 'ClassPrivateMethod']);

/** `ancestors`: the nodes around `node`, outermost first. */
export function readName(ancestors: readonly Syntax[], node: Syntax): NameFacts {
  const isMethod = METHODS.has(node.type);
  const own = !isMethod && node.type !== 'ArrowFunctionExpression' ? (node.id?.name as string | undefined) : undefined;
  const key = isMethod && node.kind !== 'constructor' ? readKey(node) : undefined;
  const name: Mutable<NameFacts> = { containers: readContainers(ancestors), isDefault: isExportedAsDefault(ancestors, node) };
  if (own !== undefined) name.own = own;
  if (key !== undefined) name.key = key;
  else if (!isMethod && node.type !== 'StaticBlock') {
    const place = readPlace(ancestors, ancestors.length - 1, node);
    if (place.key !== undefined) name.key = place.key;
    else if (place.target !== undefined) name.target = place.target;
  }
  return name;
}

function isExportedAsDefault(ancestors: readonly Syntax[], node: Syntax): boolean {
  const around = ancestors[outermost(ancestors, ancestors.length - 1, node).at]?.type;
  return around === 'ExportDefaultDeclaration' || around === 'TSExportAssignment';
}

/** The node that stands where `node` stands once parentheses and type syntax are gone, and the index of its parent. */
export function outermost(ancestors: readonly Syntax[], parent: number, node: Syntax): { readonly at: number; readonly node: Syntax } {
  let at = parent;
  let value = node;
  for (let around = ancestors[at]; around !== undefined && isTransparent(around); around = ancestors[at]) {
    value = around;
    at--;
  }
  return { at, node: value };
}

const NO_PLACE: { readonly key?: string; readonly target?: string } = {};

/** What an anonymous function or class is called after where it stands. `parent`: index of the node around it. */
function readPlace(ancestors: readonly Syntax[], parent: number, node: Syntax): typeof NO_PLACE {
  const { at, node: value } = outermost(ancestors, parent, node);
  const place = ancestors[at];
  switch (place?.type) {
    case 'Property':
    case 'ObjectProperty':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      return place.value === value ? { key: readKey(place) } : NO_PLACE;
    case 'VariableDeclarator':
      return place.init === value && place.id?.type === 'Identifier' ? { target: place.id.name as string } : NO_PLACE;
    case 'AssignmentPattern':
    case 'AssignmentExpression': {
      const chain = place.right === value && place.left !== undefined ? readChain(place.left)?.replace(/^this\./, '') : undefined;
      return chain === undefined ? NO_PLACE : { target: chain };
    }
    default:
      return NO_PLACE;
  }
}

function readKey(node: Syntax): string {
  const key = node.key as Syntax;
  if (node.computed === true) {
    const inner = innermost(key);
    const text = literalText(inner);
    if (text !== undefined) return text;
    const chain = readChain(inner);
    return chain === undefined ? '[computed]' : `[${chain}]`;
  }
  return literalText(key) ?? bigIntText(key) ?? nameOf(key) ?? '[computed]';
}

function bigIntText(node: Syntax): string | undefined {
  if (node.type === 'BigIntLiteral') return `${BigInt(String(node.value))}n`;
  return typeof node.bigint === 'string' ? `${BigInt(node.bigint)}n` : undefined;
}

/** An identifier's text; `#p` with its hash. */
function nameOf(node: Syntax | undefined): string | undefined {
  switch (node?.type) {
    case 'Identifier':
      return node.name as string;
    case 'PrivateIdentifier':
      return `#${node.name as string}`;
    case 'PrivateName':
      return `#${node.id?.name as string}`;
    default:
      return undefined;
  }
}

/** `a`, `this.b`, `a.b.#c`; undefined for anything else. */
export function readChain(node: Syntax): string | undefined {
  const at = innermost(node);
  if (at.type === 'Identifier') return at.name as string;
  if (at.type === 'ThisExpression') return 'this';
  if ((at.type !== 'MemberExpression' && at.type !== 'OptionalMemberExpression') || at.computed === true) return undefined;
  const object = at.object === undefined ? undefined : readChain(at.object);
  return object === undefined ? undefined : `${object}.${nameOf(at.property) ?? ''}`;
}

const NO_NAMES: readonly string[] = [];

function readContainers(ancestors: readonly Syntax[]): readonly string[] {
  let names: string[] | undefined;
  for (let k = ancestors.length - 1; k >= 0; k--) {
    const at = ancestors[k] as Syntax;
    if (isFunction(at)) break;
    if (isClass(at)) {
      const place = readPlace(ancestors, k - 1, at);
      const isDefault = at.type === 'ClassDeclaration' && ancestors[k - 1]?.type === 'ExportDefaultDeclaration';
      (names ??= []).push((at.id?.name as string | undefined) ?? place.key ?? place.target ?? (isDefault ? 'default' : '<class>'));
    } else if (at.type === 'TSModuleDeclaration') {
      (names ??= []).push(
        ...namespaceNames(at.id as Syntax)
          .reverse()
          .map((name) => name.name as string),
      );
    } else if (at.type === 'ObjectExpression' || at.type === 'ObjectPattern') {
      // A pattern that declares is never among the ancestors: this is the target of an assignment, an object to TypeScript.
      const { key, target } = readPlace(ancestors, k - 1, at);
      const name = key ?? target;
      if (name !== undefined) (names ??= []).push(name);
    }
  }
  return names?.reverse() ?? NO_NAMES;
}

/** `A.B` in `namespace A.B {}`: one name in some versions of the syntax, nested namespaces in others. */
export function namespaceNames(id: Syntax): Syntax[] {
  return id.type === 'TSQualifiedName' ? [...namespaceNames(id.left as Syntax), id.right as Syntax] : [id];
}
